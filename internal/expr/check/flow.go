package check

// flow reports whether the end of a statement can be reached, by C#'s rules:
// constant conditions count, others may go either way.
func (b *binder) flow(s Stmt) bool {
	switch s := s.(type) {
	case *Block:
		for _, c := range s.Stmts {
			if !b.flow(c) {
				return false
			}
		}
		return true
	case *Eval:
		_, throws := s.X.(*Throw)
		return !throws
	case *If:
		return b.flowIf(s)
	case *Loop:
		if isTrue(s.Cond) || s.Cond == nil {
			return breaks(s.Body)
		}
		if s.CondAfter {
			return b.flow(s.Body) || breaks(s.Body) || continues(s.Body)
		}
		return true
	case *Switch:
		return b.flowSwitch(s)
	case *Return, *ThrowStmt, *Break, *Continue, *Goto:
		return false
	case *Try:
		if s.Finally != nil && !b.flow(s.Finally) {
			return false
		}
		end := b.flow(s.Body)
		for _, c := range s.Catches {
			end = b.flow(c.Body) || end
		}
		return end
	case *Using:
		return b.flow(s.Body)
	}
	return true
}

// flowIf follows one branch when the condition is constant.
func (b *binder) flowIf(s *If) bool {
	if c, ok := s.Cond.(*Const); ok {
		if c.Value.(bool) {
			return b.flow(s.Then)
		}
		return s.Else == nil || b.flow(s.Else)
	}
	return b.flow(s.Then) || s.Else == nil || b.flow(s.Else)
}

// flowSwitch ends where a section ends or breaks, or without default.
func (b *binder) flowSwitch(s *Switch) bool {
	if s.Default < 0 {
		return true
	}
	for _, sec := range s.Sections {
		body := &Block{Stmts: sec.Body}
		if b.flow(body) || breaks(body) {
			return true
		}
	}
	return false
}

// isTrue reports the constant true.
func isTrue(e Expr) bool {
	c, ok := e.(*Const)
	return ok && c.Value == true
}

// breaks reports whether a statement holds a break that leaves it.
func breaks(s Stmt) bool { return leaves(s, false) }

// continues reports whether a loop body holds a continue of its loop.
func continues(s Stmt) bool { return leaves(s, true) }

// leaves looks for a break, or a continue, that belongs to the loop around s.
func leaves(s Stmt, cont bool) bool {
	any := func(list ...Stmt) bool {
		for _, c := range list {
			if c != nil && leaves(c, cont) {
				return true
			}
		}
		return false
	}
	switch s := s.(type) {
	case *Break:
		return !cont
	case *Continue:
		return cont
	case *Block:
		return any(s.Stmts...)
	case *If:
		return any(s.Then, s.Else)
	case *Try:
		for _, c := range s.Catches {
			if any(c.Body) {
				return true
			}
		}
		return any(s.Body)
	case *Using:
		return any(s.Body)
	case *Switch:
		if cont {
			for _, sec := range s.Sections {
				if any(sec.Body...) {
					return true
				}
			}
		}
	}
	return false
}

// walk visits s and the statements inside it, not those of lambdas.
func walk(s Stmt, visit func(Stmt)) {
	if s == nil {
		return
	}
	visit(s)
	switch s := s.(type) {
	case *Block:
		for _, c := range s.Stmts {
			walk(c, visit)
		}
	case *If:
		walk(s.Then, visit)
		walk(s.Else, visit)
	case *Loop:
		walk(s.Body, visit)
	case *Foreach:
		walk(s.Body, visit)
	case *Switch:
		for _, sec := range s.Sections {
			for _, c := range sec.Body {
				walk(c, visit)
			}
		}
	case *Try:
		walk(s.Body, visit)
		for _, c := range s.Catches {
			walk(c.Body, visit)
		}
		walk(s.Finally, visit)
	case *Using:
		walk(s.Body, visit)
	}
}
