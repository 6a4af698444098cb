package syntax

// typ reads a type: a name, predefined type or tuple, then ? and [] in any
// number.
func (p *parser) typ() *TypeExpr {
	p.enter()
	defer p.leave()
	return p.typeSuffix(p.baseType(), true)
}

// baseType reads a type without its suffixes.
func (p *parser) baseType() *TypeExpr {
	t := p.cur()
	switch {
	case t.kind == tokKeyword && predefined[t.text]:
		p.advance()
		return &TypeExpr{At: At(t.pos), Name: t.text}
	case t.kind == tokIdent:
		return p.namedType()
	case p.isOp("("):
		return p.tupleType()
	}
	p.unexpected("Type", "CS1031")
	return nil
}

// namedType reads a dotted name; type arguments belong to its last part.
func (p *parser) namedType() *TypeExpr {
	first := p.ident()
	t := &TypeExpr{At: At(first.pos), Name: first.text}
	if first.text == "global" && p.accept("::") {
		t.Name = p.ident().text
	}
	for {
		if p.isOp("<") {
			t.Args = p.typeArgs()
		}
		if !p.isOp(".") || p.at(1).kind != tokIdent {
			return t
		}
		p.advance()
		t.Name += "." + p.ident().text
	}
}

// typeArgs reads <A, B>. Two closing > that belong to nested lists come as two
// tokens, so nothing is special about >>.
func (p *parser) typeArgs() []*TypeExpr {
	p.expect("<")
	if p.isOp(">") || p.isOp(",") {
		p.failAt(p.cur().pos, "CS7003", "Unexpected use of an unbound generic name")
	}
	args := []*TypeExpr{p.typ()}
	for p.accept(",") {
		args = append(args, p.typ())
	}
	p.expect(">")
	return args
}

// tupleType reads (int, string name).
func (p *parser) tupleType() *TypeExpr {
	t := &TypeExpr{At: At(p.expect("(").pos)}
	for {
		t.Tuple = append(t.Tuple, p.typ())
		name := ""
		if p.cur().kind == tokIdent {
			name = p.ident().text
		}
		t.Names = append(t.Names, name)
		if !p.accept(",") {
			break
		}
	}
	p.expect(")")
	if len(t.Tuple) < 2 {
		p.failAt(t.Pos(), "CS8124", "Tuple must contain at least two elements.")
	}
	return t
}

// typeSuffix reads ? and []. A question mark is left alone where it begins a
// conditional: nullable is false after is and as unless what follows cannot be
// an operand.
func (p *parser) typeSuffix(t *TypeExpr, nullable bool) *TypeExpr {
	for {
		switch {
		case p.isOp("?") && (nullable || p.nullableHere()):
			t = &TypeExpr{At: At(p.advance().pos), Nullable: t}
		case p.isOp("[") && p.emptyRank() > 0:
			rank := p.emptyRank()
			pos := p.cur().pos
			p.i += rank + 1
			t = arrayOf(t, rank, At(pos))
		default:
			return t
		}
	}
}

// arrayOf puts a rank on t. In int[][,] the first rank is the outer one.
func arrayOf(t *TypeExpr, rank int, at At) *TypeExpr {
	if t.Array != nil {
		inner := arrayOf(t.Array, rank, at)
		return &TypeExpr{At: t.At, Array: inner, Rank: t.Rank}
	}
	return &TypeExpr{At: at, Array: t, Rank: rank}
}

// emptyRank gives the number of dimensions of [] or [,] here, or 0.
func (p *parser) emptyRank() int {
	for n := 1; ; n++ {
		switch t := p.at(n); {
		case opAt(t, "]"):
			return n
		case !opAt(t, ","):
			return 0
		}
	}
}

// nullableHere decides for x is T ? …: it is T? when what follows the question
// mark cannot begin an operand.
func (p *parser) nullableHere() bool {
	t := p.at(1)
	if t.kind == tokOp {
		switch t.text {
		case ")", "]", "}", ",", ";", ":", "&&", "||", "==", "!=", "??", "=", "?", "=>":
			return true
		}
		return false
	}
	return t.kind == tokEOF
}

// genericFollow are the tokens after which < … > was a list of type arguments.
var genericFollow = words("(", ")", "]", "}", ":", ";", ",", ".", "?", "==", "!=", "|", "^", "&&", "||", "&", "[", "?.", "=>", ">")

// tryTypeArgs reads type arguments in an expression, if that is what < begins.
func (p *parser) tryTypeArgs() (args []*TypeExpr) {
	if !p.isOp("<") {
		return nil
	}
	ok := p.try(func() bool {
		args = p.typeArgs()
		t := p.cur()
		return t.kind == tokEOF || t.kind == tokOp && genericFollow[t.text]
	})
	if !ok {
		return nil
	}
	return args
}
