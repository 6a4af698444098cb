package apim

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
)

const testService = "/subscriptions/5/resourceGroups/r/providers/Microsoft.ApiManagement/service/s"

func TestARestrictionsScopeIsAPathBelowItsService(t *testing.T) {
	t.Parallel()
	service := arm.MustID(testService)
	for scope, want := range map[string]string{
		"":                                     testService,
		"/":                                    testService,
		"/apis/orders":                         testService + "/apis/orders",
		"apis/orders/":                         testService + "/apis/orders",
		"/workspaces/pay/apis/a/operations/op": testService + "/workspaces/pay/apis/a/operations/op",
		"/apis/orders/policies/policy":         testService + "/apis/orders",
		testService + "/products/p":            testService + "/products/p",
		testService:                            testService,
	} {
		got, err := (&PolicyRestriction{Scope: scope}).at(service)
		if err != nil || !got.Equal(arm.MustID(want)) {
			t.Errorf("scope %q: %s, %v; want %s", scope, got, err, want)
		}
	}
	for _, scope := range []string{"/apis", "/apis//x/y", testService + "x/apis/a", "/subscriptions/6/resourceGroups/r"} {
		if got, err := (&PolicyRestriction{Scope: scope}).at(service); err == nil {
			t.Errorf("scope %q is taken for %s; want a refusal", scope, got)
		}
	}
}

func TestASectionThatDropsWhatIsAboveItBreaksARestriction(t *testing.T) {
	t.Parallel()
	l := shelf{values: map[string]any{
		"/policyRestrictions/pay": &PolicyRestriction{Scope: "/workspaces/pay", RequireBase: "true"},
		"/policyRestrictions/off": &PolicyRestriction{RequireBase: "false"},
	}}
	const closed, kept = `<policies><inbound /></policies>`, `<policies><inbound><base /></inbound></policies>`
	for _, c := range []struct {
		at, document string
		want         int
	}{
		{"/workspaces/pay/policies/policy", closed, 1},
		{"/workspaces/pay/apis/a/policies/policy", closed, 1},
		{"/workspaces/pay/apis/a/policies/policy", kept, 0},
		{"/workspaces/pay/apis/a/policies/policy", `<policies><outbound><base /></outbound></policies>`, 0}, // a section that is absent inherits
		{"/workspaces/payments/policies/policy", closed, 0},
		{"/apis/a/policies/policy", closed, 0},
		{"/policies/policy", closed, 0},
	} {
		doc, err := parsePolicy(c.document, "xml")
		if err != nil {
			t.Fatal(err)
		}
		if got := breaches(l, arm.MustID(testService+c.at), doc); len(got) != c.want {
			t.Errorf("%s at %s breaks %v, want %d", c.document, c.at, got, c.want)
		}
	}
}
