package policies

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/policy"
)

// SetStatus sets the status line of the response.
var SetStatus = policy.Spec{
	Name:     "set-status",
	Doc:      "Sets the status code and reason of the response.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("code", policy.IntRange(100, 999)).Required().Expr().Doc("The status code."),
		policy.Attr("reason", policy.Text).Expr().Doc("The reason phrase; the standard one when it is left out."),
	),
	Compile: compileSetStatus,
}

func compileSetStatus(a *policy.Args) (policy.Step, error) {
	code, reason := a.Int("code"), a.Text("reason")
	if r, literal := reason.Literal(); literal && !policy.ValidHeaderValue(r) {
		return nil, fmt.Errorf("the 'reason' attribute holds a line break or control character")
	}
	return func(x *policy.Exchange) error {
		c, err := code.Get(x)
		if err != nil {
			return err
		}
		text, err := reason.Get(x)
		if err != nil {
			return err
		}
		if !policy.ValidHeaderValue(text) {
			return fmt.Errorf("the reason holds a line break or control character")
		}
		r := x.Answer()
		r.Status, r.Reason = int(c), text
		return nil
	}, nil
}
