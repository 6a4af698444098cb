package check

import (
	"slices"

	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// binary binds both operands and applies the operator.
func (b *binder) binary(x *syntax.Binary) Expr {
	switch x.Op {
	case "??":
		return b.coalesce(x)
	case "&&", "||":
		return b.logic(x)
	}
	l, r := b.settleDefault(b.value(x.X)), b.settleDefault(b.value(x.Y))
	l, r = b.defaults(x, l, r)
	return b.operate(x.Op, b.settle(l), b.settle(r), x.Pos())
}

// settleDefault leaves the literal default for defaults to type.
func (b *binder) settleDefault(e Expr) Expr {
	if _, ok := e.(*defaultLit); ok {
		return e
	}
	return b.settle(e)
}

// defaults gives the literal default the type of the other operand, which only == and != do.
func (b *binder) defaults(x *syntax.Binary, l, r Expr) (Expr, Expr) {
	for i, e := range []Expr{l, r} {
		if _, ok := e.(*defaultLit); !ok {
			continue
		}
		if x.Op != "==" && x.Op != "!=" {
			b.fail(x.Pos(), "CS8310", "Operator '%s' cannot be applied to operand 'default'", x.Op)
		}
		if t := []Expr{r, l}[i].Type(); t != nil && t.Kind == types.KindNull {
			b.fail(x.Pos(), "CS0034", "Operator '%s' is ambiguous on operands of type '<null>' and 'default'", x.Op)
		}
	}
	if d, ok := l.(*defaultLit); ok && r.Type() != nil {
		l = b.zero(r.Type(), d.At)
	}
	if d, ok := r.(*defaultLit); ok && l.Type() != nil {
		r = b.zero(l.Type(), d.At)
	}
	return l, r
}

// logic is && and ||, on bool only.
func (b *binder) logic(x *syntax.Binary) Expr {
	l, r := b.typed(x.X), b.typed(x.Y)
	for _, e := range []Expr{l, r} {
		if c, _ := b.classify(e, types.Bool); c == types.NoConversion {
			b.noOperator(x.Op, l, r, x.Pos())
		}
	}
	l, r = b.implicit(l, types.Bool), b.implicit(r, types.Bool)
	lc, ok1 := l.(*Const)
	rc, ok2 := r.(*Const)
	if ok1 && ok2 {
		v, _ := types.Binary(x.Op, types.KindBool, lc.Value, rc.Value, false)
		return &Const{Typed{types.Bool, x.Pos()}, v}
	}
	return &Logic{Typed{types.Bool, x.Pos()}, x.Op == "||", l, r}
}

// integral are the operators that only integers have: no double takes part where a ulong and an int meet, so that none of them is ambiguous.
var integral = []string{"<<", ">>", "&", "|", "^"}

// noOperator reports operands no operator accepts.
func (b *binder) noOperator(op string, l, r Expr, pos int) {
	if l.Type().Kind == types.KindDynamic || r.Type().Kind == types.KindDynamic {
		b.fail(pos, "APIM0006", "Dynamic member invocation is not supported: cast the value to its type")
	}
	if lu, ru := l.Type().Underlying(), r.Type().Underlying(); primitive(lu) && primitive(ru) && !slices.Contains(integral, op) && numericKind(lu.Kind, ru.Kind) == 0 {
		b.fail(pos, "CS0034", "Operator '%s' is ambiguous on operands of type '%s' and '%s'", op, l.Type(), r.Type())
	}
	b.fail(pos, "CS0019", "Operator '%s' cannot be applied to operands of type '%s' and '%s'", op, l.Type(), r.Type())
}

// operate applies a binary operator to bound operands.
func (b *binder) operate(op string, l, r Expr, pos int) Expr {
	lt, rt := l.Type(), r.Type()
	if op == "+" && (lt.Kind == types.KindString || rt.Kind == types.KindString) {
		if e := b.userOperator(op, l, r, pos); e != nil {
			return e
		}
		return b.concat(l, r, pos)
	}
	if op == "==" || op == "!=" {
		if e := b.compareNull(op, l, r, pos); e != nil {
			return e
		}
	}
	if e := b.enumOperator(op, l, r, pos); e != nil {
		return e
	}
	if k := operandKind(op, lt, rt, l, r); k != 0 {
		return b.builtin(op, k, l, r, pos)
	}
	if e := b.userOperator(op, l, r, pos); e != nil {
		return e
	}
	if op == "==" || op == "!=" {
		if e := b.reference(op, l, r, pos); e != nil {
			return e
		}
	}
	if op == "+" && (lt.Kind == types.KindNull) != (rt.Kind == types.KindNull) && lt.Kind != types.KindVoid && rt.Kind != types.KindVoid {
		return b.concat(l, r, pos) // null is a text where nothing else fits
	}
	b.noOperator(op, l, r, pos)
	return nil
}

// concat joins texts; a chain of + becomes one node, constants fold.
func (b *binder) concat(l, r Expr, pos int) Expr {
	lc, ok1 := l.(*Const)
	rc, ok2 := r.(*Const)
	if ok1 && ok2 && lc.T.Kind != types.KindDouble && rc.T.Kind != types.KindDouble {
		return &Const{Typed{types.String, pos}, types.Concat(types.ToString(lc.Value), types.ToString(rc.Value))}
	}
	out := &Concat{Typed: Typed{types.String, pos}}
	for _, e := range []Expr{l, r} {
		if c, ok := e.(*Concat); ok && e == l {
			out.Parts = append(out.Parts, c.Parts...)
			continue
		}
		if c, ok := e.(*Const); ok && c.T.Kind == types.KindString {
			out.Parts = append(out.Parts, Part{Text: types.ToString(c.Value)})
			continue
		}
		out.Parts = append(out.Parts, Part{X: e})
	}
	return out
}

// compareNull is == and != with the literal null.
func (b *binder) compareNull(op string, l, r Expr, pos int) Expr {
	isNull := func(e Expr) bool { c, ok := e.(*Const); return ok && c.Value == nil && c.T.Kind == types.KindNull }
	if !isNull(l) && !isNull(r) {
		return nil
	}
	for _, e := range []Expr{l, r} {
		if t := e.Type(); !isNull(e) && !t.CanBeNull() && t.Kind != types.KindParam && !b.comparesLifted(t) {
			b.noOperator(op, l, r, pos)
		}
	}
	b.peek(l)
	b.peek(r)
	return &Same{Typed{types.Bool, pos}, l, r, op == "!="}
}

// comparesLifted reports a value type whose == works on its nullable form, so that a value of it may be compared with null.
func (b *binder) comparesLifted(t *types.Type) bool {
	return primitive(t) || t.Kind == types.KindBool || t.Kind == types.KindEnum || len(b.operators("==", 2, t)) > 0
}

// numericKind is the type both operands of a numeric operator are promoted to;
// 0 when there is none.
func numericKind(l, r types.Kind) types.Kind {
	has := func(k types.Kind) bool { return l == k || r == k }
	signed := func(k types.Kind) bool {
		return k == types.KindSByte || k == types.KindInt16 || k == types.KindInt32 || k == types.KindInt64
	}
	switch {
	case has(types.KindDouble):
		return types.KindDouble
	case has(types.KindSingle):
		return types.KindSingle
	case has(types.KindUInt64):
		if signed(l) || signed(r) {
			return 0
		}
		return types.KindUInt64
	case has(types.KindInt64):
		return types.KindInt64
	case has(types.KindUInt32):
		if signed(l) || signed(r) {
			return types.KindInt64
		}
		return types.KindUInt32
	}
	return types.KindInt32
}

// primitive reports a number or char that built-in operators know; decimal is
// not one, its operators are rows of the library.
func primitive(t *types.Type) bool {
	return t.Kind >= types.KindChar && t.Kind <= types.KindDouble
}

// operandKind is the built-in operator that applies to the operand types, named
// by the kind of its operands; 0 when none does.
func operandKind(op string, lt, rt *types.Type, l, r Expr) types.Kind {
	l0, r0 := lt.Underlying(), rt.Underlying()
	if lt.Kind == types.KindNull && (rt.Kind == types.KindNullable || primitive(rt) || rt.Kind == types.KindBool) {
		l0 = r0
	}
	if rt.Kind == types.KindNull && (lt.Kind == types.KindNullable || primitive(lt) || lt.Kind == types.KindBool) {
		r0 = l0
	}
	switch {
	case l0.Kind == types.KindString && r0.Kind == types.KindString && (op == "==" || op == "!="):
		return types.KindString
	case l0.Kind == types.KindTuple && r0.Kind == types.KindTuple && (op == "==" || op == "!="):
		return types.KindTuple
	case l0.Kind == types.KindBool && r0.Kind == types.KindBool:
		switch op {
		case "==", "!=", "&", "|", "^":
			return types.KindBool
		}
		return 0
	case !primitive(l0) || !primitive(r0):
		return 0
	case op == "<<" || op == ">>":
		return shiftKind(l0.Kind, r0.Kind)
	}
	k := numericKind(constKind(l, r, l0.Kind), constKind(r, l, r0.Kind))
	switch op {
	case "&", "|", "^":
		if k == types.KindSingle || k == types.KindDouble {
			return 0
		}
	}
	return k
}

// constKind lets a constant int take part as the unsigned type it fits: 1u + 1
// is uint, ulong + 1 is ulong.
func constKind(e, other Expr, k types.Kind) types.Kind {
	c, ok := e.(*Const)
	if !ok || k != types.KindInt32 && k != types.KindInt64 {
		return k
	}
	o := other.Type().Underlying()
	if (o.Kind == types.KindUInt64 || o.Kind == types.KindUInt32) && constantFits(c, o) {
		return o.Kind
	}
	return k
}

// shiftKind is the kind a shift is done in: that of its left operand.
func shiftKind(l, r types.Kind) types.Kind {
	switch r {
	case types.KindInt32, types.KindChar, types.KindSByte, types.KindByte, types.KindInt16, types.KindUInt16:
	default:
		return 0
	}
	switch l {
	case types.KindSingle, types.KindDouble:
		return 0
	case types.KindUInt32, types.KindInt64, types.KindUInt64:
		return l
	}
	return types.KindInt32
}

// primitives gives the type of a kind.
var primitives = map[types.Kind]*types.Type{
	types.KindBool: types.Bool, types.KindInt32: types.Int32, types.KindUInt32: types.UInt32, types.KindInt64: types.Int64,
	types.KindUInt64: types.UInt64, types.KindSingle: types.Single, types.KindDouble: types.Double, types.KindString: types.String,
}

// isComparison reports an operator that gives a bool.
func isComparison(op string) bool {
	switch op {
	case "==", "!=", "<", ">", "<=", ">=":
		return true
	}
	return false
}

// builtin applies the built-in operator on kind k, lifted when an operand is
// nullable.
func (b *binder) builtin(op string, k types.Kind, l, r Expr, pos int) Expr {
	if k == types.KindTuple {
		l, r = b.alike(l, r)
		return &Binary{Typed: Typed{types.Bool, pos}, Op: op, Kind: k, X: l, Y: r}
	}
	t := primitives[k]
	rightType := t
	if op == "<<" || op == ">>" {
		rightType = types.Int32
	}
	lifted := l.Type().CanBeNull() && k != types.KindString || r.Type().CanBeNull() && k != types.KindString
	result := t
	if isComparison(op) {
		result = types.Bool
	} else if lifted {
		result = types.NullableOf(t)
	}
	if lifted {
		l, r = b.promote(l, types.NullableOf(t)), b.promote(r, types.NullableOf(rightType))
	} else {
		l, r = b.promote(l, t), b.promote(r, rightType)
	}
	e := &Binary{Typed{result, pos}, op, k, l, r, b.checked, lifted}
	return b.foldBinary(e)
}

// alike gives the items of two tuples the same types where they are numbers of different ones.
func (b *binder) alike(l, r Expr) (Expr, Expr) {
	lt, rt := l.Type().Underlying(), r.Type().Underlying()
	if l.Type() != lt || r.Type() != rt || len(lt.Args) != len(rt.Args) {
		return l, r
	}
	items := make([]*types.Type, len(lt.Args))
	for i, t := range lt.Args {
		u := rt.Args[i]
		if items[i] = t; t.Same(u) {
			continue
		}
		if !primitive(t) || !primitive(u) || numericKind(t.Kind, u.Kind) == 0 {
			return l, r
		}
		items[i] = primitives[numericKind(t.Kind, u.Kind)]
	}
	t := types.TupleOf(nil, items...)
	return b.implicit(l, t), b.implicit(r, t)
}

// promote converts an operand to the kind of its operator.
func (b *binder) promote(e Expr, t *types.Type) Expr {
	if e.Type().Same(t) {
		return e
	}
	if e.Type().Kind == types.KindUInt32 && t.Kind == types.KindInt64 || e.Type().Kind == types.KindNull {
		return b.implicit(e, t)
	}
	return b.implicit(e, t)
}

// foldBinary computes an operator on constants; overflow is an error unless
// unchecked says otherwise.
func (b *binder) foldBinary(e *Binary) Expr {
	l, ok1 := e.X.(*Const)
	r, ok2 := e.Y.(*Const)
	if !ok1 || !ok2 || e.Lifted {
		return e
	}
	if e.Kind == types.KindString {
		return &Const{Typed{types.Bool, e.At}, (l.Value == r.Value) == (e.Op == "==")}
	}
	v, err := types.Binary(e.Op, e.Kind, l.Value, r.Value, !b.unchecked)
	if one, _, _ := types.Integer(r.Value); one == -1 && err != nil && (e.Op == "%" || e.Op == "/" && b.unchecked) {
		// The least number by -1: the compiler folds what the processor would refuse.
		v, err = types.Binary("*", e.Kind, l.Value, r.Value, false)
		if e.Op == "%" {
			v, err = types.Binary("-", e.Kind, l.Value, l.Value, false)
		}
	}
	if err != nil {
		if exc, ok := err.(*types.Exception); ok && exc.Type == types.DivideByZero {
			b.fail(e.At, "CS0020", "Division by constant zero")
		}
		b.fail(e.At, "CS0220", "The operation overflows at compile time in checked mode")
	}
	return &Const{Typed{e.T, e.At}, v}
}

// enumOperator is comparison, | & ^, + and - on enumerations.
func (b *binder) enumOperator(op string, l, r Expr, pos int) Expr {
	lt, rt := l.Type(), r.Type()
	le, re := lt.Kind == types.KindEnum, rt.Kind == types.KindEnum
	if !le && !re {
		return nil
	}
	enum := lt
	if !le {
		enum = rt
	}
	num := func(e Expr) Expr { return b.cast(e, types.Int64, e.Pos()) }
	back := func(e Expr) Expr { return b.cast(e, enum, pos) }
	both := le && re && lt.Same(rt) || le && isZero(r) || re && isZero(l)
	switch {
	case both && isComparison(op):
		return b.operate(op, num(l), num(r), pos)
	case both && (op == "|" || op == "&" || op == "^"):
		return back(b.operate(op, num(l), num(r), pos))
	case le && re && lt.Same(rt) && op == "-":
		return b.cast(b.operate(op, num(l), num(r), pos), types.Int32, pos)
	case (op == "+" || op == "-" && le) && le != re && primitive(lt.Underlying()) != primitive(rt.Underlying()):
		return back(b.operate(op, num(l), num(r), pos))
	}
	return nil
}

// isZero reports the constant 0, which compares with any enum.
func isZero(e Expr) bool {
	c, ok := e.(*Const)
	if !ok || !c.T.IsInteger() {
		return false
	}
	n, _ := types.Unbox(c.Value)
	return n == 0
}

// reference is == and != of references.
func (b *binder) reference(op string, l, r Expr, pos int) Expr {
	lt, rt := l.Type(), r.Type()
	if !lt.IsReference() && lt.Kind != types.KindParam || !rt.IsReference() && rt.Kind != types.KindParam {
		return nil
	}
	if !b.lib.Subtype(lt, rt) && !b.lib.Subtype(rt, lt) && lt.Kind != types.KindInterface && rt.Kind != types.KindInterface {
		return nil
	}
	return &Same{Typed{types.Bool, pos}, l, r, op == "!="}
}

// coalesce finds the type of ??: that of the left side without its nullable, the
// left side's own, or the right side's.
func (b *binder) coalesce(x *syntax.Binary) Expr {
	l, r := b.settleDefault(b.value(x.X)), b.value(x.Y)
	if _, ok := l.(*defaultLit); ok {
		b.fail(x.Pos(), "CS8310", "Operator '??' cannot be applied to operand 'default'")
	}
	lt := l.Type()
	if !lt.CanBeNull() {
		b.fail(x.Pos(), "CS0019", "Operator '??' cannot be applied to operands of type '%s' and '%s'", lt, typeName(r))
	}
	if lt.Kind == types.KindNull {
		if r.Type() == nil || !r.Type().IsReference() && r.Type().Kind != types.KindNullable || r.Type().Kind == types.KindNull {
			b.fail(x.Pos(), "CS0019", "Operator '??' cannot be applied to operands of type '%s' and '%s'", lt, typeName(r))
		}
		return r
	}
	hole := b.temp(lt)
	target := lt
	if lt.Kind == types.KindNullable {
		if c, _ := b.classify(r, lt.Args[0]); c != types.NoConversion {
			target = lt.Args[0]
			hole.Type = target
			return &Coalesce{Typed{target, x.Pos()}, l, b.implicit(r, target), hole, b.use(hole, x.Pos())}
		}
	}
	if c, _ := b.classify(r, lt); c == types.NoConversion {
		target = r.Type()
		if target == nil || target.Kind == types.KindVoid {
			b.fail(x.Pos(), "CS0019", "Operator '??' cannot be applied to operands of type '%s' and '%s'", lt, typeName(r))
		}
		hole.Type = lt.Underlying()
		if c, _ := b.lib.Implicit(hole.Type, target); c == types.NoConversion {
			b.fail(x.Pos(), "CS0019", "Operator '??' cannot be applied to operands of type '%s' and '%s'", lt, typeName(r))
		}
	}
	conv := b.implicit(b.use(hole, x.Pos()), target)
	return &Coalesce{Typed{target, x.Pos()}, l, b.implicit(r, target), hole, conv}
}
