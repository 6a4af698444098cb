package main

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/access"
	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// TestDerivedActionsAreThoseOfAzure holds what the declarations derive against Azure's list of role actions: a misspelt kind would be guarded by an action that
// no role can name.
func TestDerivedActionsAreThoseOfAzure(t *testing.T) {
	t.Parallel()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	x, err := authz.New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	catalogue := &apim.Catalogue{Policies: engine, GatewayDomain: "localhost", GatewayURL: func(h string) string { return h }}
	reg, err := kind.NewRegistry(append(catalogue.Kinds(), access.Kinds(authz.NewLive(x), func(string) []string { return nil })...)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range reg.Actions() {
		if strings.HasPrefix(a, "Microsoft.Resources/") {
			continue // the catalogue at hand holds API Management, Authorization and Insights
		}
		op, ok := authz.FindOperation(a)
		switch {
		case !ok:
			t.Errorf("%s is no action of Azure's", a)
		case !strings.EqualFold(op.Name, a):
			t.Errorf("%s is written %s in Azure's catalogue", a, op.Name)
		}
	}
}
