package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Print writes a tree as C#, one blank between tokens where C# wants one, on
// one line. Parsing what it wrote gives an equal tree: comments and layout are
// all that is lost.
func Print(s *Source) string {
	var p printer
	if s.Expr != nil {
		p.write("@(")
		p.expr(s.Expr)
		p.write(")")
		return p.b.String()
	}
	p.write("@")
	p.stmt(s.Body)
	return p.b.String()
}

type printer struct{ b strings.Builder }

func (p *printer) write(parts ...string) {
	for _, s := range parts {
		p.b.WriteString(s)
	}
}

func (p *printer) exprs(xs []Expr) {
	for i, x := range xs {
		if i > 0 {
			p.write(", ")
		}
		p.expr(x)
	}
}

func (p *printer) expr(x Expr) {
	switch x := x.(type) {
	case *Literal:
		p.write(x.Text)
	case *Interp:
		p.interp(x)
	case *Name:
		p.write(ident(x.Name))
		p.typeArgs(x.Args)
	case *Member:
		p.expr(x.X)
		p.write(".", ident(x.Name))
		p.typeArgs(x.Args)
	case *Access:
		p.expr(x.X)
		p.write("?")
		p.expr(x.Rest)
	case *Hole:
	case *Call:
		p.expr(x.Fun)
		p.args("(", x.Args, ")")
	case *Index:
		p.expr(x.X)
		p.args("[", x.Args, "]")
	case *Unary:
		p.write(x.Op)
		p.operand(x.Op, x.X)
	case *Postfix:
		p.expr(x.X)
		p.write(x.Op)
	case *Binary:
		p.expr(x.X)
		p.write(" ", x.Op, " ")
		p.expr(x.Y)
	case *Assign:
		p.expr(x.X)
		p.write(" ", x.Op, " ")
		p.expr(x.Y)
	case *Cond:
		p.expr(x.C)
		p.write(" ? ")
		p.expr(x.X)
		p.write(" : ")
		p.expr(x.Y)
	case *Paren:
		p.write("(")
		p.expr(x.X)
		p.write(")")
	default:
		p.rare(x)
	}
}

// operand keeps - and -- apart.
func (p *printer) operand(op string, x Expr) {
	if u, ok := x.(*Unary); ok && u.Op[0] == op[0] {
		p.write(" ")
	}
	p.expr(x)
}

func (p *printer) rare(x Expr) {
	switch x := x.(type) {
	case *Cast:
		p.write("(")
		p.typ(x.Type)
		p.write(")")
		p.expr(x.X)
	case *As:
		p.expr(x.X)
		p.write(" as ")
		p.typ(x.Type)
	case *Is:
		p.expr(x.X)
		p.write(" is ")
		p.pattern(x.Pattern)
	case *New, *NewArray, *ArrayInit, *NewAnonymous:
		p.creation(x)
	case *Lambda:
		p.lambda(x)
	case *Tuple:
		p.tuple(x)
	case *Declare:
		p.typeOrVar(x.Type)
		p.write(" ", ident(x.Name))
	case *Default:
		p.write("default")
		if x.Type != nil {
			p.write("(")
			p.typ(x.Type)
			p.write(")")
		}
	case *TypeOf:
		p.write("typeof(")
		p.typ(x.Type)
		p.write(")")
	case *NameOf:
		p.write("nameof(")
		p.expr(x.X)
		p.write(")")
	case *Checked:
		p.write(checkedWord(x.On), "(")
		p.expr(x.X)
		p.write(")")
	case *Throw:
		p.write("throw ")
		p.expr(x.X)
	case *TypeName:
		p.typ(x.Type)
	case *Query:
		p.query(x)
	}
}

func (p *printer) tuple(x *Tuple) {
	p.write("(")
	for i, it := range x.Items {
		if i > 0 {
			p.write(", ")
		}
		if x.Names[i] != "" {
			p.write(ident(x.Names[i]), ": ")
		}
		p.expr(it)
	}
	p.write(")")
}

func checkedWord(on bool) string {
	if on {
		return "checked"
	}
	return "unchecked"
}

// ident gives a name its @ back where it is a keyword.
func ident(name string) string {
	if keywords[name] {
		return "@" + name
	}
	return name
}

func (p *printer) interp(x *Interp) {
	p.write(`$"`)
	for _, part := range x.Parts {
		if part.X == nil {
			p.write(escapeInterp(part.Text))
			continue
		}
		p.write("{")
		p.expr(part.X)
		if part.Align != nil {
			p.write(",")
			p.expr(part.Align)
		}
		if part.Format != "" {
			p.write(":", escapeInterp(part.Format))
		}
		p.write("}")
	}
	p.write(`"`)
}

// escapeInterp writes the text of an interpolated string; what could end a line
// or the string, and halves of surrogate pairs, become escapes.
func escapeInterp(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if u := lone(s[i:min(i+3, len(s))]); u != 0 {
			fmt.Fprintf(&b, `\u%04x`, u)
			i += 3
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '{' || r == '}':
			b.WriteRune(r)
			b.WriteRune(r)
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r > '~' && !unicode.IsLetter(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

func (p *printer) args(open string, args []Arg, end string) {
	p.write(open)
	for i, a := range args {
		if i > 0 {
			p.write(", ")
		}
		if a.Name != "" {
			p.write(ident(a.Name), ": ")
		}
		if a.Mode != "" {
			p.write(a.Mode, " ")
		}
		p.expr(a.X)
	}
	p.write(end)
}

func (p *printer) lambda(x *Lambda) {
	p.write("(")
	for i, lp := range x.Params {
		if i > 0 {
			p.write(", ")
		}
		if lp.Mode != "" {
			p.write(lp.Mode, " ")
		}
		if lp.Type != nil {
			p.typ(lp.Type)
			p.write(" ")
		}
		p.write(ident(lp.Name))
	}
	p.write(") => ")
	if x.Body != nil {
		p.stmt(x.Body)
		return
	}
	p.expr(x.Expr)
}

func (p *printer) pattern(x Pattern) {
	switch x := x.(type) {
	case *TypePattern:
		p.typ(x.Type)
		if x.Name != "" {
			p.write(" ", ident(x.Name))
		}
	case *ConstPattern:
		p.expr(x.X)
	case *VarPattern:
		p.write("var ", ident(x.Name))
	}
}

func (p *printer) query(q *Query) {
	for i, c := range q.Clauses {
		switch {
		case c.Kind == "thenby":
			p.write(", ")
		case i > 0:
			p.write(" ", c.Kind, " ")
		default:
			p.write(c.Kind, " ")
		}
		p.clause(c)
	}
}

func (p *printer) clause(c Clause) {
	switch c.Kind {
	case "from", "join":
		if c.Type != nil {
			p.typ(c.Type)
			p.write(" ")
		}
		p.write(ident(c.Name), " in ")
	case "let":
		p.write(ident(c.Name), " = ")
	}
	p.expr(c.X)
	switch c.Kind {
	case "join":
		p.write(" on ")
		p.expr(c.On)
		p.write(" equals ")
		p.expr(c.Y)
	case "group":
		p.write(" by ")
		p.expr(c.Y)
	}
	if c.Desc {
		p.write(" descending")
	}
	if c.Into != "" {
		p.write(" into ", ident(c.Into))
	}
}
