package check

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// classify says how e converts implicitly to t; constants, lambdas, method
// groups and literals are judged by what they are, the rest by type.
func (b *binder) classify(e Expr, t *types.Type) (types.Conversion, *types.Method) {
	switch e := e.(type) {
	case *unbound:
		if b.lambdaFits(e, t) {
			return types.Identity, nil
		}
		return types.NoConversion, nil
	case *group:
		if b.groupMethod(e, t) != nil {
			return types.Identity, nil
		}
		return types.NoConversion, nil
	case *defaultLit, *Throw:
		return types.Identity, nil
	case *NewObject:
		if e.T.Kind == types.KindTuple && t.Kind == types.KindTuple && len(e.Items) == len(t.Args) {
			return b.classifyTuple(e, t), nil
		}
	case *Const:
		if constantFits(e, t.Underlying()) && !e.T.Same(t) {
			if t.Kind == types.KindNullable {
				return types.Lift, nil
			}
			return types.Numeric, nil
		}
	}
	from := e.Type()
	if from == nil {
		return types.NoConversion, nil
	}
	return b.lib.Implicit(from, t)
}

// classifyTuple converts a tuple literal item by item.
func (b *binder) classifyTuple(e *NewObject, t *types.Type) types.Conversion {
	for i, it := range e.Items {
		if c, _ := b.classify(it, t.Args[i]); c == types.NoConversion {
			return types.NoConversion
		}
	}
	return types.Identity
}

// constantFits is C#'s conversion of a constant expression: an int that fits a
// narrower type, a long that fits ulong, and 0 as any enum.
func constantFits(c *Const, t *types.Type) bool {
	if t.Kind == types.KindEnum {
		n, ok := types.Unbox(c.Value)
		return ok && n == 0 && c.T.IsInteger()
	}
	if !t.IsInteger() || c.T.Kind != types.KindInt32 && c.T.Kind != types.KindInt64 {
		return false
	}
	n, _ := types.Unbox(c.Value)
	if c.T.Kind == types.KindInt64 {
		return t.Kind == types.KindUInt64 && n >= 0
	}
	_, err := types.NarrowInt(n, types.KindInt32, t.Kind, true)
	return err == nil
}

// implicit converts e to t or reports why it cannot.
func (b *binder) implicit(e Expr, t *types.Type) Expr {
	b.rvalue(e)
	if from := e.Type(); from != nil && from.Kind == types.KindVoid {
		b.fail(e.Pos(), "CS0029", "Cannot implicitly convert type 'void' to '%s'", t)
	}
	switch e := e.(type) {
	case *unbound:
		return b.lambda(e, t)
	case *group:
		return b.delegate(e, t)
	case *defaultLit:
		return b.zero(t, e.At)
	case *Throw:
		return &Throw{Typed{t, e.At}, e.X}
	}
	c, m := b.classify(e, t)
	if c == types.NoConversion {
		b.noConversion(e, t)
	}
	return b.apply(e, t, c, m)
}

// apply performs a conversion that was classified.
func (b *binder) apply(e Expr, t *types.Type, c types.Conversion, m *types.Method) Expr {
	from := e.Type()
	if k, ok := e.(*Const); ok && c != types.User {
		if v, done := foldConversion(k, t); done {
			return v
		}
	}
	if n, ok := e.(*NewObject); ok && n.T.Kind == types.KindTuple && t.Kind == types.KindTuple {
		return b.tupleTo(n, t)
	}
	switch c {
	case types.Identity:
		return e
	case types.Numeric:
		return &Convert{Typed: Typed{t, e.Pos()}, X: e, Conv: ConvNumeric}
	case types.Lift:
		if from.Kind == types.KindNullable {
			return &Convert{Typed: Typed{t, e.Pos()}, X: e, Conv: ConvLift}
		}
		return &Convert{Typed: Typed{t, e.Pos()}, X: b.implicit(e, t.Args[0]), Conv: ConvBox}
	case types.User:
		return b.userConversion(e, t, m, false)
	case types.Box:
		if from.Kind == types.KindTuple && t.Kind == types.KindTuple {
			return &Convert{Typed: Typed{t, e.Pos()}, X: e, Conv: ConvTuple}
		}
		return &Convert{Typed: Typed{t, e.Pos()}, X: e, Conv: ConvBox}
	}
	return &Convert{Typed: Typed{t, e.Pos()}, X: e, Conv: ConvNone}
}

