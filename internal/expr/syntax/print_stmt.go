package syntax

func (p *printer) stmts(list []Stmt) {
	for _, s := range list {
		p.write(" ")
		p.stmt(s)
	}
}

func (p *printer) stmt(s Stmt) {
	switch s := s.(type) {
	case *Block:
		p.write("{")
		p.stmts(s.Stmts)
		p.write(" }")
	case *Local:
		p.local(s)
		p.write(";")
	case *LocalFunc:
		p.localFunc(s)
	case *ExprStmt:
		p.expr(s.X)
		p.write(";")
	case *If:
		p.write("if (")
		p.expr(s.Cond)
		p.write(") ")
		p.stmt(s.Then)
		if s.Else != nil {
			p.write(" else ")
			p.stmt(s.Else)
		}
	case *Return:
		p.jump("return", s.X)
	case *ThrowStmt:
		p.jump("throw", s.X)
	case *Break:
		p.write("break;")
	case *Continue:
		p.write("continue;")
	case *Empty:
		p.write(";")
	case *Goto:
		if s.X == nil {
			p.write("goto default;")
			return
		}
		p.jump("goto case", s.X)
	default:
		p.compoundStmt(s)
	}
}

func (p *printer) jump(word string, x Expr) {
	p.write(word)
	if x != nil {
		p.write(" ")
		p.expr(x)
	}
	p.write(";")
}

func (p *printer) compoundStmt(s Stmt) {
	switch s := s.(type) {
	case *For:
		p.forStmt(s)
	case *Foreach:
		p.foreach(s)
	case *While:
		p.write("while (")
		p.expr(s.Cond)
		p.write(") ")
		p.stmt(s.Body)
	case *Do:
		p.write("do ")
		p.stmt(s.Body)
		p.write(" while (")
		p.expr(s.Cond)
		p.write(");")
	case *Switch:
		p.switchStmt(s)
	case *Try:
		p.try(s)
	case *Using:
		p.write("using (")
		if s.Decl != nil {
			p.local(s.Decl)
		} else {
			p.expr(s.X)
		}
		p.write(") ")
		p.stmt(s.Body)
	case *CheckedStmt:
		p.write(checkedWord(s.On), " ")
		p.stmt(s.Body)
	}
}

func (p *printer) local(s *Local) {
	if s.Const {
		p.write("const ")
	}
	p.typeOrVar(s.Type)
	for i, v := range s.Vars {
		if i > 0 {
			p.write(",")
		}
		p.write(" ", ident(v.Name))
		if v.X != nil {
			p.write(" = ")
			p.expr(v.X)
		}
	}
}

func (p *printer) localFunc(s *LocalFunc) {
	p.typ(s.Result)
	p.write(" ", ident(s.Name))
	for i, t := range s.TypeParams {
		p.write([]string{"<", ", "}[min(i, 1)], t)
	}
	if len(s.TypeParams) > 0 {
		p.write(">")
	}
	p.write("(")
	for i, fp := range s.Params {
		if i > 0 {
			p.write(", ")
		}
		if fp.Mode != "" {
			p.write(fp.Mode, " ")
		}
		p.typ(fp.Type)
		p.write(" ", ident(fp.Name))
		if fp.Default != nil {
			p.write(" = ")
			p.expr(fp.Default)
		}
	}
	p.write(") ")
	if s.Body != nil {
		p.stmt(s.Body)
		return
	}
	p.write("=> ")
	p.expr(s.Expr)
	p.write(";")
}

func (p *printer) forStmt(s *For) {
	p.write("for (")
	for i, init := range s.Init {
		if i > 0 {
			p.write(", ")
		}
		switch init := init.(type) {
		case *Local:
			p.local(init)
		case *ExprStmt:
			p.expr(init.X)
		}
	}
	p.write(";")
	if s.Cond != nil {
		p.write(" ")
		p.expr(s.Cond)
	}
	p.write(";")
	if len(s.Post) > 0 {
		p.write(" ")
		p.exprs(s.Post)
	}
	p.write(") ")
	p.stmt(s.Body)
}

func (p *printer) foreach(s *Foreach) {
	p.write("foreach (")
	p.typeOrVar(s.Type)
	if s.Names != nil {
		p.write(" (")
		for i, n := range s.Names {
			if i > 0 {
				p.write(", ")
			}
			p.write(ident(n))
		}
		p.write(")")
	} else {
		p.write(" ", ident(s.Name))
	}
	p.write(" in ")
	p.expr(s.X)
	p.write(") ")
	p.stmt(s.Body)
}

func (p *printer) switchStmt(s *Switch) {
	p.write("switch (")
	p.expr(s.X)
	p.write(") {")
	for _, sec := range s.Sections {
		for _, l := range sec.Labels {
			if l.Pattern == nil {
				p.write(" default:")
				continue
			}
			p.write(" case ")
			p.pattern(l.Pattern)
			if l.When != nil {
				p.write(" when ")
				p.expr(l.When)
			}
			p.write(":")
		}
		p.stmts(sec.Stmts)
	}
	p.write(" }")
}

func (p *printer) try(s *Try) {
	p.write("try ")
	p.stmt(s.Body)
	for _, c := range s.Catches {
		p.write(" catch ")
		if c.Type != nil {
			p.write("(")
			p.typ(c.Type)
			if c.Name != "" {
				p.write(" ", ident(c.Name))
			}
			p.write(") ")
		}
		if c.When != nil {
			p.write("when (")
			p.expr(c.When)
			p.write(") ")
		}
		p.stmt(c.Body)
	}
	if s.Finally != nil {
		p.write(" finally ")
		p.stmt(s.Finally)
	}
}
