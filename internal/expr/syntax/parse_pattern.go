package syntax

// pattern reads what follows is or case: T, T name, var name, or a constant.
func (p *parser) pattern(is bool) Pattern {
	t := p.cur()
	at := At(t.pos)
	p.refusePattern(t)
	if t.kind == tokIdent && t.text == "var" && p.at(1).kind == tokIdent {
		p.advance()
		return &VarPattern{at, p.ident().text}
	}
	if ty, name, ok := p.typePattern(is); ok {
		return &TypePattern{at, ty, name}
	}
	if is {
		return &ConstPattern{at, p.binary(8)}
	}
	return &ConstPattern{at, p.expr()}
}

// refusePattern names the patterns of later versions.
func (p *parser) refusePattern(t token) {
	next := p.at(1)
	switch {
	case p.isWord("not") && (p.startsOperand(next) && !opAt(next, "(")):
		p.refuse(t.pos, "not pattern", "9.0")
	case p.isOp("<"), p.isOp(">"), p.isOp("<="), p.isOp(">="):
		p.refuse(t.pos, "relational pattern", "9.0")
	case p.isOp("{"):
		p.refuse(t.pos, "recursive patterns", "8.0")
	}
}

// typePattern reads T name, or T alone where that can only be a type: a bare
// name is left to the binder as a constant that may be a type.
func (p *parser) typePattern(is bool) (ty *TypeExpr, name string, ok bool) {
	ok = p.try(func() bool {
		ty = p.typeSuffix(p.baseType(), false)
		if t := p.cur(); t.kind == tokIdent && !(t.text == "when" && !is) && t.text != "and" && t.text != "or" {
			name = p.ident().text
			return true
		}
		if p.isOp("{") {
			p.refuse(p.cur().pos, "recursive patterns", "8.0")
		}
		if p.cur().kind == tokOp && (p.isOp(".") || p.isOp("(")) {
			return false
		}
		return is && (typeOnly(ty) || len(ty.Args) > 0 || ty.Tuple != nil)
	})
	return ty, name, ok
}