// foldConversion converts a constant to another primitive type or null.
func foldConversion(k *Const, t *types.Type) (Expr, bool) {
	target := t.Underlying()
	switch {
	case k.Value == nil && t.CanBeNull():
		return &Const{Typed{t, k.At}, nil}, true
	case target.Kind == types.KindEnum:
		if n, ok := types.Unbox(k.Value); ok && !k.T.Same(target) {
			return &Const{Typed{t, k.At}, types.Enum{Type: target, N: n}}, true
		}
	case target.IsNumeric() && target.Kind != types.KindDecimal && k.T.IsNumeric() && k.T.Kind != types.KindDecimal:
		if v, err := types.ConvertNumber(k.Value, target.Kind, false); err == nil {
			return &Const{Typed{t, k.At}, v}, true
		}
	case t.Kind == types.KindObject, k.T.Kind == types.KindString && t.Kind != types.KindNullable && !t.IsValue():
		return nil, false // keeps its own type: not a constant any more
	}
	return nil, false
}

// userConversion calls an operator, converting to its parameter before and from
// its result after. Under a nullable, null stays null.
func (b *binder) userConversion(e Expr, t *types.Type, m *types.Method, cast bool) Expr {
	b.allow(m, e.Pos())
	step := b.implicitOrCast
	from := e.Type()
	if from.Kind == types.KindNullable && m.Params[0].Type.Kind != types.KindNullable && t.Kind == types.KindNullable {
		hole := b.temp(from.Args[0])
		inner := b.userConversion(b.use(hole, e.Pos()), t, m, cast)
		return &Access{Typed{t, e.Pos()}, e, hole, inner}
	}
	call := &Call{Typed: Typed{m.Result, e.Pos()}, Method: m, Args: []Expr{step(e, m.Params[0].Type, cast)}}
	return step(b.foldDecimal(call), t, cast)
}

// implicitOrCast converts around a user-defined operator.
func (b *binder) implicitOrCast(e Expr, t *types.Type, cast bool) Expr {
	if e.Type().Same(t) {
		return e
	}
	if cast {
		return b.standardCast(e, t, e.Pos())
	}
	return b.implicit(e, t)
}

// noConversion reports that e does not convert to t, with the reason a C# user
// knows.
func (b *binder) noConversion(e Expr, t *types.Type) {
	from := e.Type()
	pos := e.Pos()
	if c, ok := e.(*Const); ok {
		switch {
		case from.Kind == types.KindNull:
			b.fail(pos, "CS0037", "Cannot convert null to '%s' because it is a non-nullable value type", t)
		case from.Kind == types.KindDouble && t.Kind == types.KindSingle:
			b.fail(pos, "CS0664", "Literal of type double cannot be implicitly converted to type 'float'; use an 'F' suffix to create a literal of this type")
		case from.Kind == types.KindDouble && t.Kind == types.KindDecimal:
			b.fail(pos, "CS0664", "Literal of type double cannot be implicitly converted to type 'decimal'; use an 'M' suffix to create a literal of this type")
		case from.IsInteger() && t.IsInteger() && from.Kind == types.KindInt32:
			b.fail(pos, "CS0031", "Constant value '%s' cannot be converted to a '%s'", types.ToString(c.Value), t)
		}
	}
	if b.lib.Operator(from.Underlying(), t, types.FormExplicit) != nil || b.lib.Explicit(from, t) {
		b.fail(pos, "CS0266", "Cannot implicitly convert type '%s' to '%s'. An explicit conversion exists (are you missing a cast?)", from, t)
	}
	b.fail(pos, "CS0029", "Cannot implicitly convert type '%s' to '%s'", from, t)
}

