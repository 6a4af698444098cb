package syntax

// lambdaAhead reports whether a lambda begins here: x => or ( … ) =>.
func (p *parser) lambdaAhead() bool {
	if p.cur().kind == tokIdent && opAt(p.at(1), "=>") {
		return true
	}
	if !p.isOp("(") {
		return false
	}
	depth := 0
	for n := 0; p.i+n < len(p.toks); n++ {
		t := p.at(n)
		if t.kind == tokOp {
			switch t.text {
			case "(":
				depth++
			case ")":
				if depth--; depth == 0 {
					return opAt(p.at(n+1), "=>")
				}
			case "{", "}", ";":
				return false
			}
		} else if t.kind != tokIdent && t.kind != tokKeyword {
			return false
		}
	}
	return false
}

// lambda reads parameters, arrow and body.
func (p *parser) lambda() Expr {
	l := &Lambda{}
	if p.cur().kind == tokIdent {
		t := p.ident()
		l.Params = []LambdaParam{{At: At(t.pos), Name: t.text}}
	} else {
		l.Params = p.lambdaParams()
	}
	l.At = At(p.expect("=>").pos)
	if p.isOp("{") {
		l.Body = p.block()
		return l
	}
	l.Expr = p.expr()
	return l
}

// lambdaParams reads a parenthesised list; each may have a type or not.
func (p *parser) lambdaParams() []LambdaParam {
	p.expect("(")
	var out []LambdaParam
	for !p.accept(")") {
		if len(out) > 0 {
			p.expect(",")
		}
		t := p.cur()
		lp := LambdaParam{At: At(t.pos)}
		if p.isWord("ref") || p.isWord("out") {
			lp.Mode = p.advance().text
		}
		if n := p.at(1); p.cur().kind == tokIdent && (opAt(n, ",") || opAt(n, ")")) {
			lp.Name = p.ident().text
		} else {
			lp.Type = p.typ()
			lp.Name = p.ident().text
		}
		out = append(out, lp)
	}
	return out
}
