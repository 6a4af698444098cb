package check

import (
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// create binds new T(args) { … }.
func (b *binder) create(x *syntax.New) Expr {
	t := b.typ(x.Type)
	args := b.args(x.Args)
	e := b.construct(t, args, x.Pos())
	if x.Init == nil {
		return e
	}
	return b.initialise(e, x.Init)
}

// construct calls a constructor; a value type without one has its default.
func (b *binder) construct(t *types.Type, args []arg, pos int) Expr {
	if t.Kind == types.KindDelegate && len(args) == 1 {
		return b.implicit(args[0].x, t)
	}
	if t.Kind == types.KindNullable && len(args) == 1 {
		return b.implicit(args[0].x, t)
	}
	ctors := b.lib.Declares(t, ".ctor")
	if len(args) == 0 && t.IsValue() {
		has := false
		for _, c := range ctors {
			has = has || len(c.Params) == 0
		}
		if !has {
			return b.zero(t, pos)
		}
	}
	if b.lib.Refused(t) {
		b.noMember(t, ".ctor", false, pos)
	}
	if _, denied := b.lib.Denied(t, ".ctor"); denied {
		b.denied(t, ".ctor", pos)
	}
	if t.Kind == types.KindInterface || t.Static {
		b.fail(pos, "CS0144", "Cannot create an instance of the abstract class or interface '%s'", t)
	}
	if len(ctors) == 0 {
		b.fail(pos, "CS0144", "Cannot create an instance of '%s': it has no accessible constructor", t)
	}
	e := b.invoke(ctors, nil, args, nil, pos, t.String())
	c := e.(*Call)
	c.T = t
	return c
}

// initialise binds { … } after a creation: the object waits in a variable while
// the steps run.
func (b *binder) initialise(e Expr, init *syntax.Init) Expr {
	v := b.temp(e.Type())
	out := &Init{Typed: Typed{e.Type(), e.Pos()}, X: e, Var: v}
	b.initSteps(out, b.use(v, init.Pos()), init)
	return out
}

// initSteps binds the items of an initialiser on obj, nested ones included.
func (b *binder) initSteps(out *Init, obj Expr, init *syntax.Init) {
	for _, it := range init.Items {
		var target Expr
		switch {
		case it.Name != "":
			target = b.rvalue(b.instanceMember(obj, &syntax.Member{At: it.At, Name: it.Name}, false))
		case it.Index != nil:
			target = b.indexOf(obj, it)
		default:
			out.Steps = append(out.Steps, b.add(obj, it))
			continue
		}
		if it.Nested != nil {
			b.initSteps(out, target, it.Nested)
			continue
		}
		target = b.assignable(target, it.Pos())
		b.writable(target, it.Pos())
		value := b.implicit(b.value(it.Values[0]), target.Type())
		out.Steps = append(out.Steps, &Assign{Typed: Typed{target.Type(), it.Pos()}, Target: target, Value: value})
	}
}

// indexOf is the target of ["k"] = v in an initialiser.
func (b *binder) indexOf(obj Expr, it syntax.InitItem) Expr {
	methods := b.lib.Members(obj.Type(), "Item")
	var indexers []*types.Method
	for _, m := range methods {
		if m.Form == types.FormIndexer {
			indexers = append(indexers, m)
		}
	}
	if len(indexers) == 0 {
		b.fail(it.Pos(), "CS0021", "Cannot apply indexing with [] to an expression of type '%s'", obj.Type())
	}
	return b.invoke(indexers, obj, b.args(it.Index), nil, it.Pos(), "this")
}

// add is an element of a collection initialiser: a call of Add.
func (b *binder) add(obj Expr, it syntax.InitItem) Expr {
	if !b.lib.Subtype(obj.Type(), types.IEnumerable) {
		b.fail(it.Pos(), "CS1922", "Cannot initialize type '%s' with a collection initializer because it does not implement 'System.Collections.IEnumerable'", obj.Type())
	}
	g := b.instanceMember(obj, &syntax.Member{At: it.At, Name: "Add"}, true)
	fun, ok := g.(*group)
	if !ok {
		b.noMember(obj.Type(), "Add", false, it.Pos())
	}
	args := make([]arg, len(it.Values))
	for i, v := range it.Values {
		args[i] = arg{x: b.value(v), pos: v.Pos()}
	}
	return b.callGroup(fun, args)
}

// newArray binds new T[…]: sizes, items, or both when they agree.
func (b *binder) newArray(x *syntax.NewArray) Expr {
	if x.Elem == nil {
		return b.implicitArray(x)
	}
	elem := b.typ(x.Elem)
	out := &NewArray{Typed: Typed{types.RectangleOf(elem, x.Rank), x.Pos()}}
	for _, s := range x.Sizes {
		size := b.implicit(b.value(s), types.Int32)
		if c, ok := size.(*Const); ok && c.Value.(int32) < 0 {
			b.fail(size.Pos(), "CS0248", "Cannot create an array with a negative size")
		}
		out.Sizes = append(out.Sizes, size)
	}
	if x.Init == nil {
		return out
	}
	e := b.arrayInit(x.Init, out.T)
	dims := e.Dims
	if dims == nil {
		dims = []int{len(e.Items)}
	}
	for i, s := range out.Sizes {
		c, ok := s.(*Const)
		if !ok {
			b.fail(x.Sizes[i].Pos(), "CS0150", "A constant value is expected")
		}
		if n := c.Value.(int32); int(n) != dims[i] {
			b.fail(x.Init.Pos(), "CS0847", "An array initializer of length '%d' is expected", n)
		}
	}
	return e
}

// implicitArray is new[] { … }: the element type is the best common one.
func (b *binder) implicitArray(x *syntax.NewArray) Expr {
	leaves, dims := b.leaves(x.Init, x.Rank)
	items := make([]Expr, len(leaves))
	for i, it := range leaves {
		items[i] = b.value(it)
	}
	t := b.common(items)
	if t == nil {
		b.fail(x.Pos(), "CS0826", "No best type found for implicitly-typed array")
	}
	return b.arrayItems(items, types.RectangleOf(t, x.Rank), dims, x.Pos())
}

// leaves lists the items of an initialiser row by row and the lengths of its
// dimensions; every row must be as long as the first.
func (b *binder) leaves(x *syntax.ArrayInit, rank int) (items []syntax.Expr, dims []int) {
	if rank <= 1 {
		return x.Items, nil
	}
	for i, it := range x.Items {
		row, ok := it.(*syntax.ArrayInit)
		if !ok {
			b.fail(it.Pos(), "CS0846", "A nested array initializer is expected")
		}
		inner, below := b.leaves(row, rank-1)
		if below == nil {
			below = []int{len(inner)}
		}
		if i == 0 {
			dims = append([]int{len(x.Items)}, below...)
		}
		for k, n := range below {
			if n != dims[k+1] {
				b.fail(row.Pos(), "CS0847", "An array initializer of length '%d' is expected", dims[k+1])
			}
		}
		items = append(items, inner...)
	}
	if dims == nil {
		dims = make([]int, rank)
	}
	return items, dims
}

// arrayInit binds { a, b } as an array of a type.
func (b *binder) arrayInit(x *syntax.ArrayInit, t *types.Type) *NewArray {
	leaves, dims := b.leaves(x, t.Rank)
	items := make([]Expr, len(leaves))
	for i, it := range leaves {
		nested, ok := it.(*syntax.ArrayInit)
		if ok && t.Args[0].Kind == types.KindArray {
			items[i] = b.arrayInit(nested, t.Args[0])
			continue
		}
		items[i] = b.value(it)
	}
	return b.arrayItems(items, t, dims, x.Pos())
}

// arrayItems converts bound items to the element type.
func (b *binder) arrayItems(items []Expr, t *types.Type, dims []int, pos int) *NewArray {
	for i, it := range items {
		items[i] = b.implicit(it, t.Args[0])
	}
	return &NewArray{Typed: Typed{t, pos}, Items: items, Dims: dims}
}

// anonymous binds new { A = 1 }.
func (b *binder) anonymous(x *syntax.NewAnonymous) Expr {
	items := make([]Expr, len(x.Values))
	ts := make([]*types.Type, len(x.Values))
	for i, v := range x.Values {
		items[i] = b.typed(v)
		ts[i] = items[i].Type()
		if ts[i].Kind == types.KindNull {
			b.fail(v.Pos(), "CS0828", "Cannot assign '<null>' to anonymous type property")
		}
		for _, n := range x.Names[:i] {
			if n == x.Names[i] {
				b.fail(v.Pos(), "CS0833", "An anonymous type cannot have multiple properties with the same name")
			}
		}
	}
	return &NewObject{Typed{types.AnonymousOf(x.Names, ts...), x.Pos()}, items}
}