// cast converts e to t explicitly.
func (b *binder) cast(e Expr, t *types.Type, pos int) Expr {
	switch e := e.(type) {
	case *group:
		if t.Kind != types.KindDelegate {
			b.fail(pos, "CS0030", "Cannot convert type 'method' to '%s'", t)
		}
		return b.implicit(e, t)
	case *unbound, *defaultLit, *Throw:
		return b.implicit(e, t)
	}
	b.settle(e)
	from := e.Type()
	if k, ok := e.(*Const); ok {
		if v, done := b.foldCast(k, t, pos); done {
			return v
		}
	}
	if c, m := b.classify(e, t); c != types.NoConversion {
		out := b.apply(e, t, c, m)
		if _, isConst := out.(*Const); out == e && !isConst {
			return &Convert{Typed: Typed{t, pos}, X: e, Conv: ConvNone}
		}
		return out
	}
	if m := b.lib.Operator(from, t, types.FormExplicit); m != nil {
		return b.userConversion(e, t, m, true)
	}
	if from.Kind == types.KindNullable && !t.CanBeNull() && b.lib.Operator(from.Args[0], t, types.FormExplicit) != nil {
		return b.cast(b.standardCast(e, from.Args[0], pos), t, pos)
	}
	if from.Kind == types.KindNullable && t.Kind == types.KindNullable && b.lib.Operator(from.Args[0], t.Args[0], types.FormExplicit) != nil {
		hole := b.temp(from.Args[0])
		inner := b.implicit(b.cast(b.use(hole, pos), t.Args[0], pos), t)
		return &Access{Typed{t, pos}, e, hole, inner}
	}
	if from.Kind == types.KindDecimal && t.Kind == types.KindEnum || from.Kind == types.KindEnum && t.Kind == types.KindDecimal {
		return b.cast(b.cast(e, types.Int32, pos), t, pos)
	}
	if !b.lib.Explicit(from, t) {
		b.fail(pos, "CS0030", "Cannot convert type '%s' to '%s'", from, t)
	}
	return b.standardCast(e, t, pos)
}

// foldCast casts a constant now; a value that does not fit is an error unless
// unchecked says otherwise.
func (b *binder) foldCast(k *Const, t *types.Type, pos int) (Expr, bool) {
	if t.IsNumeric() && t.Kind != types.KindDecimal && k.T.IsNumeric() && !k.T.Same(t) && k.T.Kind != types.KindDecimal {
		v, err := types.ConvertNumber(k.Value, t.Kind, true)
		if err != nil {
			if !b.unchecked {
				b.fail(pos, "CS0221", "Constant value '%s' cannot be converted to a '%s' (use 'unchecked' syntax to override)", types.ToString(k.Value), t)
			}
			v, _ = types.ConvertNumber(k.Value, t.Kind, false)
		}
		return &Const{Typed{t, pos}, v}, true
	}
	if t.Kind == types.KindEnum || k.T.Kind == types.KindEnum {
		return foldEnum(k, t, pos)
	}
	if u := t.Underlying(); t.Kind == types.KindNullable && k.T.IsInteger() && u.IsInteger() && !b.unchecked {
		if _, err := types.ConvertNumber(k.Value, u.Kind, true); err != nil {
			b.fail(pos, "CS0030", "Cannot convert type '%s' to '%s'", k.T, t)
		}
	}
	return nil, false
}

// foldEnum casts a constant to or from an enumeration.
func foldEnum(k *Const, t *types.Type, pos int) (Expr, bool) {
	n, ok := types.Unbox(k.Value)
	switch {
	case !ok:
		return nil, false
	case t.Kind == types.KindEnum:
		return &Const{Typed{t, pos}, types.Enum{Type: t, N: n}}, true
	case t.IsNumeric() && t.Kind != types.KindDecimal:
		v, err := types.ConvertNumber(n, t.Kind, false)
		return &Const{Typed{t, pos}, v}, err == nil
	}
	return nil, false
}

// standardCast is a cast without operators: numbers, boxes, references.
func (b *binder) standardCast(e Expr, t *types.Type, pos int) Expr {
	from := e.Type()
	conv := ConvCast
	primitive := func(x *types.Type) bool {
		return x.Kind >= types.KindChar && x.Kind <= types.KindDouble || x.Kind == types.KindEnum
	}
	switch {
	case from.Same(t):
		return e
	case primitive(from) && primitive(t):
		conv = ConvNumeric
	case b.lib.Subtype(from, t):
		conv = ConvBox
		if from.IsReference() {
			conv = ConvNone
		}
	case from.Kind == types.KindNullable && t.Kind == types.KindNullable:
		conv = ConvLift
	case from.Kind == types.KindNullable && t.IsValue():
		inner := &Convert{Typed: Typed{from.Args[0], pos}, X: e, Conv: ConvUnwrap}
		return b.standardCast(inner, t, pos)
	case t.Kind == types.KindNullable && from.IsValue():
		inner := b.standardCast(e, t.Args[0], pos)
		return &Convert{Typed: Typed{t, pos}, X: inner, Conv: ConvBox}
	case t.Kind == types.KindNullable:
		conv = ConvUnboxNullable
	case t.IsValue():
		conv = ConvUnbox
	case from.Kind == types.KindParam || t.Kind == types.KindParam:
		conv = ConvNone
	}
	return &Convert{Typed: Typed{t, pos}, X: e, Conv: conv, Checked: b.checked}
}
