package policies_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// TestEverythingOfAShapeHasACase: what a policy can be told, each attribute with each of its words and each child, is told in a case of its own folder.
func TestEverythingOfAShapeHasACase(t *testing.T) {
	t.Parallel()
	for _, spec := range policies.Table(policies.Env{}) {
		if spec.Shape == nil {
			continue
		}
		t.Run(spec.Name, func(t *testing.T) {
			t.Parallel()
			text := documents(t, spec.Name)
			told(t, text, spec.Name, spec.Shape)
		})
	}
}

// onTheWire are parts that only a real connection can show, with the tests of the gateway that do.
var onTheWire = map[string]string{
	"http-version of forward-request":        "http2_test.go",
	"follow-redirects of forward-request":    "testdata/forward.txtar",
	"buffer-request-body of forward-request": "retry_test.go",
	"buffer-response of forward-request":     "stream_test.go",
	"continue-timeout of forward-request":    "continue_test.go",
}

// documents are the files of a policy's cases, one after the other.
func documents(t *testing.T, name string) string {
	t.Helper()
	archives, err := filepath.Glob(filepath.Join("testdata", name, "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("%s has no cases (%v)", name, err)
	}
	var all strings.Builder
	for _, file := range archives {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			all.Write(f.Data)
		}
	}
	return all.String()
}

// told says which parts of a shape no document has.
func told(t *testing.T, text, element string, s *policy.Shape) {
	t.Helper()
	for _, a := range s.Attrs {
		if file := onTheWire[a.Name+" of "+element]; file != "" {
			if data, err := os.ReadFile("../../gateway/" + file); err != nil || !strings.Contains(string(data), a.Name) {
				t.Errorf("%s does not show the attribute %s of %s (%v)", file, a.Name, element, err)
			}
			continue
		}
		given := func(value string) bool {
			return regexp.MustCompile(`\s` + regexp.QuoteMeta(a.Name) + `\s*=\s*["']` + value).MatchString(text)
		}
		if !given("") {
			t.Errorf("no case has the attribute %s of %s", a.Name, element)
			continue
		}
		for _, word := range a.Type.Enum {
			if word != a.DefaultValue && !given(`(@\("?)?`+regexp.QuoteMeta(word)+`\b`) && !(a.Type == policy.Bool && given(`@[({]`)) {
				t.Errorf("no case has %s=%q of %s", a.Name, word, element)
			}
		}
	}
	for _, e := range s.Elements {
		if !strings.Contains(text, "<"+e.Name) {
			t.Errorf("no case has the element %s of %s", e.Name, element)
		}
		if e.Shape != nil && e.Shape != s {
			told(t, text, e.Name, e.Shape)
		}
	}
	for _, p := range s.Slots {
		if !strings.Contains(text, "<"+p.Name) {
			t.Errorf("no case has %s inside of %s", p.Name, element)
		}
	}
}
