package syntax

import "strings"

// queryAhead reports whether a query begins here: from x in, or from T x in.
func (p *parser) queryAhead() bool {
	if t := p.cur(); t.kind != tokIdent || t.text != "from" {
		return false
	}
	n := p.at(1)
	if n.kind == tokIdent && p.at(2).text == "in" {
		return true
	}
	start := p.i
	defer func() { p.i = start }()
	return p.try(func() bool {
		p.advance()
		p.typ()
		p.ident()
		return p.isWord("in")
	})
}

// query reads a query expression up to its last select or group.
func (p *parser) query() Expr {
	q := &Query{At: At(p.cur().pos)}
	for {
		c := Clause{}
		if p.isOp(",") && len(q.Clauses) > 0 && strings.HasSuffix(q.Clauses[len(q.Clauses)-1].Kind, "by") {
			c = p.ordering("thenby")
		} else {
			c = p.clause()
		}
		q.Clauses = append(q.Clauses, c)
		if (c.Kind == "select" || c.Kind == "group") && c.Into == "" {
			return q
		}
	}
}

// clause reads one clause; an orderby gives its first key.
func (p *parser) clause() Clause {
	t := p.ident()
	c := Clause{At: At(t.pos), Kind: t.text}
	switch t.text {
	case "from", "join":
		p.rangeVariable(&c)
		if t.text == "join" {
			p.joinTail(&c)
		}
	case "let":
		c.Name = p.ident().text
		p.expect("=")
		c.X = p.expr()
	case "where", "select":
		c.X = p.expr()
	case "orderby":
		p.i = p.i - 1
		return p.ordering("orderby")
	case "group":
		c.X = p.expr()
		p.wantWord("by")
		c.Y = p.expr()
	default:
		p.failAt(t.pos, "CS0742", "A query body must end with a select clause or a group clause")
	}
	if (t.text == "select" || t.text == "group") && p.acceptWord("into") {
		c.Into = p.ident().text
	}
	return c
}

// wantWord takes a contextual keyword.
func (p *parser) wantWord(w string) {
	if !p.acceptWord(w) {
		p.unexpected("Syntax error, '"+w+"'", "CS1003")
	}
}

// rangeVariable reads T name in source.
func (p *parser) rangeVariable(c *Clause) {
	if p.at(1).text != "in" {
		c.Type = p.typ()
	}
	c.Name = p.ident().text
	p.wantWord("in")
	c.X = p.expr()
}

// joinTail reads on … equals … into ….
func (p *parser) joinTail(c *Clause) {
	p.wantWord("on")
	c.On = p.expr()
	p.wantWord("equals")
	c.Y = p.expr()
	if p.acceptWord("into") {
		c.Into = p.ident().text
	}
}

// ordering reads one key of an orderby; what follows a comma is read as a
// clause of its own, of kind thenby.
func (p *parser) ordering(kind string) Clause {
	t := p.advance()
	c := Clause{At: At(t.pos), Kind: kind, X: p.expr()}
	if p.acceptWord("descending") {
		c.Desc = true
	} else {
		p.acceptWord("ascending")
	}
	return c
}
