package syntax

// expr reads an expression, assignment and lambda included.
func (p *parser) expr() Expr {
	p.enter()
	defer p.leave()
	if p.lambdaAhead() {
		return p.lambda()
	}
	if p.queryAhead() {
		return p.query()
	}
	t := p.cur()
	if p.isWord("throw") {
		p.advance()
		return &Throw{At(t.pos), p.expr()}
	}
	x := p.conditional()
	op := p.cur()
	if op.kind == tokOp && assignOps[op.text] {
		p.advance()
		return &Assign{At(op.pos), op.text, x, p.expr()}
	}
	if opAt(op, ">") && p.touching(op, p.at(1), ">=") {
		p.i += 2
		return &Assign{At(op.pos), ">>=", x, p.expr()}
	}
	if opAt(op, "??=") {
		p.refuse(op.pos, "coalescing assignment", "8.0")
	}
	return x
}

var assignOps = words("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=")

// touching reports whether b is op and stands right behind a.
func (p *parser) touching(a, b token, op string) bool { return opAt(b, op) && a.end == b.pos }

// conditional reads c ? x : y, which binds to the right.
func (p *parser) conditional() Expr {
	c := p.coalesce()
	if p.isOp("?") {
		q := p.advance()
		x := p.expr()
		if p.hole && p.cur().kind == tokEOF {
			p.failAt(q.pos, "CS8361", "A conditional expression cannot be used directly in a string interpolation because the ':' ends the interpolation. Parenthesize the conditional expression.")
		}
		if !p.isOp(":") {
			p.unexpected("Syntax error, ':'", "CS1003")
		}
		p.advance()
		return &Cond{At(q.pos), c, x, p.expr()}
	}
	if p.isWord("switch") && opAt(p.at(1), "{") {
		p.refuse(p.cur().pos, "recursive patterns", "8.0")
	}
	return c
}

// coalesce reads ??, which binds to the right.
func (p *parser) coalesce() Expr {
	x := p.binary(1)
	if p.isOp("??") {
		p.enter()
		defer p.leave()
		op := p.advance()
		var y Expr
		if p.isWord("throw") {
			y = p.expr()
		} else {
			y = p.coalesce()
		}
		return &Binary{At(op.pos), "??", x, y}
	}
	return x
}

// precedence of the binary operators that bind to the left.
var precedence = map[string]int{
	"||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "<": 7, ">": 7, "<=": 7, ">=": 7,
	"<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10,
}

// binary reads operators of at least the given precedence, by climbing.
func (p *parser) binary(least int) Expr {
	x := p.unary()
	for {
		t := p.cur()
		if least <= 7 && (p.isWord("is") || p.isWord("as")) {
			x = p.typeTest(x)
			continue
		}
		op, width := t.text, 1
		if t.kind != tokOp {
			return x
		}
		if op == ">" && p.touching(t, p.at(1), ">") {
			op, width = ">>", 2
		} else if op == ">" && p.touching(t, p.at(1), ">=") {
			return x
		}
		if op == ".." {
			p.refuse(t.pos, "range operator", "8.0")
		}
		prec, ok := precedence[op]
		if !ok || prec < least {
			return x
		}
		p.i += width
		*p.nodes++
		x = &Binary{At(t.pos), op, x, p.binary(prec + 1)}
	}
}

// typeTest reads what follows is and as.
func (p *parser) typeTest(x Expr) Expr {
	t := p.advance()
	if t.text == "as" {
		return &As{At(t.pos), x, p.typeSuffix(p.baseType(), false)}
	}
	return &Is{At(t.pos), x, p.pattern(true)}
}

// unary reads prefix operators and casts.
func (p *parser) unary() Expr {
	p.enter()
	defer p.leave()
	t := p.cur()
	if t.kind == tokOp {
		switch t.text {
		case "+", "-", "!", "~", "++", "--":
			p.advance()
			return &Unary{At(t.pos), t.text, p.unary()}
		case "^":
			p.refuse(t.pos, "index operator", "8.0")
		case "&", "*":
			p.refuse(t.pos, "unsafe code", "")
		case "(":
			if c := p.cast(); c != nil {
				return c
			}
		}
	}
	if p.isWord("await") && t.kind == tokIdent && p.startsOperand(p.at(1)) && !opAt(p.at(1), "(") {
		p.refuse(t.pos, "await", "")
	}
	return p.primary()
}

// cast reads (T)x when the parenthesis holds a type and what follows says that
// it is a cast: for a predefined, array, nullable or generic type always, else
// before an identifier, literal, keyword, (, ~ or !.
func (p *parser) cast() Expr {
	open := p.cur()
	var t *TypeExpr
	ok := p.try(func() bool {
		p.advance()
		t = p.typ()
		if !p.accept(")") {
			return false
		}
		return typeOnly(t) && p.startsOperand(p.cur()) || p.castFollows()
	})
	if !ok {
		return nil
	}
	return &Cast{At(open.pos), t, p.unary()}
}

