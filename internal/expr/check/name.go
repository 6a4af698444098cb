package check

import (
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// name binds a simple name: a local, a local function, a type, a namespace.
func (b *binder) name(x *syntax.Name) Expr {
	if e := b.alias(x); e != nil {
		return e
	}
	if v := b.lookup(x.Name); v != nil && len(x.Args) == 0 {
		b.mention(b.paths[v])
		return b.use(v, x.Pos())
	}
	if f := b.localFunc(x.Name); f != nil {
		return &group{Typed: Typed{nil, x.Pos()}, name: x.Name, local: f, args: b.typs(x.Args)}
	}
	if t := b.typeNamed(x.Name, x.Args); t != nil && !(t.Keyword == x.Name && b.src[x.Pos()] == '@') {
		return &typeRef{Typed{nil, x.Pos()}, t}
	}
	if b.lib.IsNamespace(x.Name) {
		return &namespace{Typed{nil, x.Pos()}, x.Name}
	}
	b.fail(x.Pos(), "CS0103", "The name '%s' does not exist in the current context", x.Name)
	return nil
}

// member binds X.Name. Where it is invoked, a property that is no delegate does
// not count: list.Count(f) is the extension method.
func (b *binder) member(x *syntax.Member, invoked bool) Expr {
	switch recv := b.bind(x.X).(type) {
	case *namespace:
		full := recv.name + "." + x.Name
		if t := b.typeNamed(full, x.Args); t != nil {
			return &typeRef{Typed{nil, x.Pos()}, t}
		}
		if b.lib.IsNamespace(full) {
			return &namespace{Typed{nil, x.Pos()}, full}
		}
		b.fail(x.Pos(), "CS0234", "The type or namespace name '%s' does not exist in the namespace '%s' (are you missing an assembly reference?)", x.Name, recv.name)
	case *typeRef:
		return b.staticMember(recv.t, x, invoked)
	default:
		return b.instanceMember(b.receiver(recv), x, invoked)
	}
	return nil
}

// receiver checks that a member may be asked of e.
func (b *binder) receiver(e Expr) Expr {
	switch e := e.(type) {
	case *group:
		b.fail(e.At, "CS0119", "'%s' is a method, which is not valid in the given context", e.name)
	case *unbound, *defaultLit:
		b.fail(e.Pos(), "CS0023", "Operator '.' cannot be applied to operand of type 'lambda expression'")
	}
	t := e.Type()
	if t == nil || t.Kind == types.KindNull || t.Kind == types.KindVoid {
		b.fail(e.Pos(), "CS0023", "Operator '.' cannot be applied to operand of type '%s'", typeName(e))
	}
	return e
}

// staticMember binds Type.Name: an enum value, a nested type, a constant, a
// static property or a group of methods.
func (b *binder) staticMember(t *types.Type, x *syntax.Member, invoked bool) Expr {
	if t.Enum != nil {
		for i, n := range t.Enum.Names {
			if n == x.Name {
				if b.lib.Refused(t) {
					b.noMember(t, x.Name, true, x.Pos())
				}
				if _, denied := b.lib.Denied(t, x.Name); denied {
					b.denied(t, x.Name, x.Pos())
				}
				return &Const{Typed{t, x.Pos()}, types.Enum{Type: t, N: t.Enum.Values[i]}}
			}
		}
	}
	if nested := b.typeNamed(t.Full()+"."+x.Name, x.Args); nested != nil && len(t.Args) == 0 {
		return &typeRef{Typed{nil, x.Pos()}, nested}
	}
	var methods, instance []*types.Method
	for _, m := range b.membersOf(t, x.Name) {
		if m.Static {
			methods = append(methods, m)
		} else {
			instance = append(instance, m)
		}
	}
	if len(methods) == 0 {
		if invoked && len(instance) > 0 && instance[0].Form == types.FormMethod {
			return &group{Typed: Typed{nil, x.Pos()}, name: x.Name, owner: t, args: b.typs(x.Args), methods: instance, bare: true}
		}
		if len(instance) > 0 {
			b.fail(x.Pos(), "CS0120", "An object reference is required for the non-static field, method, or property '%s.%s'", t, x.Name)
		}
		b.noMember(t, x.Name, true, x.Pos())
	}
	if m := methods[0]; m.Form == types.FormProperty || m.Form == types.FormConst {
		return b.get(m, nil, nil, x.Pos())
	}
	return &group{Typed: Typed{nil, x.Pos()}, name: x.Name, owner: t, args: b.typs(x.Args), methods: methods}
}

// membersOf includes extension methods called as statics: Enumerable.Select(x, …).
func (b *binder) membersOf(t *types.Type, name string) []*types.Method {
	out := b.lib.Members(t, name)
	for _, m := range b.lib.Extensions(name) {
		if m.Owner == t.Definition() {
			out = append(out, m)
		}
	}
	return out
}

// instanceMember binds value.Name: a field, a property or a group of methods,
// extensions included.
func (b *binder) instanceMember(recv Expr, x *syntax.Member, invoked bool) Expr {
	t := recv.Type()
	if f := b.field(recv, x); f != nil {
		return f
	}
	var methods []*types.Method
	var statics []*types.Method
	var hidden *types.Method
	for _, m := range b.lib.Members(t, x.Name) {
		switch {
		case m.Static:
			statics = append(statics, m)
		case invoked && m.Form == types.FormProperty && m.Result.Kind != types.KindDelegate:
			hidden = m
		default:
			methods = append(methods, m)
		}
	}
	if len(methods) == 0 && hidden != nil && len(b.lib.Extensions(x.Name)) == 0 {
		b.fail(x.Pos(), "CS1955", "Non-invocable member '%s' cannot be used like a method.", hidden)
	}
	if len(methods) > 0 && methods[0].Form == types.FormProperty {
		return b.get(methods[0], recv, nil, x.Pos())
	}
	if x.Name == "Invoke" && t.Kind == types.KindDelegate {
		return &group{Typed: Typed{nil, x.Pos()}, name: x.Name, owner: t, recv: recv}
	}
	if len(methods) == 0 && len(b.lib.Extensions(x.Name)) == 0 {
		if len(statics) > 0 {
			b.fail(x.Pos(), "CS0176", "Member '%s.%s' cannot be accessed with an instance reference; qualify it with a type name instead", t, x.Name)
		}
		b.noMember(t, x.Name, false, x.Pos())
	}
	if len(methods) > 0 {
		b.peek(recv) // a method of the type itself is not a way to hand the object on
	}
	return &group{Typed: Typed{nil, x.Pos()}, name: x.Name, owner: t, recv: recv, args: b.typs(x.Args), methods: methods, statics: b.onlyStatics(statics, methods)}
}

// onlyStatics are the statics that are called where no method of an instance is: "a".Concat("b") is string.Concat.
func (b *binder) onlyStatics(statics, methods []*types.Method) []*types.Method {
	if len(methods) > 0 || len(statics) > 0 && statics[0].Form != types.FormMethod {
		return nil
	}
	return statics
}

// field binds the properties of anonymous objects and the items of tuples.
func (b *binder) field(recv Expr, x *syntax.Member) Expr {
	t := recv.Type()
	if t.Kind != types.KindAnonymous && t.Kind != types.KindTuple {
		return nil
	}
	for i, n := range t.Names {
		if n == x.Name {
			return &Field{Typed{t.Args[i], x.Pos()}, recv, i}
		}
	}
	if t.Kind == types.KindTuple {
		for i := range t.Args {
			if x.Name == "Item"+string(rune('1'+i)) {
				return &Field{Typed{t.Args[i], x.Pos()}, recv, i}
			}
		}
	}
	return nil
}

// get reads a property, indexer or constant.
func (b *binder) get(m *types.Method, recv Expr, args []Expr, pos int) Expr {
	b.allow(m, pos)
	if m.Form == types.FormConst {
		return &Const{Typed{m.Result, pos}, m.Row.Const}
	}
	e := &Call{Typed: Typed{m.Result, pos}, Method: m, Recv: recv, Args: args}
	b.follow(recv, e)
	return e
}

// arrayIndex converts an index to the first of int, uint, long, ulong it fits.
func (b *binder) arrayIndex(i Expr) Expr {
	for _, want := range []*types.Type{types.Int32, types.UInt32, types.Int64, types.UInt64} {
		if c, _ := b.classify(i, want); c != types.NoConversion {
			return b.implicit(i, want)
		}
	}
	return b.implicit(i, types.Int32)
}

// index binds X[Args].
func (b *binder) index(x *syntax.Index) Expr {
	recv := b.value(x.X)
	if t := recv.Type(); t != nil && t.Kind == types.KindNull {
		b.fail(x.Pos(), "CS0021", "Cannot apply indexing with [] to an expression of type '<null>'")
	}
	recv = b.receiver(recv)
	t := recv.Type()
	if t.Kind == types.KindArray {
		if n := max(t.Rank, 1); len(x.Args) != n {
			b.fail(x.Pos(), "CS0022", "Wrong number of indices inside []; expected %d", n)
		}
		e := &Element{Typed: Typed{t.Args[0], x.Pos()}, X: recv}
		for _, a := range x.Args {
			e.Indexes = append(e.Indexes, b.arrayIndex(b.value(a.X)))
		}
		return e
	}
	methods := b.lib.Members(t, "Item")
	var indexers []*types.Method
	for _, m := range methods {
		if m.Form == types.FormIndexer {
			indexers = append(indexers, m)
		}
	}
	if len(indexers) == 0 {
		if t.Kind == types.KindDynamic || b.lib.Refused(t) {
			b.noMember(t, "Item", false, x.Pos())
		}
		b.fail(x.Pos(), "CS0021", "Cannot apply indexing with [] to an expression of type '%s'", t)
	}
	return b.invoke(indexers, recv, b.args(x.Args), nil, x.Pos(), "this")
}
