package policies

import "github.com/atelier-apim/atelier/internal/policy"

// CrossDomain answers the request of Flash and Silverlight for the policy file of a host (policies.md 7.9).
var CrossDomain = policy.Spec{
	Name:     "cross-domain",
	Doc:      "Answers requests for /crossdomain.xml at the root of the gateway with the policy file inside; nobody needs a key for it.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.At(policy.Global),
	HTTPOnly: true,
	Shape:    policy.Element(policy.Foreign("cross-domain-policy").Required().Doc("The policy file, sent as it is written.")),
	Compile:  compileCrossDomain,
}

func compileCrossDomain(a *policy.Args) (policy.Step, error) {
	file := []byte("<?xml version=\"1.0\"?>\n" + a.One("cross-domain-policy").Foreign() + "\n")
	step := func(x *policy.Exchange) error {
		if !x.AsksPolicyFile() {
			return nil
		}
		r := &policy.Response{Status: 200, Body: policy.NewBody(file)}
		r.Header.Add("Content-Type", "text/x-cross-domain-policy")
		return x.Reply(r)
	}
	a.PolicyFile = step
	return step, nil
}
