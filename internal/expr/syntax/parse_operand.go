package syntax

import (
	"strings"
)

// operand reads a literal, name, parenthesis, creation or keyword form.
func (p *parser) operand() Expr {
	t := p.cur()
	switch t.kind {
	case tokLiteral:
		p.advance()
		return &Literal{At(t.pos), t.value, t.text}
	case tokInterp:
		p.advance()
		return p.interpolation(t)
	case tokIdent:
		return p.nameOperand(t)
	case tokKeyword:
		return p.keywordOperand(t)
	case tokOp:
		if t.text == "(" {
			return p.parenthesised()
		}
		if t.text == "@" && p.at(1).kind == tokOp {
			p.failAt(t.pos, "CS1646", "Keyword, identifier, or string expected after verbatim specifier: @")
		}
	}
	p.invalidTerm(t)
	return nil
}

// invalidTerm reports a token that cannot begin an operand.
func (p *parser) invalidTerm(t token) {
	switch t.kind {
	case tokBad:
		p.failAt(t.pos, t.code, t.value.(string))
	case tokEOF:
		p.failAt(t.pos, "CS1525", "Invalid expression term: the expression ends too early")
	}
	p.failAt(t.pos, "CS1525", "Invalid expression term '"+t.text+"'")
}

// nameOperand reads a name, and nameof, which is one by context only.
func (p *parser) nameOperand(t token) Expr {
	if t.text == "nameof" && opAt(p.at(1), "(") {
		p.i += 2
		x := p.expr()
		p.expect(")")
		return &NameOf{At(t.pos), x}
	}
	if t.text == "async" && (p.at(1).kind == tokIdent || opAt(p.at(1), "(")) && p.asyncLambda() {
		p.refuse(t.pos, "async", "")
	}
	if t.text == "global" && opAt(p.at(1), "::") {
		p.i += 2
		t = p.ident()
		return &Name{At(t.pos), t.text, p.tryTypeArgs()}
	}
	p.advance()
	return &Name{At(t.pos), t.text, p.tryTypeArgs()}
}

// asyncLambda reports whether async begins a lambda here.
func (p *parser) asyncLambda() bool {
	start := p.i
	p.i++
	ok := p.lambdaAhead()
	p.i = start
	return ok
}

// keywordOperand reads the operands that begin with a keyword.
func (p *parser) keywordOperand(t token) Expr {
	switch t.text {
	case "true", "false":
		p.advance()
		return &Literal{At(t.pos), t.text == "true", t.text}
	case "null":
		p.advance()
		return &Literal{At(t.pos), nil, t.text}
	case "new":
		return p.newExpr()
	case "default":
		p.advance()
		if p.accept("(") {
			ty := p.typ()
			p.expect(")")
			return &Default{At(t.pos), ty}
		}
		return &Default{At(t.pos), nil}
	case "typeof":
		p.advance()
		p.expect("(")
		ty := p.typ()
		p.expect(")")
		return &TypeOf{At(t.pos), ty}
	case "checked", "unchecked":
		p.advance()
		p.expect("(")
		x := p.expr()
		p.expect(")")
		return &Checked{At(t.pos), t.text == "checked", x}
	case "base":
		p.failAt(t.pos, "CS1511", "Keyword 'base' is not available in a static method")
	case "this":
		p.failAt(t.pos, "CS0026", "Keyword '"+t.text+"' is not valid within expressions")
	case "delegate", "stackalloc", "sizeof":
		p.refuse(t.pos, t.text, "")
	}
	if predefined[t.text] && opAt(p.at(1), ".") {
		p.advance()
		return &TypeName{At(t.pos), &TypeExpr{At: At(t.pos), Name: t.text}}
	}
	p.invalidTerm(t)
	return nil
}

// parenthesised reads (x) or a tuple. An item may be a declaration, for
// (int a, var b) = ….
func (p *parser) parenthesised() Expr {
	open := p.expect("(")
	tuple := &Tuple{At: At(open.pos)}
	for {
		name := ""
		if t := p.cur(); t.kind == tokIdent && opAt(p.at(1), ":") {
			name = t.text
			p.i += 2
		}
		var x Expr
		if d := p.declaration(); d != nil {
			x = d
		} else {
			x = p.expr()
		}
		tuple.Names = append(tuple.Names, name)
		tuple.Items = append(tuple.Items, x)
		if !p.accept(",") {
			break
		}
	}
	if !p.isOp(")") {
		p.unexpected(")", "CS1026")
	}
	p.advance()
	if len(tuple.Items) == 1 && tuple.Names[0] == "" {
		return &Paren{At(open.pos), tuple.Items[0]}
	}
	if len(tuple.Items) == 1 {
		p.failAt(open.pos, "CS8124", "Tuple must contain at least two elements.")
	}
	return tuple
}

// interpolation parses the holes of an interpolated string, each as a source of
// its own within the same text.
func (p *parser) interpolation(t token) Expr {
	p.enter()
	defer p.leave()
	verbatim := strings.Contains(t.text, "@")
	out := &Interp{At: At(t.pos)}
	for _, pc := range t.value.([]piece) {
		if !pc.hole {
			out.Parts = append(out.Parts, InterpPart{At: At(pc.start), Text: p.pieceText(pc, verbatim)})
			continue
		}
		out.Parts = append(out.Parts, p.holePart(pc, verbatim))
	}
	return out
}

// pieceText decodes the text between holes.
func (p *parser) pieceText(pc piece, verbatim bool) string {
	s := p.src[pc.start:pc.end]
	s = strings.ReplaceAll(strings.ReplaceAll(s, "{{", "{"), "}}", "}")
	if verbatim {
		return strings.ReplaceAll(s, `""`, `"`)
	}
	text, fail := unescape(s)
	if fail >= 0 {
		p.failAt(pc.start, "CS1009", "Unrecognized escape sequence")
	}
	return text
}

// holePart parses a hole: expression, alignment, format.
func (p *parser) holePart(pc piece, verbatim bool) InterpPart {
	sub := &parser{src: p.src, toks: lex(p.src, pc.start, pc.colon), depth: p.depth, nodes: p.nodes, hole: true}
	if sub.cur().kind == tokEOF {
		p.failAt(pc.start, "CS1733", "Expected expression")
	}
	part := InterpPart{At: At(pc.start), X: sub.expr()}
	if sub.accept(",") {
		if sub.cur().kind == tokEOF {
			p.failAt(pc.colon, "CS1733", "Expected expression")
		}
		part.Align = sub.expr()
	}
	if sub.cur().kind != tokEOF {
		p.failAt(sub.cur().pos, "CS1073", "Unexpected token '"+sub.cur().text+"'")
	}
	if pc.colon < pc.end {
		part.Format = p.pieceText(piece{start: pc.colon + 1, end: pc.end}, verbatim)
		if part.Format == "" {
			p.failAt(pc.colon, "CS8089", "Empty format specifier.")
		}
	}
	return part
}
