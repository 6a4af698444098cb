package policies

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/policy"
)

// SetMethod changes the request's method.
var SetMethod = policy.Spec{
	Name:     "set-method",
	Doc:      "Changes the method of the request.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	HTTPOnly: true,
	Shape:    policy.Element(policy.Content(policy.Text).Required().Expr().Doc("The method.")),
	Compile:  compileSetMethod,
}

func compileSetMethod(a *policy.Args) (policy.Step, error) {
	method := a.Content()
	if m, literal := method.Literal(); literal {
		if err := checkMethod(m); err != nil {
			return nil, err
		}
	}
	return func(x *policy.Exchange) error {
		m, err := method.Get(x)
		if err != nil {
			return err
		}
		if err := checkMethod(m); err != nil {
			return err
		}
		x.Call().Method = m
		return nil
	}, nil
}

// checkMethod refuses what is no method; a method is a token like a header's name. CONNECT would open a tunnel.
func checkMethod(m string) error {
	if !policy.ValidHeaderName(m) || m == "CONNECT" {
		return fmt.Errorf("'%s' is not a method that a request can have", m)
	}
	return nil
}
