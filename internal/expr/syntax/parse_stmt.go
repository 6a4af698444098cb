package syntax

// statement reads one statement, declarations included.
func (p *parser) statement() Stmt {
	p.enter()
	defer p.leave()
	t := p.cur()
	at := At(t.pos)
	if t.kind == tokKeyword {
		if s := p.keywordStatement(t); s != nil {
			return s
		}
	}
	switch {
	case p.isOp("{"):
		return p.block()
	case p.isOp(";"):
		p.advance()
		return &Empty{at}
	case p.isWord("yield") && (p.at(1).text == "return" || p.at(1).text == "break"):
		p.refuse(t.pos, "yield", "")
	case t.kind == tokIdent && opAt(p.at(1), ":"):
		p.refuse(t.pos, "labels", "")
	}
	if s := p.localFunction(); s != nil {
		return s
	}
	if l := p.local(); l != nil {
		p.expect(";")
		return l
	}
	if p.isWord("await") || p.isWord("async") {
		if n := p.at(1); n.kind == tokIdent || n.kind == tokKeyword {
			p.refuse(t.pos, t.text, "")
		}
	}
	x := p.expr()
	p.checkEffect(x)
	p.expect(";")
	return &ExprStmt{at, x}
}

// checkEffect refuses an expression that does nothing as a statement.
func (p *parser) checkEffect(x Expr) {
	switch x := x.(type) {
	case *Assign, *Call, *Postfix, *New:
		return
	case *Unary:
		if x.Op == "++" || x.Op == "--" {
			return
		}
	case *Access:
		p.checkEffect(x.Rest)
		return
	}
	if t := p.cur(); t.kind == tokEOF || opAt(t, ";") || opAt(t, "}") {
		p.failAt(x.Pos(), "CS0201", "Only assignment, call, increment, decrement, and new object expressions can be used as a statement")
	}
	p.unexpected(";", "CS1002")
}

// keywordStatement reads a statement that begins with a keyword; nil when the
// keyword begins a declaration or an expression.
func (p *parser) keywordStatement(t token) Stmt {
	at := At(t.pos)
	switch t.text {
	case "if":
		return p.ifStatement(at)
	case "for":
		return p.forStatement(at)
	case "foreach":
		return p.foreachStatement(at)
	case "while":
		p.advance()
		cond := p.condition()
		return &While{at, cond, p.embedded()}
	case "do":
		p.advance()
		body := p.embedded()
		if !p.acceptWord("while") {
			p.unexpected("Syntax error, 'while'", "CS1003")
		}
		cond := p.condition()
		p.expect(";")
		return &Do{at, body, cond}
	case "switch":
		return p.switchStatement(at)
	case "break", "continue", "goto", "return", "throw":
		return p.jumpStatement(t, at)
	case "try":
		return p.tryStatement(at)
	case "using":
		return p.usingStatement(at)
	case "const":
		p.advance()
		l := p.declarators(&Local{At: at, Const: true, Type: p.typ()})
		p.expect(";")
		return l
	case "checked", "unchecked":
		if opAt(p.at(1), "{") {
			p.advance()
			return &CheckedStmt{at, t.text == "checked", p.block()}
		}
	}
	return p.refusedStatement(t)
}

// jumpStatement reads break, continue, goto case, return and throw.
func (p *parser) jumpStatement(t token, at At) Stmt {
	if t.text == "goto" {
		return p.gotoStatement(at)
	}
	p.advance()
	var x Expr
	if (t.text == "return" || t.text == "throw") && !p.isOp(";") {
		x = p.expr()
	}
	p.expect(";")
	switch t.text {
	case "break":
		return &Break{at}
	case "continue":
		return &Continue{at}
	case "return":
		return &Return{at, x}
	}
	return &ThrowStmt{at, x}
}

// refusedStatement names what C# has and expressions have not.
func (p *parser) refusedStatement(t token) Stmt {
	switch t.text {
	case "lock", "fixed", "unsafe":
		p.refuse(t.pos, t.text, "")
	case "class", "struct", "interface", "enum", "namespace", "delegate", "event":
		p.failAt(t.pos, "CS1513", "} expected: a "+t.text+" cannot be declared within expressions")
	case "static":
		p.refuse(t.pos, "static local functions", "8.0")
	case "readonly", "public", "private", "protected", "internal", "abstract", "sealed", "virtual", "override", "extern", "volatile":
		p.failAt(t.pos, "CS0106", "The modifier '"+t.text+"' is not valid for this item")
	case "ref":
		p.refuse(t.pos, "ref locals", "")
	}
	return nil
}

// block reads { … }.
func (p *parser) block() *Block {
	p.enter()
	defer p.leave()
	b := &Block{At: At(p.expect("{").pos)}
	for !p.isOp("}") {
		if p.cur().kind == tokEOF {
			p.unexpected("}", "CS1513")
		}
		b.Stmts = append(b.Stmts, p.statement())
	}
	b.End = p.advance().pos
	return b
}

// embedded reads the body of if, for …: a statement that is no declaration.
func (p *parser) embedded() Stmt {
	s := p.statement()
	switch s.(type) {
	case *Local, *LocalFunc:
		p.failAt(s.Pos(), "CS1023", "Embedded statement cannot be a declaration or labeled statement")
	}
	return s
}

