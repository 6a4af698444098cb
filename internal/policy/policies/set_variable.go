package policies

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/policy"
)

// SetVariable keeps a value for later policies of the exchange.
var SetVariable = policy.Spec{
	Name:     "set-variable",
	Doc:      "Keeps a value as a context variable for the rest of the exchange.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("name", policy.Text).Required().Doc("Name of the variable."),
		policy.Attr("value", policy.Object).Required().Expr().Doc("The value; a literal is a string."),
	),
	Compile: compileSetVariable,
}

func compileSetVariable(a *policy.Args) (policy.Step, error) {
	name, value := a.Literal("name"), a.Object("value")
	if s, literal := value.Literal(); literal {
		var boxed any = s
		return func(x *policy.Exchange) error {
			x.SetVariable(name, boxed)
			return nil
		}, nil
	}
	return func(x *policy.Exchange) error {
		v, err := value.Get(x)
		if err != nil {
			return err
		}
		if !storable(v) {
			return fmt.Errorf("a variable can't hold a %s; store its text or its JSON", policy.TypeName(v))
		}
		x.SetVariable(name, v)
		return nil
	}, nil
}

// storable says whether a variable may hold v. Plain values and JSON are documented; responses and tokens come from other policies. Lambdas
// and lazy sequences would run later under another budget.
func storable(v any) bool {
	switch v.(type) {
	case *types.Func, *types.Seq, types.TypeValue, *types.Ref:
		return false
	}
	return true
}
