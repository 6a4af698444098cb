package check

import (
	"errors"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Decimals are a type of the library, with operators and conversions in its rows; on constants the compiler applies them, and so does this file.

// foldDecimal computes a call of decimal's operators and conversions whose arguments are constants. The checks of constants can't be switched off:
// decimal has no arithmetic without them.
func (b *binder) foldDecimal(e Expr) Expr {
	call, ok := e.(*Call)
	if !ok || call.Recv != nil || call.Method.Owner.Kind != types.KindDecimal {
		return e
	}
	args := make([]types.Value, len(call.Args))
	for i, a := range call.Args {
		c, ok := a.(*Const)
		if !ok || c.Value == nil {
			return e
		}
		args[i] = c.Value
	}
	m := call.Method
	v, err := m.Row.Do.Call(&types.Call{Args: args, Owner: m.Owner, Method: m})
	if err == nil {
		return &Const{Typed{m.Result, call.At}, v}
	}
	var exc *types.Exception
	switch {
	case errors.As(err, &exc) && exc.Type == types.DivideByZero:
		b.fail(call.At, "CS0020", "Division by constant zero")
	case m.Form == types.FormOperator:
		b.fail(call.At, "CS0463", "Evaluation of the decimal constant expression failed")
	}
	b.fail(call.At, "CS0031", "Constant value '%s' cannot be converted to a '%s'", types.ToString(args[0]), m.Result)
	return nil
}
