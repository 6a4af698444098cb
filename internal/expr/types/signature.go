package types

import (
	"fmt"
	"strconv"
	"strings"
)

// signature reads the text of a row. It is strict: a table is code.
type signature struct {
	lib   *Library
	scope []*Type // type parameters in sight
	toks  []string
	i     int
}

// resolve turns a row of decl into a Method.
func (l *Library) resolve(owner *Type, row *Member) (m *Method, err error) {
	p := &signature{lib: l, scope: append([]*Type{}, owner.Params...), toks: words(row.Sig)}
	defer func() {
		if r := recover(); r != nil {
			text, ok := r.(tableError)
			if !ok {
				panic(r)
			}
			err = fmt.Errorf("%s: row %q: %s", owner, row.Sig, string(text))
		}
	}()
	m = &Method{Owner: owner, Row: row, Denied: row.Denied}
	p.member(m)
	if p.i != len(p.toks) {
		p.fail("unexpected %q", p.peek())
	}
	if err := row.Do.check(m, false); err != nil {
		return nil, fmt.Errorf("%s: row %q: %w", owner, row.Sig, err)
	}
	if err := row.Set.check(m, true); err != nil {
		return nil, fmt.Errorf("%s: row %q: setter: %w", owner, row.Sig, err)
	}
	return m, nil
}

type tableError string

func (p *signature) fail(format string, args ...any) { panic(tableError(fmt.Sprintf(format, args...))) }

// words splits a signature into names, literals and punctuation.
func words(s string) []string {
	var out []string
	for i := 0; i < len(s); {
		c := s[i]
		j := i + 1
		switch {
		case c == ' ':
			i++
			continue
		case c == '"' || c == '\'':
			for j < len(s) && s[j] != c {
				if s[j] == '\\' {
					j++
				}
				j++
			}
			j = min(j+1, len(s))
		case isWord(c) || c == '-' && j < len(s) && s[j] >= '0' && s[j] <= '9':
			for j < len(s) && isWord(s[j]) {
				j++
			}
		}
		out = append(out, s[i:j])
		i = j
	}
	return out
}

