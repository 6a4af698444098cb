package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
)

// An editor learns from the catalogue all that a check knows.
func TestCatalogueSaysWhatChecksKnow(t *testing.T) {
	t.Parallel()
	spec := note("note")
	spec.Shape = policy.Element(
		policy.Attr("mode", policy.OneOf("a", "b")).Required().Default("a").Expr().Doc("The mode."),
		policy.Children("value", policy.Text).Expr(),
		policy.Slot("set-header", 0),
	)
	e, err := policy.NewEngine([]policy.Spec{spec})
	if err != nil {
		t.Fatal(err)
	}
	c, err := e.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"name":"mode","required":true,"default":"a","doc":"The mode.","type":"enum","values":["a","b"],"expression":true}`,
		`"children":[{"name":"value","text":{"type":"string","expression":true}}]`,
		`"uses":["set-header"]`,
		`"name":"include-fragment"`,
		`{"name":"Request","signature":"IRequest Request { get; }","type":"IRequest"`,
		`"signature":"T As\u003cT\u003e(bool preserveContent = false)"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the catalogue lacks %s", want)
		}
	}
	if t.Failed() {
		t.Logf("%.3000s", text)
	}
}