// condition reads a parenthesised expression.
func (p *parser) condition() Expr {
	p.expect("(")
	x := p.expr()
	p.expect(")")
	return x
}

func (p *parser) ifStatement(at At) Stmt {
	p.advance()
	s := &If{At: at, Cond: p.condition(), Then: p.embedded()}
	if p.acceptWord("else") {
		s.Else = p.embedded()
	}
	return s
}

// forStatement reads a declaration or expressions, a condition and steps.
func (p *parser) forStatement(at At) Stmt {
	p.advance()
	p.expect("(")
	s := &For{At: at}
	if !p.isOp(";") {
		if l := p.local(); l != nil {
			s.Init = []Stmt{l}
		} else {
			for {
				x := p.expr()
				s.Init = append(s.Init, &ExprStmt{At(x.Pos()), x})
				if !p.accept(",") {
					break
				}
			}
		}
	}
	p.expect(";")
	if !p.isOp(";") {
		s.Cond = p.expr()
	}
	p.expect(";")
	for !p.isOp(")") {
		if len(s.Post) > 0 {
			p.expect(",")
		}
		s.Post = append(s.Post, p.expr())
	}
	p.expect(")")
	s.Body = p.embedded()
	return s
}

// foreachStatement reads a variable, or several for a deconstruction.
func (p *parser) foreachStatement(at At) Stmt {
	p.advance()
	p.expect("(")
	s := &Foreach{At: at}
	switch {
	case p.isWord("var") && opAt(p.at(1), "("):
		p.advance()
		p.expect("(")
		for {
			s.Names = append(s.Names, p.ident().text)
			if !p.accept(",") {
				break
			}
		}
		p.expect(")")
	case p.isWord("var") && p.at(1).kind == tokIdent:
		p.advance()
		s.Name = p.ident().text
	default:
		s.Type = p.typ()
		if p.isWord("in") {
			p.failAt(p.cur().pos, "CS0230", "Type and identifier are both required in a foreach statement")
		}
		s.Name = p.ident().text
	}
	if !p.acceptWord("in") {
		p.unexpected("'in'", "CS1515")
	}
	s.X = p.expr()
	p.expect(")")
	s.Body = p.embedded()
	return s
}

// gotoStatement reads goto case and goto default; labels do not exist.
func (p *parser) gotoStatement(at At) Stmt {
	p.advance()
	g := &Goto{At: at}
	switch {
	case p.acceptWord("case"):
		g.X = p.expr()
	case p.acceptWord("default"):
	default:
		p.refuse(int(at), "goto", "")
	}
	p.expect(";")
	return g
}

// switchStatement reads sections; a section has one label at least.
func (p *parser) switchStatement(at At) Stmt {
	p.advance()
	s := &Switch{At: at, X: p.condition()}
	p.expect("{")
	for !p.accept("}") {
		sec := Section{At: At(p.cur().pos)}
		for p.isWord("case") || p.isWord("default") && opAt(p.at(1), ":") {
			sec.Labels = append(sec.Labels, p.label())
		}
		if len(sec.Labels) == 0 {
			p.unexpected("}", "CS1513")
		}
		for !p.isOp("}") && !p.isWord("case") && !(p.isWord("default") && opAt(p.at(1), ":")) {
			sec.Stmts = append(sec.Stmts, p.statement())
		}
		s.Sections = append(s.Sections, sec)
	}
	return s
}

// label reads case or default up to its colon.
func (p *parser) label() Label {
	t := p.advance()
	l := Label{At: At(t.pos)}
	if t.text == "case" {
		l.Pattern = p.pattern(false)
		if p.acceptWord("when") {
			l.When = p.expr()
		}
	}
	p.expect(":")
	return l
}

// tryStatement reads catch clauses and finally, one of which must be there.
func (p *parser) tryStatement(at At) Stmt {
	p.advance()
	s := &Try{At: at, Body: p.block()}
	for p.isWord("catch") {
		c := Catch{At: At(p.advance().pos)}
		if p.accept("(") {
			c.Type = p.typ()
			if p.cur().kind == tokIdent {
				c.Name = p.ident().text
			}
			p.expect(")")
		}
		if p.acceptWord("when") {
			c.When = p.condition()
		}
		c.Body = p.block()
		s.Catches = append(s.Catches, c)
	}
	if p.acceptWord("finally") {
		s.Finally = p.block()
	}
	if len(s.Catches) == 0 && s.Finally == nil {
		p.unexpected("catch or finally", "CS1524")
	}
	return s
}

// usingStatement reads the parenthesised form.
func (p *parser) usingStatement(at At) Stmt {
	p.advance()
	if !p.isOp("(") {
		if p.cur().kind == tokIdent && p.at(1).kind == tokIdent {
			p.refuse(int(at), "using declarations", "8.0")
		}
		p.unexpected("Syntax error, '('", "CS1003")
	}
	p.expect("(")
	s := &Using{At: at}
	if l := p.local(); l != nil {
		s.Decl = l
	} else {
		s.X = p.expr()
	}
	p.expect(")")
	s.Body = p.embedded()
	return s
}
