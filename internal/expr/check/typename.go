package check

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// maxArity is how many type arguments a type of the library takes at most: Func has 17.
const maxArity = 17

// typ resolves a type as written.
func (b *binder) typ(t *syntax.TypeExpr) *types.Type {
	b.spend(t.Pos())
	switch {
	case t.Array != nil:
		return types.RectangleOf(b.typ(t.Array), t.Rank)
	case t.Nullable != nil:
		u := b.typ(t.Nullable)
		if !u.IsValue() || u.Kind == types.KindNullable {
			b.fail(t.Pos(), "CS0453", "The type '%s' must be a non-nullable value type in order to use it as parameter 'T' in the generic type or method 'Nullable<T>'", u)
		}
		return types.NullableOf(u)
	case t.Tuple != nil:
		return types.TupleOf(t.Names, b.typs(t.Tuple)...)
	}
	return b.named(t)
}

// typs resolves types in order.
func (b *binder) typs(ts []*syntax.TypeExpr) []*types.Type {
	out := make([]*types.Type, len(ts))
	for i, t := range ts {
		out[i] = b.typ(t)
	}
	return out
}

// named resolves a name or reports that there is no such type.
func (b *binder) named(t *syntax.TypeExpr) *types.Type {
	if t.Name == "dynamic" && len(t.Args) == 0 {
		return types.Dynamic
	}
	if found := b.typeNamed(t.Name, t.Args); found != nil {
		return found
	}
	if i := strings.LastIndexByte(t.Name, '.'); i >= 0 {
		ns := t.Name[:i]
		if b.lib.Lookup(ns, 0) != nil {
			b.fail(t.Pos(), "CS0426", "The type name '%s' does not exist in the type '%s'", t.Name[i+1:], ns)
		}
		b.fail(t.Pos(), "CS0234", "The type or namespace name '%s' does not exist in the namespace '%s' (are you missing an assembly reference?)", t.Name[i+1:], ns)
	}
	if len(t.Args) == 0 && b.lib.IsNamespace(t.Name) {
		b.fail(t.Pos(), "CS0118", "'%s' is a namespace but is used like a type", t.Name)
	}
	for arity := range maxArity + 1 {
		if def := b.lib.Lookup(t.Name, arity); def != nil && arity > 0 {
			b.fail(t.Pos(), "CS0305", "Using the generic type '%s' requires %d type arguments", def, arity)
		} else if def != nil {
			b.fail(t.Pos(), "CS0308", "The non-generic type '%s' cannot be used with type arguments", def)
		}
	}
	name := t.Name
	if len(t.Args) > 0 {
		name += "<" + strings.Repeat(",", len(t.Args)-1) + ">"
	}
	b.fail(t.Pos(), "CS0246", "The type or namespace name '%s' could not be found (are you missing a using directive or an assembly reference?)", name)
	return nil
}

// typeNamed finds a type by name; nil when there is none.
func (b *binder) typeNamed(name string, args []*syntax.TypeExpr) *types.Type {
	if len(args) == 0 {
		for s := b.scope; s != nil; s = s.outer {
			if t, ok := s.types[name]; ok {
				return t
			}
		}
	}
	def := b.lib.Lookup(name, len(args))
	if def == nil {
		return nil
	}
	if len(args) == 0 {
		return def
	}
	ts := b.typs(args)
	if def == types.Nullable {
		if !ts[0].IsValue() {
			b.fail(args[0].Pos(), "CS0453", "The type '%s' must be a non-nullable value type in order to use it as parameter 'T' in the generic type or method 'Nullable<T>'", ts[0])
		}
		return types.NullableOf(ts[0])
	}
	return def.Of(ts...)
}
