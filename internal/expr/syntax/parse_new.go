package syntax

// newExpr reads what follows new: an object, an array or an anonymous object.
func (p *parser) newExpr() Expr {
	t := p.advance()
	at := At(t.pos)
	switch {
	case p.isOp("{"):
		return p.anonymous(at)
	case p.isOp("[") && p.emptyRank() > 0:
		rank := p.emptyRank()
		p.i += rank + 1
		if !p.isOp("{") {
			p.unexpected("{", "CS1514")
		}
		return &NewArray{At: at, Rank: rank, Init: p.arrayInit()}
	case p.isOp("("):
		if !p.tupleAhead() {
			p.refuse(t.pos, "target-typed object creation", "9.0")
		}
	}
	ty := p.newType()
	if p.isOp("[") {
		return p.newArray(at, ty)
	}
	if ty.Array != nil {
		if !p.isOp("{") {
			p.failAt(p.cur().pos, "CS1586", "Array creation must have array size or array initializer")
		}
		return &NewArray{At: at, Elem: ty.Array, Rank: ty.Rank, Init: p.arrayInit()}
	}
	n := &New{At: at, Type: ty}
	parens := p.isOp("(")
	if parens {
		n.Args = p.args("(", ")")
	}
	if p.isOp("{") {
		n.Init = p.initialiser()
	} else if !parens {
		p.failAt(p.cur().pos, "CS1526", "A new expression requires (), [], or {} after type")
	}
	return n
}

// tupleAhead reports whether ( begins a tuple type: new (int, string)[] { … }.
func (p *parser) tupleAhead() bool {
	start := p.i
	defer func() { p.i = start }()
	return p.try(func() bool {
		p.tupleType()
		return p.isOp("[")
	})
}

// newType reads a type without sizes: new int[3] keeps its bracket.
func (p *parser) newType() *TypeExpr {
	p.enter()
	defer p.leave()
	return p.typeSuffix(p.baseType(), true)
}

// newArray reads sizes, further ranks and an initialiser.
func (p *parser) newArray(at At, elem *TypeExpr) Expr {
	p.expect("[")
	n := &NewArray{At: at, Elem: elem}
	for {
		n.Sizes = append(n.Sizes, p.expr())
		if !p.accept(",") {
			break
		}
	}
	p.expect("]")
	n.Rank = len(n.Sizes)
	for p.isOp("[") && p.emptyRank() > 0 {
		rank := p.emptyRank()
		p.i += rank + 1
		n.Elem = arrayOf(n.Elem, rank, at)
	}
	if p.isOp("[") {
		p.failAt(p.cur().pos, "CS0178", "Invalid rank specifier: expected ',' or ']'")
	}
	if p.isOp("{") {
		n.Init = p.arrayInit()
	}
	return n
}

// arrayInit reads { a, { b } }; a trailing comma is allowed.
func (p *parser) arrayInit() *ArrayInit {
	p.enter()
	defer p.leave()
	out := &ArrayInit{At: At(p.expect("{").pos)}
	for !p.accept("}") {
		if len(out.Items) > 0 {
			p.expect(",")
			if p.accept("}") {
				break
			}
		}
		if p.isOp("{") {
			out.Items = append(out.Items, p.arrayInit())
			continue
		}
		out.Items = append(out.Items, p.expr())
	}
	return out
}

// anonymous reads new { A = 1, b.C }.
func (p *parser) anonymous(at At) Expr {
	p.expect("{")
	n := &NewAnonymous{At: at}
	for !p.accept("}") {
		if len(n.Names) > 0 {
			p.expect(",")
			if p.accept("}") {
				break
			}
		}
		name := ""
		if t := p.cur(); t.kind == tokIdent && opAt(p.at(1), "=") {
			name = t.text
			p.i += 2
		}
		pos := p.cur().pos
		x := p.expr()
		if name == "" {
			if name = projectedName(x); name == "" {
				p.failAt(pos, "CS0746", "Invalid anonymous type member declarator. Anonymous type members must be declared with a member assignment, simple name or member access.")
			}
		}
		n.Names = append(n.Names, name)
		n.Values = append(n.Values, x)
	}
	return n
}

// projectedName is the name a property gets from x in new { x } or new { a.x }.
func projectedName(x Expr) string {
	switch x := x.(type) {
	case *Name:
		return x.Name
	case *Member:
		return x.Name
	case *Access:
		return projectedName(x.Rest)
	}
	return ""
}

// initialiser reads the braces behind an object creation.
func (p *parser) initialiser() *Init {
	p.enter()
	defer p.leave()
	out := &Init{At: At(p.expect("{").pos)}
	for !p.accept("}") {
		if len(out.Items) > 0 {
			p.expect(",")
			if p.accept("}") {
				break
			}
		}
		out.Items = append(out.Items, p.initItem())
	}
	return out
}

// initItem reads a member, an index or a collection element.
func (p *parser) initItem() InitItem {
	t := p.cur()
	it := InitItem{At: At(t.pos)}
	switch {
	case p.isOp("["):
		it.Index = p.args("[", "]")
		p.expect("=")
	case t.kind == tokIdent && opAt(p.at(1), "="):
		it.Name = t.text
		p.i += 2
	case p.isOp("{"):
		list := p.arrayInit()
		it.Values = list.Items
		return it
	default:
		it.Values = []Expr{p.expr()}
		return it
	}
	if p.isOp("{") {
		it.Nested = p.initialiser()
		return it
	}
	it.Values = []Expr{p.expr()}
	return it
}
