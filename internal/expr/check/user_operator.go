package check

import "github.com/atelier-apim/atelier/internal/expr/types"

// userOperator looks for operators declared by the operands' types.
func (b *binder) userOperator(op string, l, r Expr, pos int) Expr {
	methods := b.operators(op, 2, l.Type(), r.Type())
	if len(methods) == 0 {
		return nil
	}
	args := []arg{{x: l, pos: l.Pos()}, {x: r, pos: r.Pos()}}
	var out Expr
	if err := b.attempt(func() { out = b.invoke(methods, nil, args, nil, pos, op) }); err == nil {
		return b.foldDecimal(out)
	}
	return b.liftedOperator(op, methods, l, r, pos)
}

// operators collects the declared operators of that arity, one level per type.
func (b *binder) operators(op string, arity int, ts ...*types.Type) []*types.Method {
	var out []*types.Method
	for _, t := range ts {
		for _, base := range b.lib.Bases(t.Underlying()) {
			if base.Kind == types.KindObject || base.Kind == types.KindInterface || base.Kind == types.KindString {
				continue
			}
			for _, m := range b.lib.Declares(base, op) {
				if m.Form == types.FormOperator && len(m.Params) == arity && !containsMethod(out, m) {
					// One level: operators of both types compete.
					n := *m
					n.Extension = true
					out = append(out, &n)
				}
			}
		}
	}
	return out
}

// containsMethod reports whether m is among ms, whatever its type arguments.
func containsMethod(ms []*types.Method, m *types.Method) bool {
	for _, n := range ms {
		if n.Row == m.Row {
			return true
		}
	}
	return false
}

// liftedOperator applies an operator on T to operands of T?: null when one is.
// Comparisons are false then, != true unless both are null.
func (b *binder) liftedOperator(op string, methods []*types.Method, l, r Expr, pos int) Expr {
	lt, rt := l.Type(), r.Type()
	// The literal null takes part as the nullable form of the other operand.
	nullableOf := func(t *types.Type) *types.Type {
		if t.Kind == types.KindNullable {
			return t
		}
		return types.NullableOf(t)
	}
	if lt.Kind == types.KindNull && rt.IsValue() {
		lt = nullableOf(rt)
		l = b.implicit(l, lt)
	}
	if rt.Kind == types.KindNull && lt.IsValue() {
		rt = nullableOf(lt)
		r = b.implicit(r, rt)
	}
	if lt.Kind != types.KindNullable && rt.Kind != types.KindNullable {
		return nil
	}
	hl, hr := b.temp(lt.Underlying()), b.temp(rt.Underlying())
	args := []arg{{x: b.use(hl, l.Pos()), pos: pos}, {x: b.use(hr, r.Pos()), pos: pos}}
	var call Expr
	if err := b.attempt(func() { call = b.invoke(methods, nil, args, nil, pos, op) }); err != nil {
		return nil
	}
	result := call.Type()
	if !isComparison(op) {
		result = types.NullableOf(result)
	}
	return &LiftedCall{Typed{result, pos}, op, l, r, hl, hr, call}
}
