package syntax

import "strings"

func (p *printer) creation(x Expr) {
	switch x := x.(type) {
	case *New:
		p.write("new ")
		p.typ(x.Type)
		p.args("(", x.Args, ")")
		if x.Init != nil {
			p.init(x.Init)
		}
	case *NewArray:
		p.newArray(x)
	case *ArrayInit:
		p.write("{ ")
		p.exprs(x.Items)
		p.write(" }")
	case *NewAnonymous:
		p.write("new { ")
		for i, v := range x.Values {
			if i > 0 {
				p.write(", ")
			}
			p.write(ident(x.Names[i]), " = ")
			p.expr(v)
		}
		p.write(" }")
	}
}

func (p *printer) newArray(x *NewArray) {
	p.write("new")
	elem, suffix := x.Elem, ""
	for elem != nil && elem.Array != nil {
		suffix += "[" + strings.Repeat(",", elem.Rank-1) + "]"
		elem = elem.Array
	}
	if elem != nil {
		p.write(" ")
		p.typ(elem)
	}
	p.write("[")
	if len(x.Sizes) > 0 {
		p.exprs(x.Sizes)
	} else {
		p.write(strings.Repeat(",", x.Rank-1))
	}
	p.write("]", suffix)
	if x.Init != nil {
		p.write(" ")
		p.expr(x.Init)
	}
}

func (p *printer) init(x *Init) {
	p.write(" { ")
	for i, it := range x.Items {
		if i > 0 {
			p.write(", ")
		}
		switch {
		case it.Name != "":
			p.write(ident(it.Name), " = ")
		case it.Index != nil:
			p.args("[", it.Index, "]")
			p.write(" = ")
		case len(it.Values) != 1:
			p.write("{ ")
			p.exprs(it.Values)
			p.write(" }")
			continue
		}
		if it.Nested != nil {
			p.init(it.Nested)
			continue
		}
		p.exprs(it.Values)
	}
	p.write(" }")
}

func (p *printer) typeOrVar(t *TypeExpr) {
	if t == nil {
		p.write("var")
		return
	}
	p.typ(t)
}

func (p *printer) typeArgs(args []*TypeExpr) {
	if len(args) == 0 {
		return
	}
	p.write("<")
	for i, a := range args {
		if i > 0 {
			p.write(", ")
		}
		p.typ(a)
	}
	p.write(">")
}

func (p *printer) typ(t *TypeExpr) {
	switch {
	case t.Array != nil:
		elem, suffix := t, ""
		for elem.Array != nil {
			suffix += "[" + strings.Repeat(",", elem.Rank-1) + "]"
			elem = elem.Array
		}
		p.typ(elem)
		p.write(suffix)
	case t.Nullable != nil:
		p.typ(t.Nullable)
		p.write("?")
	case t.Tuple != nil:
		p.write("(")
		for i, it := range t.Tuple {
			if i > 0 {
				p.write(", ")
			}
			p.typ(it)
			if t.Names[i] != "" {
				p.write(" ", ident(t.Names[i]))
			}
		}
		p.write(")")
	default:
		p.write(t.Name)
		p.typeArgs(t.Args)
	}
}
