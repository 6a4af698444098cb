package policy_test

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// What is known of a file alone: nothing of its home, and its kind by its root.
func TestLintTakesEveryKindOfDocument(t *testing.T) {
	t.Parallel()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	for document, wrong := range map[string]bool{
		`<policies><inbound><base/><include-fragment fragment-id="f"/><rate-limit calls="{{n}}" renewal-period="60"/></inbound></policies>`:       false,
		`<policies><inbound><set-variable name="a" value="@(1 + {{n}})"/></inbound></policies>`:                                                   false,
		`<policies><inbound><set-variable name="a" value="@(1 + )"/></inbound></policies>`:                                                        true,
		`<fragment><set-method>PUT</set-method></fragment>`:                                                                                       false,
		`<fragment><set-methud>PUT</set-methud></fragment>`:                                                                                       true,
		`<http-data-source><http-request><set-method>GET</set-method><set-url>https://data.example/a</set-url></http-request></http-data-source>`: false,
		`<http-data-source><http-request><set-method>GET</set-method></http-request></http-data-source>`:                                          true,
		`<policies><inbound><cors><allowed-origins><origin>https://{{host}}</origin></allowed-origins></cors></inbound></policies>`:               false,
		`<policies><inbound>`: true,
	} {
		errors := 0
		for _, p := range engine.Lint(document) {
			if p.Severity == policy.SeverityError {
				errors++
			}
		}
		if (errors > 0) != wrong {
			t.Errorf("%s: %v", document, engine.Lint(document))
		}
	}
}
