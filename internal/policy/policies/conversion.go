package policies

import (
	"mime"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// conversion is when json-to-xml and xml-to-json apply, and from what.
type conversion struct {
	apply  policy.TextValue
	accept policy.BoolValue
	always string
	is     func(contentType string) bool // the body's type
	wants  func(contentType string) bool // the type to make
}

func readConversion(a *policy.Args, always string, is, wants func(string) bool) conversion {
	return conversion{a.Text("apply"), a.Bool("consider-accept-header"), always, is, wants}
}

// source is the body, when it is to be converted. Bodies that are compressed stay as they are, and so do messages without one.
func (c *conversion) source(x *policy.Exchange) (text string, apply bool, err error) {
	h, body := x.Message()
	if *body == nil || encoded(h) {
		return "", false, nil
	}
	how, err := c.apply.Get(x)
	if err != nil || how != c.always && !c.is(h.Get("Content-Type")) {
		return "", false, err
	}
	consider, err := c.accept.Get(x)
	if err != nil || consider && !accepts(&x.Request.Header, c.wants) {
		return "", false, err
	}
	data, err := (*body).Bytes(true)
	return string(data), len(data) > 0, err
}

// accepts says whether the Accept header names a type that matches; wildcards name none.
func accepts(h *policy.Header, matches func(string) bool) bool {
	for _, line := range h.Values("Accept") {
		for part := range strings.SplitSeq(line, ",") {
			t, params, err := mime.ParseMediaType(part)
			if err != nil || !matches(t) {
				continue
			}
			if q, err := strconv.ParseFloat(params["q"], 64); err != nil || q > 0 {
				return true
			}
		}
	}
	return false
}

// converted puts the new body in place, with its type.
func converted(x *policy.Exchange, out, contentType string) error {
	h, body := x.Message()
	if int64(len(out)) > bodyLimit(*body) {
		return policy.ErrBodyTooLarge
	}
	replaceBody(x, []byte(out))
	h.Set("Content-Type", contentType)
	return nil
}
