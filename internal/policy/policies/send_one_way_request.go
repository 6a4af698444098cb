package policies

import "github.com/atelier-apim/atelier/internal/policy"

// SendOneWayRequest tells another service something and doesn't wait.
var SendOneWayRequest = policy.Spec{
	Name:     "send-one-way-request",
	Doc:      "Sends a request of its own and doesn't wait for the answer. What can't be sent is in the log; the caller never notices.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape:    outgoingShape(),
	Compile: func(a *policy.Args) (policy.Step, error) {
		call, err := compileOutgoing(a)
		if err != nil {
			return nil, err
		}
		return func(x *policy.Exchange) error {
			out, err := call.build(x)
			if err != nil {
				return err
			}
			return x.Post(out)
		}, nil
	},
}
