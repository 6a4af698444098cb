package jsonschema_test

import (
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/jsonschema"
)

// Alternatives within alternatives double the work with each level, of a schema or of a document that a stranger sends. It ends after a bounded
// number of comparisons, and the document is refused.
func TestAlternativesInEachOtherAreBounded(t *testing.T) {
	t.Parallel()
	tree := `{"anyOf":[{"properties":{"left":{"$ref":"#"}},"required":["leaf"]},{"properties":{"left":{"$ref":"#"}},"required":["right"]}]}`
	var chain strings.Builder
	chain.WriteString(`{"allOf":[{"$ref":"#/definitions/d00"}],"definitions":{"d40":{"type":"string"}`)
	for i := range 40 {
		next := `{"$ref":"#/definitions/d` + decimal(i+1) + `"}`
		chain.WriteString(`,"d` + decimal(i) + `":{"anyOf":[` + next + "," + next + `]}`)
	}
	chain.WriteString(`}}`)
	lists := `{"not":{"$ref":"#/definitions/a"},"definitions":{"a":{"type":"array","items":{"$ref":"#/definitions/a"},"contains":{"$ref":"#/definitions/a"}}}}`
	for name, c := range map[string]struct{ schema, document string }{
		"of a schema":   {chain.String(), `1`},
		"of lists":      {lists, strings.Repeat("[", 150) + "1" + strings.Repeat("]", 150)},
		"of a document": {tree, strings.Repeat(`{"left":`, 150) + "1" + strings.Repeat("}", 150)},
	} {
		s, err := jsonschema.Compile([]byte(c.schema), "", jsonschema.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan []jsonschema.Violation, 1)
		go func() {
			violations, err := s.Validate([]byte(c.document))
			if err != nil {
				t.Error(err)
			}
			ended <- violations
		}()
		select {
		case violations := <-ended:
			if len(violations) != 1 || !strings.Contains(violations[0].Message, "too many") {
				t.Errorf("%s: it ended with %+v", name, violations)
			}
		case <-time.After(20 * time.Second):
			t.Errorf("%s: it goes on and on", name)
		}
	}
}

// What one validation has spent is not missing for the next, nor for another at the same time.
func TestBoundsAreThoseOfOneValidation(t *testing.T) {
	t.Parallel()
	s, err := jsonschema.Compile([]byte(`{"items":{"anyOf":[{"type":"string"},{"type":"number"}]}}`), "", jsonschema.Options{})
	if err != nil {
		t.Fatal(err)
	}
	large := []byte("[" + strings.Repeat("1,", 100_000) + "1]")
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for range 5 {
				if violations, err := s.Validate(large); err != nil || violations != nil {
					t.Errorf("a document of 100,001 numbers is refused: %v, %v", violations, err)
				}
			}
		})
	}
}

func decimal(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

func TestDynamicReferencesAreRefused(t *testing.T) {
	t.Parallel()
	_, err := jsonschema.Compile([]byte(`{"$schema":"https://json-schema.org/draft/2020-12/schema","items":{"$dynamicRef":"#x"},"$defs":{"a":{"$dynamicAnchor":"x"}}}`), "", jsonschema.Options{})
	if err == nil || !strings.Contains(err.Error(), "$dynamicRef") {
		t.Errorf("got %v", err)
	}
}
