package policies

import (
	"errors"

	"github.com/atelier-apim/atelier/internal/policy"
)

// SendRequest calls another service and keeps its answer.
var SendRequest = policy.Spec{
	Name:     "send-request",
	Doc:      "Sends a request of its own, waits for the answer and keeps it in a variable. Redirects are answers, not followed.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: outgoingShape(
		policy.Attr("response-variable-name", policy.Text).Expr().Doc("Variable that gets the answer, an IResponse; the answer is dropped when left out."),
		policy.Attr("ignore-error", policy.Bool).Default("false").Doc("Whether the request goes on, with null in the variable, when there is no answer. A status from 400 is an answer."),
	),
	Compile: compileSendRequest,
}

func compileSendRequest(a *policy.Args) (policy.Step, error) {
	call, err := compileOutgoing(a)
	if err != nil {
		return nil, err
	}
	variable, ignore := a.Text("response-variable-name"), a.Literal("ignore-error") == "true"
	return func(x *policy.Exchange) error {
		name, err := variable.Get(x)
		if err != nil {
			return err
		}
		out, err := call.build(x)
		if err != nil {
			return err
		}
		answer, err := x.Send(out)
		// Nobody is there to go on for when the caller has gone, or another branch of a wait was first.
		over := errors.Is(err, policy.ErrOvertaken) || x.Context.Err() != nil
		switch {
		case err != nil && (over || !ignore):
			return err
		case name == "":
		case err != nil:
			x.SetVariable(name, nil)
		default:
			x.SetVariable(name, answer)
		}
		return nil
	}, nil
}
