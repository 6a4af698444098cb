package check

import (
	"math"

	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// What bind may give besides values: these have no type until they are used.
type (
	// typeRef is a type in the place of an expression.
	typeRef struct {
		Typed
		t *types.Type
	}
	// namespace is the beginning of a qualified name.
	namespace struct {
		Typed
		name string
	}
	// group is a method name not yet called.
	group struct {
		Typed
		name    string
		recv    Expr        // nil for statics
		owner   *types.Type // of statics, or the type of recv
		args    []*types.Type
		local   *LocalFunc
		methods []*types.Method
		bare    bool            // instance methods without an instance
		statics []*types.Method // statics named through an instance
	}
	// unbound is a lambda whose parameter types are not known yet.
	unbound struct {
		Typed
		syn   *syntax.Lambda
		scope *scope
		fn    *Func
	}
	// defaultLit is the literal default.
	defaultLit struct{ Typed }
)

// value binds an expression that must have a value.
func (b *binder) value(x syntax.Expr) Expr {
	return b.rvalue(b.bind(x))
}

// rvalue refuses a type or a namespace where a value is needed.
func (b *binder) rvalue(e Expr) Expr {
	switch e := e.(type) {
	case *typeRef:
		b.fail(e.At, "CS0119", "'%s' is a type, which is not valid in the given context", e.t)
	case *namespace:
		b.fail(e.At, "CS0118", "'%s' is a namespace but is used like a variable", e.name)
	}
	return e
}

// typed binds an expression whose type must be known, and be a value.
func (b *binder) typed(x syntax.Expr) Expr { return b.settle(b.value(x)) }

// settle refuses what has no type of its own: lambdas, method groups, default.
func (b *binder) settle(e Expr) Expr {
	switch e := e.(type) {
	case *group:
		b.fail(e.At, "CS0428", "Cannot convert method group '%s' to non-delegate type 'object'. Did you intend to invoke the method?", e.name)
	case *unbound:
		b.fail(e.At, "CS1660", "Cannot convert lambda expression to type 'object' because it is not a delegate type")
	case *defaultLit:
		b.fail(e.At, "CS8716", "There is no target type for the default literal.")
	}
	if t := e.Type(); t != nil && t.Kind == types.KindVoid {
		b.fail(e.Pos(), "CS0023", "An expression of type 'void' has no value")
	}
	return e
}

// bind binds any expression; types, namespaces and method groups included.
func (b *binder) bind(x syntax.Expr) Expr {
	b.spend(x.Pos())
	if b.depth++; b.depth > maxDepth {
		b.fail(x.Pos(), "CS8078", "An expression is too long or complex to compile")
	}
	defer func() { b.depth-- }()
	switch x := x.(type) {
	case *syntax.Literal:
		return literal(x, b)
	case *syntax.Interp:
		return b.interpolation(x)
	case *syntax.Name:
		return b.name(x)
	case *syntax.Member:
		return b.member(x, false)
	case *syntax.Access:
		return b.access(x)
	case *syntax.Hole:
		return b.use(b.holes[len(b.holes)-1], x.Pos())
	case *syntax.Call:
		return b.call(x)
	case *syntax.Index:
		return b.index(x)
	case *syntax.Unary:
		return b.unary(x)
	case *syntax.Postfix:
		return b.increment(x.X, x.Op, true, x.Pos())
	case *syntax.Binary:
		return b.binary(x)
	case *syntax.Assign:
		return b.assign(x)
	case *syntax.Cond:
		return b.conditional(x)
	case *syntax.Paren:
		return b.rvalue(b.bind(x.X))
	}
	return b.bindRare(x)
}

// bindRare is bind for the expressions that are not on the way of most policies.
func (b *binder) bindRare(x syntax.Expr) Expr {
	switch x := x.(type) {
	case *syntax.Cast:
		return b.cast(b.value(x.X), b.typ(x.Type), x.Pos())
	case *syntax.As:
		return b.as(x)
	case *syntax.Is:
		return b.is(x)
	case *syntax.New:
		return b.create(x)
	case *syntax.NewArray:
		return b.newArray(x)
	case *syntax.ArrayInit:
		b.fail(x.Pos(), "CS0622", "Can only use array initializer expressions to assign to array types. Try using a new expression instead.")
	case *syntax.NewAnonymous:
		return b.anonymous(x)
	case *syntax.Lambda:
		return &unbound{Typed{nil, x.Pos()}, x, b.scope, b.fn}
	case *syntax.Tuple:
		return b.tuple(x)
	case *syntax.Declare:
		b.fail(x.Pos(), "CS8185", "A declaration is not allowed in this context.")
	case *syntax.Default:
		if x.Type == nil {
			return &defaultLit{Typed{nil, x.Pos()}}
		}
		return b.zero(b.typ(x.Type), x.Pos())
	case *syntax.TypeOf:
		return &Const{Typed{types.TypeT, x.Pos()}, types.TypeValue{T: b.typ(x.Type)}}
	case *syntax.NameOf:
		return b.nameOf(x)
	case *syntax.Checked:
		old, oldUn := b.checked, b.unchecked
		b.checked, b.unchecked = x.On, !x.On
		e := b.value(x.X)
		b.checked, b.unchecked = old, oldUn
		return e
	case *syntax.Throw:
		return b.throw(x.X, x.Pos())
	case *syntax.TypeName:
		return &typeRef{Typed{nil, x.Pos()}, b.typ(x.Type)}
	case *syntax.Query:
		return b.query(x)
	case *aliased:
		return b.aliases(x)
	}
	b.fail(x.Pos(), "CS1525", "Invalid expression term")
	return nil
}

// literal binds a literal; a decimal one is parsed by the library.
func literal(x *syntax.Literal, b *binder) Expr {
	at := x.Pos()
	switch v := x.Value.(type) {
	case nil:
		return &Const{Typed{types.Null, at}, nil}
	case syntax.Char:
		return &Const{Typed{types.CharT, at}, types.Char(v)}
	case syntax.Decimal:
		text := &Const{Typed{types.String, at}, string(v)}
		return b.foldDecimal(b.invoke(b.lib.Declares(types.Decimal, "Parse"), nil, []arg{{x: text, pos: at}}, nil, at, "decimal"))
	default:
		return &Const{Typed{b.lib.TypeOf(v), at}, v}
	}
}

// zero is default(T).
func (b *binder) zero(t *types.Type, pos int) Expr {
	if t.Kind == types.KindDecimal || t.Kind == types.KindParam || t.IsValue() && types.Zero(t) == nil && t.Kind != types.KindNullable {
		return &Zero{Typed{t, pos}}
	}
	return &Const{Typed{t, pos}, types.Zero(t)}
}

// nameOf is the name alone, but what it names must exist.
func (b *binder) nameOf(x *syntax.NameOf) Expr {
	name := ""
	switch y := x.X.(type) {
	case *syntax.Name:
		if b.lookup(y.Name) == nil && b.lib.Lookup(y.Name, len(y.Args)) == nil && !b.lib.IsNamespace(y.Name) {
			b.value(y)
		}
		name = y.Name
	case *syntax.Member:
		name = y.Name
	case *syntax.TypeName:
		name = b.typ(y.Type).Name
	default:
		b.fail(x.Pos(), "CS8081", "Expression does not have a name.")
	}
	return &Const{Typed{types.String, x.Pos()}, name}
}

// throw binds a throw expression, which converts to anything.
func (b *binder) throw(x syntax.Expr, pos int) Expr {
	return &Throw{Typed{nil, pos}, b.thrown(x)}
}

// thrown binds what throw throws.
func (b *binder) thrown(x syntax.Expr) Expr {
	v := b.value(x)
	if c, _ := b.classify(v, types.ExceptionT); c == types.NoConversion {
		b.fail(x.Pos(), "CS0155", "The type caught or thrown must be derived from System.Exception")
	}
	return b.implicit(v, types.ExceptionT)
}

// interpolation becomes a join of texts.
func (b *binder) interpolation(x *syntax.Interp) Expr {
	out := &Concat{Typed: Typed{types.String, x.Pos()}}
	constant := true
	for _, p := range x.Parts {
		if p.X == nil {
			out.Parts = append(out.Parts, Part{Text: p.Text})
			continue
		}
		constant = false
		part := Part{X: b.typed(p.X), Format: p.Format}
		if p.Align != nil {
			c, ok := b.implicit(b.value(p.Align), types.Int32).(*Const)
			if !ok {
				b.fail(p.Align.Pos(), "CS0150", "A constant value is expected")
			}
			part.Align = int(c.Value.(int32))
			if part.Align > math.MaxInt16 || part.Align < -math.MaxInt16 {
				b.fail(p.Align.Pos(), "CS8095", "Alignment value %d has a magnitude greater than 32767 and may result in a large formatted string.", part.Align)
			}
		}
		out.Parts = append(out.Parts, part)
	}
	if constant {
		s := ""
		for _, p := range out.Parts {
			s += p.Text
		}
		return &Const{Typed{types.String, x.Pos()}, s}
	}
	return out
}

// access binds X?.Rest. The value is null, of the nullable type, when X is.
func (b *binder) access(x *syntax.Access) Expr {
	recv := b.settleDefault(b.value(x.X))
	if _, ok := recv.(*defaultLit); ok {
		b.fail(x.Pos(), "CS0023", "Operator '?' cannot be applied to operand of type 'default'")
	}
	t := recv.Type()
	if t.Kind == types.KindNull || t.IsValue() && t.Kind != types.KindNullable {
		b.fail(x.Pos(), "CS0023", "Operator '?' cannot be applied to operand of type '%s'", t)
	}
	hole := b.temp(t.Underlying())
	if p := b.path(recv); p != "" {
		b.paths[hole] = p
	}
	b.holes = append(b.holes, hole)
	rest := b.rvalue(b.bind(x.Rest))
	b.holes = b.holes[:len(b.holes)-1]
	if g, ok := rest.(*group); ok {
		b.fail(g.At, "CS0023", "Operator '?' cannot be applied to operand of type 'method group'")
	}
	rt := rest.Type()
	if rt.Kind != types.KindVoid && rt.IsValue() && rt.Kind != types.KindNullable {
		rest = b.implicit(rest, types.NullableOf(rt))
		rt = rest.Type()
	}
	return &Access{Typed{rt, x.Pos()}, recv, hole, rest}
}

// conditional gives both branches their common type.
func (b *binder) conditional(x *syntax.Cond) Expr {
	c := b.implicit(b.value(x.C), types.Bool)
	p, q := b.value(x.X), b.value(x.Y)
	t := b.common([]Expr{p, q})
	if t == nil {
		pt, qt := typeName(p), typeName(q)
		b.fail(x.Pos(), "CS0173", "Type of conditional expression cannot be determined because there is no implicit conversion between '%s' and '%s'", pt, qt)
	}
	p, q = b.implicit(p, t), b.implicit(q, t)
	if cc, ok := c.(*Const); ok {
		pc, ok1 := p.(*Const)
		qc, ok2 := q.(*Const)
		if ok1 && ok2 {
			if cc.Value.(bool) {
				return pc
			}
			return qc
		}
	}
	return &Cond{Typed{t, x.Pos()}, c, p, q}
}

// typeName names the type of an expression in messages.
func typeName(e Expr) string {
	switch e.(type) {
	case *unbound:
		return "lambda expression"
	case *group:
		return "method group"
	case *defaultLit:
		return "default"
	}
	return e.Type().String()
}

// common finds the type all expressions convert to, one of theirs; nil when
// there is none.
func (b *binder) common(es []Expr) *types.Type {
	var best *types.Type
	for _, e := range es {
		t := e.Type()
		if t == nil || t.Kind == types.KindNull {
			continue
		}
		if best == nil {
			best = t
			continue
		}
		if best.Same(t) {
			continue
		}
		if c, _ := b.classify(e, best); c != types.NoConversion {
			if d, _ := b.lib.Implicit(best, t); d == types.NoConversion || constantOnly(e) {
				continue
			}
		}
		best = t
	}
	if best == nil {
		return nil
	}
	for _, e := range es {
		if c, _ := b.classify(e, best); c == types.NoConversion {
			return nil
		}
	}
	return best
}

// constantOnly reports an integer constant, which may convert by its value.
func constantOnly(e Expr) bool { _, ok := e.(*Const); return ok && e.Type().IsInteger() }
