package check

import (
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// assign binds = and the compound forms, deconstruction and discards.
func (b *binder) assign(x *syntax.Assign) Expr {
	if t, ok := x.X.(*syntax.Tuple); ok && x.Op == "=" {
		return b.deconstruct(t, b.typed(x.Y), x.Pos())
	}
	if c, ok := x.X.(*syntax.Call); ok && x.Op == "=" {
		if e := b.varTuple(c, x); e != nil {
			return e
		}
	}
	if n, ok := x.X.(*syntax.Name); ok && n.Name == "_" && x.Op == "=" && b.lookup("_") == nil {
		return &Assign{Typed: Typed{types.Void, x.Pos()}, Value: b.typed(x.Y)}
	}
	target := b.assignable(b.value(x.X), x.X.Pos())
	if x.Op != "=" {
		return b.compound(target, x.Op[:len(x.Op)-1], b.value(x.Y), false, x.Pos())
	}
	b.writable(target, x.Pos())
	return &Assign{Typed: Typed{target.Type(), x.Pos()}, Target: target, Value: b.implicit(b.value(x.Y), target.Type())}
}

// assignable checks that e is a variable, element, property or indexer.
func (b *binder) assignable(e Expr, pos int) Expr {
	switch e := e.(type) {
	case *Local:
		if e.Var.ReadOnly != "" {
			b.fail(pos, "CS1656", "Cannot assign to '%s': %s", e.Var.Name, e.Var.ReadOnly)
		}
		return e
	case *Element:
		return e
	case *Field:
		if e.X.Type().Kind == types.KindTuple {
			b.assignable(e.X, pos)
			return e
		}
		b.fail(pos, "CS0200", "Property or indexer '%s.%s' cannot be assigned to -- it is read only", e.X.Type(), e.X.Type().Names[e.N])
	case *Call:
		if e.Method.Form == types.FormProperty || e.Method.Form == types.FormIndexer {
			return e
		}
	case *group:
		b.fail(pos, "CS1656", "Cannot assign to '%s' because it is a 'method group'", e.name)
	case *Access:
		b.fail(pos, "CS0131", "The left-hand side of an assignment must be a variable, property or indexer")
	}
	b.fail(pos, "CS0131", "The left-hand side of an assignment must be a variable, property or indexer")
	return nil
}

// writable refuses a property or indexer without a setter.
func (b *binder) writable(e Expr, pos int) {
	if c, ok := e.(*Call); ok && c.Method.Row.Set.Call == nil {
		b.fail(pos, "CS0200", "Property or indexer '%s' cannot be assigned to -- it is read only", c.Method)
	}
}

// compound binds target op= value: the result is converted back to the type of
// the target, explicitly where the operator widened it.
func (b *binder) compound(target Expr, op string, value Expr, post bool, pos int) Expr {
	b.writable(target, pos)
	b.settle(value)
	t := target.Type()
	old := b.temp(t)
	r := b.operate(op, &Local{Typed{t, pos}, old}, value, pos)
	if c, _ := b.classify(r, t); c != types.NoConversion {
		r = b.implicit(r, t)
	} else {
		okRight, _ := b.classify(value, t)
		shift := op == "<<" || op == ">>"
		if !primitive(t.Underlying()) || okRight == types.NoConversion && !shift {
			b.noConversion(r, t)
		}
		r = b.cast(r, t, pos)
	}
	return &Assign{Typed{t, pos}, target, r, old, post}
}

// increment is ++ and --: a compound assignment of one, of the same type.
func (b *binder) increment(x syntax.Expr, op string, post bool, pos int) Expr {
	operand := b.value(x)
	if c, ok := operand.(*Const); ok {
		b.fail(c.At, "CS1059", "The operand of an increment or decrement operator must be a variable, property or indexer")
	}
	target := b.assignable(operand, pos)
	t := target.Type()
	if u := t.Underlying(); !primitive(u) && u.Kind != types.KindDecimal && u.Kind != types.KindEnum {
		b.fail(pos, "CS0023", "Operator '%s' cannot be applied to operand of type '%s'", op, t)
	}
	one := &Const{Typed{types.Int32, pos}, int32(1)}
	if u := t.Underlying(); primitive(u) {
		v, _ := types.ConvertNumber(int32(1), u.Kind, false)
		one = &Const{Typed{u, pos}, v}
	}
	return b.compound(target, op[:1], one, post, pos)
}

// varTuple is var (a, b) = t, which parses as a call of var.
func (b *binder) varTuple(c *syntax.Call, x *syntax.Assign) Expr {
	n, ok := c.Fun.(*syntax.Name)
	if !ok || n.Name != "var" || b.lookup("var") != nil {
		return nil
	}
	t := &syntax.Tuple{At: c.At}
	for _, a := range c.Args {
		name, ok := a.X.(*syntax.Name)
		if !ok {
			return nil
		}
		t.Names = append(t.Names, "")
		t.Items = append(t.Items, &syntax.Declare{At: name.At, Name: name.Name})
	}
	return b.deconstruct(t, b.typed(x.Y), x.Pos())
}

// deconstruct assigns the items of a tuple to variables old and new.
func (b *binder) deconstruct(t *syntax.Tuple, value Expr, pos int) Expr {
	vt := value.Type()
	if vt.Kind != types.KindTuple || len(vt.Args) != len(t.Items) {
		b.fail(pos, "CS8129", "No suitable 'Deconstruct' instance or extension method was found for type '%s', with %d out parameters and a void return type.", vt, len(t.Items))
	}
	v := b.temp(vt)
	out := &Deconstruct{Typed: Typed{vt, pos}, X: value, Var: v}
	for i, it := range t.Items {
		item := Expr(&Field{Typed{vt.Args[i], pos}, &Local{Typed{vt, pos}, v}, i})
		var target Expr
		switch d := it.(type) {
		case *syntax.Declare:
			ty := vt.Args[i]
			if d.Type != nil {
				ty = b.typ(d.Type)
			}
			target = b.use(b.declare(d.Name, ty, d.Pos()), d.Pos())
		case *syntax.Name:
			if d.Name == "_" && b.lookup("_") == nil {
				continue
			}
			target = b.assignable(b.value(d), d.Pos())
		default:
			target = b.assignable(b.value(d), d.Pos())
		}
		b.writable(target, pos)
		out.Assigns = append(out.Assigns, &Assign{Typed: Typed{target.Type(), pos}, Target: target, Value: b.implicit(item, target.Type())})
	}
	return out
}

// tuple binds a tuple literal; items that are names lend theirs.
func (b *binder) tuple(x *syntax.Tuple) Expr {
	items := make([]Expr, len(x.Items))
	ts := make([]*types.Type, len(x.Items))
	names := make([]string, len(x.Items))
	for i, it := range x.Items {
		items[i] = b.value(it)
		names[i] = x.Names[i]
		if n, ok := it.(*syntax.Name); ok && names[i] == "" {
			names[i] = n.Name
		}
		if m, ok := it.(*syntax.Member); ok && names[i] == "" {
			names[i] = m.Name
		}
		ts[i] = items[i].Type()
		if ts[i] == nil {
			ts[i] = types.Null
		}
	}
	return &NewObject{Typed{types.TupleOf(names, ts...), x.Pos()}, items}
}

// tupleTo converts the items of a tuple literal.
func (b *binder) tupleTo(n *NewObject, t *types.Type) Expr {
	out := &NewObject{Typed: Typed{t, n.At}}
	for i, it := range n.Items {
		out.Items = append(out.Items, b.implicit(it, t.Args[i]))
	}
	return out
}
