package policies

import (
	"fmt"
	"slices"

	"github.com/atelier-apim/atelier/internal/policy"
)

// ReturnResponse answers at once and ends the pipeline.
var ReturnResponse = policy.Spec{
	Name:     "return-response",
	Doc:      "Ends the pipeline and answers with the response described inside; 200 OK and empty by default.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("response-variable-name", policy.Text).Doc("A variable whose response is answered, with the changes inside."),
		policy.Slot("set-status", 1),
		policy.Slot("set-header", 0),
		policy.Slot("set-body", 1),
	),
	Compile: compileReturnResponse,
}

func compileReturnResponse(a *policy.Args) (policy.Step, error) {
	variable, changes := a.Literal("response-variable-name"), a.Slots()
	return func(x *policy.Exchange) error {
		r := &policy.Response{Status: 200}
		if variable != "" {
			stored, _ := x.Variable(variable)
			base, ok := stored.(*policy.Response)
			if !ok || base == nil {
				return fmt.Errorf("the variable '%s' holds no response", variable)
			}
			*r = *base
			r.Header = slices.Clone(base.Header)
		}
		if err := x.Drafting(r, changes); err != nil {
			return err
		}
		if x.Response != nil && x.Response.Body != r.Body {
			x.Response.Body.Close()
		}
		return x.Reply(r)
	}, nil
}
