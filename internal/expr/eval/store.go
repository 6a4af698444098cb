package eval

import (
	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// assign compiles = and, with Old set, the compound forms and ++ --.
func (c *compiler) assign(e *check.Assign) code {
	if e.Target == nil {
		x := c.any(e.Value)
		return code{t: types.Void, rep: repVoid, v: func(f *frame) { x(f) }}
	}
	if l, ok := e.Target.(*check.Local); ok {
		return c.assignLocal(e, l)
	}
	place := c.place(e.Target)
	value := c.expr(e.Value).as(e.T).boxed()
	if e.Old == nil {
		return anyCode(e.T, func(f *frame) any {
			p := place(f)
			v := value(f)
			p.set(f, v)
			return v
		})
	}
	old, t, post := c.slotOf(e.Old), e.Old.Type, e.Post
	return anyCode(e.T, func(f *frame) any {
		p := place(f)
		before := p.get(f)
		putAny(old(f), t, before)
		v := value(f)
		p.set(f, v)
		if post {
			return before
		}
		return v
	})
}

// assignLocal stores in a variable without boxing it.
func (c *compiler) assignLocal(e *check.Assign, l *check.Local) code {
	at := c.slotOf(l.Var)
	put := store(c.expr(e.Value).as(l.Var.Type), at)
	read := load(l.Var.Type, at)
	if e.Old != nil {
		old := store(read, c.slotOf(e.Old))
		inner := put
		put = func(f *frame) { old(f); inner(f) }
		if e.Post {
			read = load(e.Old.Type, c.slotOf(e.Old))
		}
	}
	out := code{t: e.T, rep: read.rep}
	switch read.rep {
	case repBool:
		out.b = func(f *frame) bool { put(f); return read.b(f) }
	case repInt:
		out.i = func(f *frame) int64 { put(f); return read.i(f) }
	case repFloat:
		out.f = func(f *frame) float64 { put(f); return read.f(f) }
	case repStr:
		out.s = func(f *frame) (string, bool) { put(f); return read.s(f) }
	default:
		out.a = func(f *frame) any { put(f); return read.a(f) }
	}
	return out
}

// place is an assignable thing whose receiver and indexes have been evaluated.
type place interface {
	get(f *frame) any
	set(f *frame, v any)
}

// place compiles an assignable expression: its receiver and indexes are evaluated
// once, however often the place is read and written.
func (c *compiler) place(e check.Expr) func(*frame) place {
	switch e := e.(type) {
	case *check.Local:
		at, t := c.slotOf(e.Var), e.Var.Type
		return func(f *frame) place { return &slotPlace{at(f), t} }
	case *check.Element:
		x, at := c.any(e.X), c.position(e)
		return func(f *frame) place {
			a := x(f)
			n := at(f, a)
			if a == nil {
				nullReference()
			}
			return &elementPlace{a, n}
		}
	case *check.Field:
		inner, n := c.place(e.X), e.N
		return func(f *frame) place { return &itemPlace{inner(f), n} }
	case *check.Call:
		p := c.prepare(e)
		return func(f *frame) place {
			m := &memberPlace{p: p, this: p.receiver(f), args: make([]any, len(p.args))}
			p.evaluate(f, m.args)
			return m
		}
	}
	panic("not a place")
}

// storeAny writes a boxed value into an assignable expression.
func (c *compiler) storeAny(e check.Expr) func(*frame, any) {
	if l, ok := e.(*check.Local); ok {
		at, t := c.slotOf(l.Var), l.Var.Type
		return func(f *frame, v any) { putAny(at(f), t, v) }
	}
	place := c.place(e)
	return func(f *frame, v any) { place(f).set(f, v) }
}

type slotPlace struct {
	s *slot
	t *types.Type
}

func (p *slotPlace) get(*frame) any      { return takeAny(p.s, p.t) }
func (p *slotPlace) set(_ *frame, v any) { putAny(p.s, p.t, v) }

type elementPlace struct {
	array any
	i     int64
}

func (p *elementPlace) get(*frame) any { return elementAt(p.array, p.i) }

func (p *elementPlace) set(f *frame, v any) {
	elementAt(p.array, p.i)
	switch a := p.array.(type) {
	case *types.ByteArray:
		n, _ := types.Unbox(v)
		a.B[p.i] = byte(n)
	case *types.Array:
		if v != nil && a.Elem.IsReference() && !f.env.Library.Is(v, a.Elem) {
			throwNew(types.ArrayTypeMismatch, "Attempted to access an element as a type incompatible with the array.")
		}
		a.Items[p.i] = v
	}
}

// itemPlace is an item of a tuple, which is replaced as a whole.
type itemPlace struct {
	tuple place
	n     int
}

func (p *itemPlace) get(f *frame) any { return p.tuple.get(f).(*types.Tuple).Items[p.n] }

func (p *itemPlace) set(f *frame, v any) {
	old := p.tuple.get(f).(*types.Tuple)
	items := append([]types.Value{}, old.Items...)
	items[p.n] = v
	p.tuple.set(f, &types.Tuple{Type: old.Type, Items: items})
}

// memberPlace is a property or indexer.
type memberPlace struct {
	p    *prepared
	this any
	args []any
}

// call runs a getter or setter on the receiver and indexes that were evaluated.
func (m *memberPlace) call(f *frame, fn types.Fn, args []any) any {
	f.step()
	m.p.read(f, m.this, args)
	v, err := fn.Call(&types.Call{Env: f.env, This: m.this, Args: args, Owner: m.p.owner, Method: m.p.method})
	if err != nil {
		throw(err)
	}
	return v
}

func (m *memberPlace) get(f *frame) any { return m.call(f, m.p.method.Row.Do, m.args) }

func (m *memberPlace) set(f *frame, v any) {
	args := make([]any, len(m.args)+1)
	copy(args, m.args)
	args[len(m.args)] = v
	m.call(f, m.p.method.Row.Set, args)
}

// elementAt reads an element, or throws as an array does.
func elementAt(array any, i int64) any {
	switch a := array.(type) {
	case nil:
		nullReference()
	case *types.ByteArray:
		if i >= 0 && i < int64(len(a.B)) {
			return a.B[i]
		}
	case *types.Array:
		if i >= 0 && i < int64(len(a.Items)) {
			return a.Items[i]
		}
	}
	throwNew(types.IndexOutOfRange, "Index was outside the bounds of the array.")
	return nil
}

// element reads an element of an array.
func (c *compiler) element(e *check.Element) code {
	x, at := c.any(e.X), c.position(e)
	return anyCode(e.T, func(f *frame) any {
		a := x(f)
		return elementAt(a, at(f, a))
	})
}

// position compiles the indexes of an element into its place among the items.
func (c *compiler) position(e *check.Element) func(*frame, any) int64 {
	at := make([]func(*frame) int64, len(e.Indexes))
	for i, x := range e.Indexes {
		at[i] = c.expr(x).as(x.Type()).i
	}
	if len(at) == 1 {
		first := at[0]
		return func(f *frame, _ any) int64 { return first(f) }
	}
	return func(f *frame, v any) int64 {
		n, outside := int64(0), false
		a, _ := v.(*types.Array)
		for i, x := range at {
			k := x(f)
			if a != nil {
				outside = outside || k < 0 || k >= int64(a.Dims[i])
				n = n*int64(a.Dims[i]) + k
			}
		}
		if outside {
			return -1
		}
		return n
	}
}

// field reads an item of a tuple or a property of an anonymous object.
func (c *compiler) field(e *check.Field) code {
	x, n := c.any(e.X), e.N
	return anyCode(e.T, func(f *frame) any {
		switch v := x(f).(type) {
		case *types.Tuple:
			return v.Items[n]
		case *types.Anonymous:
			return v.Items[n]
		}
		nullReference()
		return nil
	})
}

// newArray makes an array of given items or of given sizes.
func (c *compiler) newArray(e *check.NewArray) code {
	elem := e.T.Args[0]
	if len(e.Sizes) > 0 {
		return c.sizedArray(e)
	}
	items, dims := make([]func(*frame) any, len(e.Items)), e.Dims
	for i, it := range e.Items {
		items[i] = c.any(it)
	}
	if elem.Kind == types.KindByte && e.Dims == nil {
		return code{t: e.T, rep: repAny, a: func(f *frame) any {
			f.charge(len(items))
			out := &types.ByteArray{B: make([]byte, len(items))}
			for i, it := range items {
				n, _ := types.Unbox(it(f))
				out.B[i] = byte(n)
			}
			return out
		}}
	}
	return code{t: e.T, rep: repAny, a: func(f *frame) any {
		f.charge(16 * len(items))
		out := &types.Array{Elem: elem, Items: make([]types.Value, len(items)), Dims: dims}
		for i, it := range items {
			out.Items[i] = it(f)
		}
		return out
	}}
}

// sizedArray makes an array of default values; its size is charged first.
func (c *compiler) sizedArray(e *check.NewArray) code {
	elem := e.T.Args[0]
	sizes := make([]func(*frame) int64, len(e.Sizes))
	for i, s := range e.Sizes {
		sizes[i] = c.expr(s).as(types.Int32).i
	}
	return code{t: e.T, rep: repAny, a: func(f *frame) any {
		total, dims := int64(1), make([]int, len(sizes))
		for i, s := range sizes {
			n := s(f)
			if n < 0 {
				throwNew(types.Overflow, "Arithmetic operation resulted in an overflow.")
			}
			total, dims[i] = total*n, int(n)
			f.charge(int(total)) // before the next factor can overflow
		}
		if len(dims) == 1 {
			dims = nil
		}
		return emptyArray(f, elem, total, dims)
	}}
}

// emptyArray fills n items with the default of their type.
func emptyArray(f *frame, elem *types.Type, n int64, dims []int) any {
	if elem.Kind == types.KindByte && dims == nil {
		return &types.ByteArray{B: make([]byte, n)}
	}
	f.charge(int(n) * 16)
	items := make([]types.Value, n)
	if z := types.Zero(elem); z != nil {
		for i := range items {
			items[i] = z
		}
	}
	return &types.Array{Elem: elem, Items: items, Dims: dims}
}

// newObject makes a tuple or an anonymous object.
func (c *compiler) newObject(e *check.NewObject) code {
	items := make([]func(*frame) any, len(e.Items))
	for i, it := range e.Items {
		items[i] = c.any(it)
	}
	t := e.T
	return code{t: t, rep: repAny, a: func(f *frame) any {
		f.charge(16 * len(items))
		vs := make([]types.Value, len(items))
		for i, it := range items {
			vs[i] = it(f)
		}
		if t.Kind == types.KindTuple {
			return &types.Tuple{Type: t, Items: vs}
		}
		return &types.Anonymous{Type: t, Items: vs}
	}}
}

// init runs an initialiser on a fresh object before anyone else sees it.
func (c *compiler) init(e *check.Init) code {
	x := store(c.expr(e.X).as(e.Var.Type), c.slotOf(e.Var))
	steps := make([]func(*frame), len(e.Steps))
	for i, s := range e.Steps {
		steps[i] = c.effect(s)
	}
	read := load(e.Var.Type, c.slotOf(e.Var)).boxed()
	return anyCode(e.T, func(f *frame) any {
		x(f)
		for _, s := range steps {
			s(f)
		}
		return read(f)
	})
}

// deconstruct evaluates the whole tuple before it assigns the first item, so
// that variables can swap.
func (c *compiler) deconstruct(e *check.Deconstruct) code {
	x := store(c.expr(e.X), c.slotOf(e.Var))
	steps := make([]func(*frame), len(e.Assigns))
	for i, s := range e.Assigns {
		steps[i] = c.effect(s)
	}
	read := load(e.T, c.slotOf(e.Var)).boxed()
	return anyCode(e.T, func(f *frame) any {
		x(f)
		for _, s := range steps {
			s(f)
		}
		return read(f)
	})
}

// effect compiles an expression whose value is not wanted.
func (c *compiler) effect(e check.Expr) func(*frame) {
	x := c.expr(e)
	switch x.rep {
	case repBool:
		return func(f *frame) { x.b(f) }
	case repInt:
		return func(f *frame) { x.i(f) }
	case repFloat:
		return func(f *frame) { x.f(f) }
	case repStr:
		return func(f *frame) { x.s(f) }
	case repVoid:
		return x.v
	}
	return func(f *frame) { x.a(f) }
}
