package policies

import (
	"fmt"
	"strconv"

	"github.com/atelier-apim/atelier/internal/policy"
)

// ValidateStatusCode compares the status of the response with those that the operation defines.
var ValidateStatusCode = policy.Spec{
	Name:     "validate-status-code",
	Doc:      "Compares the status of the response with those that the operation defines.",
	Sections: policy.In(policy.Outbound, policy.OnError),
	Scopes:   policy.AnyScope,
	Once:     policy.OncePerSection,
	Shape: policy.Element(
		actionAttr("unspecified-status-code-action", "About a status that is not defined.").Required().Expr(),
		errorsVariable(),
		policy.Child("status-code",
			policy.Attr("code", policy.IntRange(100, 999)).Required().Doc("The status."),
			actionAttr("action", "About this status, when it is not defined.").Required(),
		).Many().Doc("Another action for one status."),
	),
	Compile: compileValidateStatusCode,
}

func compileValidateStatusCode(a *policy.Args) (policy.Step, error) {
	action, variable := a.Text("unspecified-status-code-action"), a.Literal("errors-variable-name")
	named := namedActions(a.All("status-code"), "code")
	return func(x *policy.Exchange) error {
		status := x.EnsureResponse().Status
		if x.Operation != nil && x.Operation.Contract.Defined(status) != nil {
			return nil
		}
		code := strconv.Itoa(status)
		how, ok := named[code]
		if !ok {
			var err error
			if how, err = action.Get(x); err != nil {
				return err
			}
		}
		f := findings{policy: "validate-status-code", variable: variable}
		f.add(finding{code, "StatusCode", "Unspecified", fmt.Sprintf("Response status code %d is not allowed.", status), "", how})
		return f.settle(x)
	}, nil
}