// typeOnly reports whether t cannot be read as an expression.
func typeOnly(t *TypeExpr) bool {
	return t.Array != nil || t.Nullable != nil || predefined[t.Name]
}

// startsOperand reports whether a token may begin an operand.
func (p *parser) startsOperand(t token) bool {
	switch t.kind {
	case tokIdent, tokLiteral, tokInterp, tokBad:
		return true
	case tokKeyword:
		return t.text != "is" && t.text != "as" && t.text != "in"
	case tokOp:
		switch t.text {
		case "(", "~", "!", "-", "+", "++", "--", "@", "$":
			return true
		}
	}
	return false
}

// castFollows is the rule for a parenthesised name: what makes it a cast.
func (p *parser) castFollows() bool {
	t := p.cur()
	if t.kind == tokOp {
		return t.text == "(" || t.text == "~" || t.text == "!"
	}
	return p.startsOperand(t)
}

// primary reads an operand with what is applied to it: calls, indexes, members,
// ++ and --.
func (p *parser) primary() Expr { return p.suffixes(p.operand()) }

// suffixes applies what follows an operand, in order.
func (p *parser) suffixes(x Expr) Expr {
	for n := 0; ; n++ {
		*p.nodes++
		if *p.nodes > MaxNodes || n > 4000 {
			p.failAt(p.cur().pos, "CS8078", "An expression is too long or complex to compile")
		}
		t := p.cur()
		if t.kind != tokOp {
			return x
		}
		switch t.text {
		case ".":
			p.advance()
			name := p.ident()
			x = &Member{At(name.pos), x, name.text, p.tryTypeArgs()}
		case "(":
			x = &Call{At(t.pos), x, p.args("(", ")")}
		case "[":
			x = &Index{At(t.pos), x, p.args("[", "]")}
		case "?.":
			return p.access(x, t)
		case "?":
			if !p.touching(t, p.at(1), "[") { // no expression begins with [
				return x
			}
			return p.access(x, t)
		case "++", "--":
			p.advance()
			x = &Postfix{At(t.pos), t.text, x}
		case "!":
			if !p.startsOperand(p.at(1)) {
				p.refuse(t.pos, "nullable reference types", "8.0")
			}
			return x
		case "->":
			p.refuse(t.pos, "unsafe code", "")
		default:
			return x
		}
	}
}

// access reads the rest of a ?. or ?[ chain, which is skipped as a whole when
// the receiver is null.
func (p *parser) access(x Expr, t token) Expr {
	p.enter()
	defer p.leave()
	p.advance()
	hole := Expr(&Hole{At(t.pos)})
	if t.text == "?." {
		name := p.ident()
		hole = &Member{At(name.pos), hole, name.text, p.tryTypeArgs()}
	} else {
		hole = &Index{At(p.cur().pos), hole, p.args("[", "]")}
	}
	return &Access{At(t.pos), x, p.suffixes(hole)}
}

// args reads arguments up to the closing bracket.
func (p *parser) args(open, end string) []Arg {
	p.expect(open)
	var out []Arg
	for !p.accept(end) {
		if len(out) > 0 {
			if !p.isOp(",") {
				p.unexpected(end, "CS1026")
			}
			p.advance()
		}
		out = append(out, p.arg())
	}
	return out
}

// arg reads one argument with its name and mode.
func (p *parser) arg() Arg {
	t := p.cur()
	a := Arg{At: At(t.pos)}
	if t.kind == tokIdent && opAt(p.at(1), ":") {
		a.Name = t.text
		p.i += 2
	}
	switch {
	case p.isWord("ref"), p.isWord("in"):
		a.Mode = p.advance().text
	case p.isWord("out"):
		a.Mode = p.advance().text
		if d := p.declaration(); d != nil {
			a.X = d
			return a
		}
	}
	a.X = p.expr()
	return a
}

// declaration reads "var x" or "T x" after out; nil when it is an expression.
func (p *parser) declaration() Expr {
	var d *Declare
	ok := p.try(func() bool {
		start := p.cur()
		var t *TypeExpr
		if start.kind == tokIdent && start.text == "var" && p.at(1).kind == tokIdent {
			p.advance()
		} else {
			t = p.typ()
		}
		if p.cur().kind != tokIdent {
			return false
		}
		name := p.ident()
		d = &Declare{At(name.pos), t, name.text}
		return p.isOp(",") || p.isOp(")") || p.isOp("]")
	})
	if !ok {
		return nil
	}
	return d
}
