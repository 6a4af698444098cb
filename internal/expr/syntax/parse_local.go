package syntax

// local reads a variable declaration without its semicolon; nil when the
// statement is something else.
func (p *parser) local() *Local {
	start := p.cur()
	l := &Local{At: At(start.pos)}
	ok := p.try(func() bool {
		if start.kind == tokIdent && start.text == "var" && p.at(1).kind == tokIdent {
			p.advance()
		} else {
			l.Type = p.typ()
		}
		if p.cur().kind != tokIdent {
			return p.afterType(l.Type)
		}
		n := p.at(1)
		return n.kind != tokOp || n.text == "=" || n.text == ";" || n.text == "," || n.text == ")" || n.text == "[" || n.text == ":"
	})
	if !ok {
		return nil
	}
	return p.declarators(l)
}

// afterType decides whether a type without a name behind it was meant to begin
// a declaration: "int 2x" was, "Foo" alone was not.
func (p *parser) afterType(t *TypeExpr) bool {
	k := p.cur().kind
	return t != nil && predefined[t.Name] && (k == tokLiteral || k == tokBad || k == tokKeyword)
}

// declarators reads names with their values.
func (p *parser) declarators(l *Local) *Local {
	for {
		name := p.ident()
		v := LocalVar{At: At(name.pos), Name: name.text}
		if p.accept("=") {
			if p.isOp("{") {
				v.X = p.arrayInit()
			} else {
				v.X = p.expr()
			}
		} else if l.Const {
			p.failAt(name.pos, "CS0145", "A const field requires a value to be provided")
		}
		l.Vars = append(l.Vars, v)
		if !p.accept(",") {
			return l
		}
	}
}

// localFunction reads T Name<U>(params) { } or => x; nil when it is not one.
func (p *parser) localFunction() Stmt {
	f := &LocalFunc{At: At(p.cur().pos)}
	ok := p.try(func() bool {
		f.Result = p.typ()
		if p.cur().kind != tokIdent {
			return false
		}
		f.Name = p.ident().text
		if p.accept("<") {
			for {
				f.TypeParams = append(f.TypeParams, p.ident().text)
				if !p.accept(",") {
					break
				}
			}
			p.expect(">")
		}
		return p.isOp("(")
	})
	if !ok {
		return nil
	}
	f.Params = p.funcParams()
	switch {
	case p.isOp("{"):
		f.Body = p.block()
	case p.accept("=>"):
		f.Expr = p.expr()
		p.expect(";")
	default:
		p.unexpected("; or =", "CS1002")
	}
	return f
}

// funcParams reads the parameters of a local function.
func (p *parser) funcParams() []FuncParam {
	p.expect("(")
	var out []FuncParam
	for !p.accept(")") {
		if len(out) > 0 {
			p.expect(",")
		}
		fp := FuncParam{At: At(p.cur().pos)}
		switch {
		case p.isWord("ref"), p.isWord("out"), p.isWord("in"), p.isWord("params"):
			fp.Mode = p.advance().text
		}
		fp.Type = p.typ()
		fp.Name = p.ident().text
		if p.accept("=") {
			fp.Default = p.expr()
		}
		out = append(out, fp)
	}
	return out
}
