package policy

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// wellFormed is the check of documents that are sent as xml: what a stock XML parser refuses is refused, with the way out named.
func (p *parser) wellFormed() error {
	dec := xml.NewDecoder(strings.NewReader(p.src))
	dec.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	for {
		_, err := dec.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err == nil:
			continue
		}
		reason := err.Error()
		var syntax *xml.SyntaxError
		if errors.As(err, &syntax) {
			reason = syntax.Msg
		}
		return p.fail(int(dec.InputOffset()), "not valid XML: %s; send unescaped expressions with the format rawxml", reason)
	}
}
