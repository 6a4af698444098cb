package check

import (
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// as needs a type that has null.
func (b *binder) as(x *syntax.As) Expr {
	e := b.tested(x.X)
	t := b.typ(x.Type)
	if !t.CanBeNull() {
		b.fail(x.Pos(), "CS0077", "The as operator must be used with a reference type or nullable type ('%s' is a non-nullable value type)", t)
	}
	if from := e.Type(); from.Kind != types.KindNull && (!b.lib.Explicit(from, t) || neverItems(from, t)) {
		b.fail(x.Pos(), "CS0039", "Cannot convert type '%s' to '%s' via a reference conversion, boxing conversion, unboxing conversion, wrapping conversion, or null type conversion", e.Type(), t)
	}
	return &As{Typed{t, x.Pos()}, e}
}

// neverItems reports an array of values asked for as a sequence of another type: int[] is no IEnumerable<long>.
func neverItems(from, to *types.Type) bool {
	return from.Kind == types.KindArray && to.Kind == types.KindInterface && len(to.Args) == 1 && from.Args[0].IsValue() && !from.Args[0].Same(to.Args[0])
}

// tested binds the left side of is and as.
func (b *binder) tested(x syntax.Expr) Expr {
	e := b.value(x)
	switch e.(type) {
	case *group, *unbound:
		b.fail(e.Pos(), "CS0837", "The first operand of an 'is' or 'as' operator may not be a lambda expression, anonymous method, or method group.")
	case *defaultLit:
		b.fail(e.Pos(), "CS0023", "Operator 'is' cannot be applied to operand of type 'default'")
	}
	return b.settle(e)
}

// is binds its pattern for the type of the value.
func (b *binder) is(x *syntax.Is) Expr {
	e := b.tested(x.X)
	if e.Type().Kind == types.KindNull {
		if _, ok := x.Pattern.(*syntax.TypePattern); !ok {
			b.fail(e.Pos(), "CS8117", "Invalid operand for pattern match; value required, but found '<null>'.")
		}
	}
	return &Is{Typed: Typed{types.Bool, x.Pos()}, X: e, Test: b.pattern(x.Pattern, e.Type())}
}

// pattern binds a pattern for a value of type t.
func (b *binder) pattern(p syntax.Pattern, t *types.Type) *Pattern {
	switch p := p.(type) {
	case *syntax.VarPattern:
		return &Pattern{Var: b.declare(p.Name, t, p.Pos())}
	case *syntax.TypePattern:
		if n := p.Type; n.Name == "var" && len(n.Args) == 0 && n.Array == nil && n.Nullable == nil {
			return &Pattern{Var: b.declare(p.Name, t, p.Pos())}
		}
		ty := b.typ(p.Type)
		if p.Name != "" && ty.Kind == types.KindNullable {
			b.fail(p.Pos(), "CS8116", "It is not legal to use nullable type '%s' in a pattern; use the underlying type '%s' instead.", ty, ty.Args[0])
		}
		b.patternFits(t, ty, p.Name != "", p.Pos())
		out := &Pattern{Type: ty}
		if p.Name != "" {
			out.Var = b.declare(p.Name, ty, p.Pos())
		}
		return out
	case *syntax.ConstPattern:
		return b.constPattern(p, t)
	}
	return nil
}

// patternFits refuses a declaration pattern that can never match; a bare type
// test may be always false, as in C#.
func (b *binder) patternFits(from, to *types.Type, declares bool, pos int) {
	if declares && from.Kind != types.KindNull && !b.lib.Explicit(from, to) {
		b.fail(pos, "CS8121", "An expression of type '%s' cannot be handled by a pattern of type '%s'.", from, to)
	}
}

// constPattern is a constant, or a name that turns out to be a type.
func (b *binder) constPattern(p *syntax.ConstPattern, t *types.Type) *Pattern {
	if n, ok := p.X.(*syntax.Name); ok && b.attempt(func() { b.bind(n) }) != nil {
		b.fail(p.Pos(), "CS0246", "The type or namespace name '%s' could not be found (are you missing a using directive or an assembly reference?)", n.Name)
	}
	switch p.X.(type) {
	case *syntax.Name, *syntax.Member, *syntax.TypeName:
		if ref, ok := b.bind(p.X).(*typeRef); ok {
			return &Pattern{Type: ref.t}
		}
	}
	e := b.value(p.X)
	target := t
	if t.Kind == types.KindObject || t.Kind == types.KindNullable || t.Kind == types.KindInterface {
		target = e.Type()
	}
	if target == nil {
		target = t
	}
	e = b.implicit(e, target)
	c, ok := e.(*Const)
	if !ok {
		b.fail(p.Pos(), "CS0150", "A constant value is expected")
	}
	if c.Value == nil {
		return &Pattern{Null: true}
	}
	return &Pattern{Const: c}
}
