package libxml_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/libxml"
)

// Whatever two texts are taken for stylesheet, schema, expression and document: each call ends within its limits, with a result or an error that
// says what is wrong with the texts. An error of the machine itself would be a crash of the libraries.
func FuzzEngine(f *testing.F) {
	limits := libxml.Limits{Input: 1 << 20, Output: 1 << 20, Memory: 24 << 20, Time: 500 * time.Millisecond, Seats: 2, Cache: 1 << 20}
	e := libxml.New(limits)
	for _, pattern := range []string{"testdata/xslt/*.txtar", "testdata/xsd/*.txtar"} {
		paths, _ := filepath.Glob(pattern)
		for _, path := range paths {
			a, err := txtar.ParseFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(a.Files[0].Data, a.Files[len(a.Files)-1].Data)
		}
	}
	f.Add([]byte(`//a[position() mod 2 = 1]/@b | id("x")`), []byte(`<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><a b="1"/></s:Body></s:Envelope>`))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		check := func(err error, size int) {
			t.Helper()
			var problems libxml.Problems
			var limit *libxml.LimitError
			switch {
			case err == nil && size > limits.Output:
				t.Errorf("the result has %d bytes", size)
			case err == nil, errors.As(err, &limit):
			case errors.As(err, &problems):
				if len(problems) == 0 {
					t.Error("an error without a problem")
				}
			default:
				t.Errorf("neither a problem of the texts nor a limit: %v", err)
			}
		}
		if s, err := e.Stylesheet(t.Context(), a); err != nil {
			check(err, 0)
		} else if r, err := s.Transform(t.Context(), b); err != nil {
			check(err, 0)
		} else {
			check(nil, len(r.Body))
		}
		s, err := e.Schema(t.Context(), libxml.Document{Name: "a.xsd", Text: a})
		check(err, 0)
		if err == nil {
			check(s.ValidateXML(t.Context(), b), 0)
			check(s.ValidateSOAP(t.Context(), b), 0)
		}
		_, err = e.XPath(t.Context(), b, string(a), map[string]string{"s": "http://www.w3.org/2003/05/soap-envelope"})
		check(err, 0)
	})
}
