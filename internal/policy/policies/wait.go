package policies

import (
	"slices"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Wait makes calls at once.
var Wait = policy.Spec{
	Name:     "wait",
	Doc:      "Runs the policies inside beside each other and waits for all of them, or for one.",
	Sections: policy.In(policy.Inbound, policy.BackendSection, policy.Outbound),
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("for", policy.OneOf("all", "any")).Default("all").Expr().
			Doc("all waits for each policy inside and fails with the first that fails; any for the first that doesn't fail, and breaks off the others."),
		policy.Policies(),
	),
	Compile: compileWait,
}

// waited are the policies that may stand directly inside.
var waited = []string{"send-request", "cache-lookup-value", "choose"}

// maxWaited is how many of them.
const maxWaited = 32

func compileWait(a *policy.Args) (policy.Step, error) {
	how, body := a.Text("for"), a.Body()
	for _, in := range body {
		if !slices.Contains(waited, in.Place.Element) {
			return nil, a.Errorf("the element '%s' can't stand directly in 'wait'; expected are send-request, cache-lookup-value, choose", in.Place.Element)
		}
	}
	if len(body) > maxWaited {
		return nil, a.Errorf("'wait' may hold %d policies", maxWaited)
	}
	return func(x *policy.Exchange) error {
		mode, err := how.Get(x)
		if err != nil {
			return err
		}
		return body.RunAtOnce(x, mode == "any")
	}, nil
}