func isWord(c byte) bool {
	return c == '_' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (p *signature) peek() string {
	if p.i < len(p.toks) {
		return p.toks[p.i]
	}
	return ""
}

func (p *signature) next() string {
	t := p.peek()
	p.i++
	return t
}

func (p *signature) accept(t string) bool {
	if p.peek() == t {
		p.i++
		return true
	}
	return false
}

func (p *signature) expect(t string) {
	if !p.accept(t) {
		p.fail("expected %q, found %q", t, p.peek())
	}
}

func (p *signature) member(m *Method) {
	if p.accept("const") {
		m.Form, m.Static = FormConst, true
		m.Result = p.typ()
		m.Name = p.next()
		return
	}
	m.Static = p.accept("static")
	if p.accept("implicit") {
		p.conversion(m, FormImplicit)
		return
	}
	if p.accept("explicit") {
		p.conversion(m, FormExplicit)
		return
	}
	if p.i+1 < len(p.toks) && p.toks[p.i+1] == "(" && (p.peek() == ShortName(m.Owner.Name) || p.peek() == m.Owner.Keyword) {
		p.next()
		m.Form, m.Name, m.Result = FormConstructor, ".ctor", m.Owner
		if len(m.Owner.Params) > 0 {
			m.Result = m.Owner.Of(m.Owner.Params...)
		}
		m.Params = p.params(m, ")")
		return
	}
	if at := p.methodTypeParams(); at != nil {
		m.TypeParams = at
		p.scope = append(p.scope, at...)
	}
	m.Result = p.typ()
	p.named(m)
}

// methodTypeParams looks ahead for Name<T, U>( and declares T and U, because
// the result type, which comes first, may mention them.
func (p *signature) methodTypeParams() []*Type {
	open := -1
	for i := p.i; i < len(p.toks) && p.toks[i] != "(" && p.toks[i] != "{"; i++ {
		if i > p.i && p.toks[i] == "<" && p.depthBefore(i) == 0 {
			open = i
		}
	}
	if open < 0 || !p.closesBeforeParen(open) || open-p.i < 2 {
		return nil
	}
	var out []*Type
	for i := open + 1; p.toks[i] != ">"; i++ {
		if p.toks[i] != "," {
			out = append(out, &Type{Kind: KindParam, Name: p.toks[i]})
		}
	}
	return out
}

func (p *signature) depthBefore(end int) int {
	d := 0
	for i := p.i; i < end; i++ {
		switch p.toks[i] {
		case "<":
			d++
		case ">":
			d--
		}
	}
	return d
}

func (p *signature) closesBeforeParen(open int) bool {
	for i := open; i+1 < len(p.toks); i++ {
		if p.toks[i] == ">" {
			return p.toks[i+1] == "("
		}
	}
	return false
}

func (p *signature) conversion(m *Method, form Form) {
	p.expect("operator")
	m.Form, m.Static = form, true
	m.Name = "op_Explicit"
	if form == FormImplicit {
		m.Name = "op_Implicit"
	}
	m.Result = p.typ()
	p.expect("(")
	m.Params = p.params(m, ")")
}

func (p *signature) named(m *Method) {
	switch name := p.next(); name {
	case "operator":
		m.Form = FormOperator
		for p.peek() != "(" {
			m.Name += p.next()
			if p.i >= len(p.toks) {
				p.fail("expected ( after operator")
			}
		}
		p.expect("(")
		m.Params = p.params(m, ")")
		return
	case "this":
		m.Form, m.Name = FormIndexer, "Item"
		p.expect("[")
		m.Params = p.params(m, "]")
	default:
		m.Name = name
		if p.accept("<") {
			for !p.accept(">") {
				p.next()
			}
		}
		if p.accept("(") {
			m.Params = p.params(m, ")")
			return
		}
		m.Form = FormProperty
	}
	p.expect("{")
	p.expect("get")
	p.expect(";")
	if p.accept("set") {
		p.expect(";")
	}
	p.expect("}")
}

func (p *signature) params(m *Method, end string) []Param {
	p.accept("(")
	var out []Param
	for !p.accept(end) {
		if len(out) > 0 {
			p.expect(",")
		}
		var a Param
		switch p.peek() {
		case "this":
			m.Extension = true
			p.next()
		case "params":
			a.Params = true
			p.next()
		case "out":
			a.Mode = ByOut
			p.next()
		case "ref":
			a.Mode = ByRef
			p.next()
		}
		a.Type = p.typ()
		a.Name = p.next()
		if p.accept("=") {
			a.Default = &Default{p.literal(a.Type, p.next())}
		}
		out = append(out, a)
	}
	return out
}

func (p *signature) literal(t *Type, text string) Value {
	switch {
	case text == "null" || text == "default":
		return nil
	case text == "true" || text == "false":
		return text == "true"
	case text[0] == '"':
		s, err := strconv.Unquote(text)
		if err != nil {
			p.fail("default %s: %v", text, err)
		}
		return s
	case text[0] == '\'':
		r, _, _, err := strconv.UnquoteChar(text[1:len(text)-1], '\'')
		if err != nil {
			p.fail("default %s: %v", text, err)
		}
		return Char(r)
	case t.Kind == KindEnum:
		name := ShortName(text)
		for i, n := range t.Enum.Names {
			if n == name {
				return Enum{t, t.Enum.Values[i]}
			}
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		p.fail("default %s: %v", text, err)
	}
	if t.Kind == KindInt64 {
		return n
	}
	return int32(n)
}

// typ reads a type: a name, generic arguments, then ? and [] in any number.
func (p *signature) typ() *Type {
	var t *Type
	if p.accept("(") {
		t = p.tuple()
	} else {
		t = p.simple(p.next())
	}
	for {
		switch {
		case p.accept("?"):
			t = NullableOf(t)
		case p.peek() == "[" && p.i+1 < len(p.toks) && p.toks[p.i+1] == "]":
			p.i += 2
			t = ArrayOf(t)
		default:
			return t
		}
	}
}

func (p *signature) tuple() *Type {
	var items []*Type
	var names []string
	for !p.accept(")") {
		if len(items) > 0 {
			p.expect(",")
		}
		items = append(items, p.typ())
		name := ""
		if n := p.peek(); n != "," && n != ")" {
			name = p.next()
		}
		names = append(names, name)
	}
	return TupleOf(names, items...)
}

func (p *signature) simple(name string) *Type {
	for i := len(p.scope) - 1; i >= 0; i-- {
		if p.scope[i].Name == name {
			return p.scope[i]
		}
	}
	var args []*Type
	if p.accept("<") {
		for !p.accept(">") {
			if len(args) > 0 {
				p.expect(",")
			}
			args = append(args, p.typ())
		}
	}
	if name == "Nullable" && len(args) == 1 {
		return NullableOf(args[0])
	}
	t := p.lib.Lookup(name, len(args))
	if t == nil {
		p.fail("the type %q with %d arguments is not declared", strings.TrimSpace(name), len(args))
	}
	if len(args) > 0 {
		return t.Of(args...)
	}
	return t
}
