package check

import (
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// switchLabel is where goto case may go.
type switchLabel struct {
	value     types.Value
	isDefault bool
	null      bool
	section   int
}

// switchStatement binds all labels before any section, because goto case may
// name a label further down.
func (b *binder) switchStatement(s *syntax.Switch) Stmt {
	x := b.typed(s.X)
	b.push()
	defer b.pop()
	v := b.temp(x.Type())
	out := &Switch{Place: Place(s.Pos()), X: x, Var: v, Default: -1}
	out.Sections = make([]Section, len(s.Sections))
	b.jumps = append(b.jumps, jump{})
	defer func() { b.jumps = b.jumps[:len(b.jumps)-1] }()
	scopes := make([]*scope, len(s.Sections))
	for i, sec := range s.Sections {
		// Pattern variables belong to the section, locals to the whole switch.
		b.push()
		for _, l := range sec.Labels {
			b.label(out, i, l, x.Type())
		}
		scopes[i] = b.scope
		b.pop()
	}
	for i, sec := range s.Sections {
		b.section(out, i, sec, scopes[i])
	}
	out.Vars = b.scope.captured()
	for _, sc := range scopes {
		out.Vars = append(out.Vars, sc.captured()...)
	}
	return out
}

// label binds one case and notes constants, which must be distinct.
func (b *binder) label(out *Switch, i int, l syntax.Label, t *types.Type) {
	sec := &out.Sections[i]
	j := &b.jumps[len(b.jumps)-1]
	if l.Pattern == nil {
		if out.Default >= 0 {
			b.fail(l.Pos(), "CS0152", "The switch statement contains multiple cases with the label value 'default'")
		}
		out.Default = i
		j.labels = append(j.labels, switchLabel{isDefault: true, section: i})
		return
	}
	lb := Label{Test: b.pattern(l.Pattern, t)}
	if l.When != nil {
		lb.When = b.implicit(b.value(l.When), types.Bool)
	}
	if c, ok := lb.Test.Const.(*Const); ok && lb.When == nil || lb.Test.Null && lb.When == nil {
		sl := switchLabel{section: i, null: lb.Test.Null}
		if !sl.null {
			sl.value = c.Value
		}
		for _, o := range j.labels {
			if !o.isDefault && o.null == sl.null && types.Equal(o.value, sl.value) {
				b.fail(l.Pos(), "CS0152", "The switch statement contains multiple cases with the label value '%s'", types.ToString(sl.value))
			}
		}
		j.labels = append(j.labels, sl)
	}
	sec.Labels = append(sec.Labels, lb)
}

// section binds the statements under labels; their end must not be reachable.
func (b *binder) section(out *Switch, i int, sec syntax.Section, inner *scope) {
	// Locals are declared in the scope of the switch; pattern variables of the
	// section are seen through a scope between.
	names := b.scope.vars
	merged := map[string]*Var{}
	for n, v := range names {
		merged[n] = v
	}
	for n, v := range inner.vars {
		merged[n] = v
	}
	b.scope.vars = merged
	var body []Stmt
	for _, s := range sec.Stmts {
		if f, ok := s.(*syntax.LocalFunc); ok {
			b.fail(f.Pos(), "CS8058", "a local function cannot be declared directly in a switch section; put it in a block")
		}
		body = append(body, b.statement(s))
	}
	for n := range inner.vars {
		delete(b.scope.vars, n)
	}
	out.Sections[i].Body = body
	if b.flow(&Block{Stmts: body}) {
		name := "default:"
		if len(sec.Labels) > 0 && sec.Labels[len(sec.Labels)-1].Pattern != nil {
			name = "case " + labelText(b.src, sec.Labels[len(sec.Labels)-1]) + ":"
		}
		b.fail(sec.Pos(), "CS0163", "Control cannot fall through from one case label ('%s') to another", name)
	}
}

// labelText is a label as written, for messages.
func labelText(src string, l syntax.Label) string {
	start := l.Pattern.Pos()
	for i := start; i < len(src); i++ {
		if src[i] == ':' || src[i] == '\n' {
			return src[start:i]
		}
	}
	return src[start:]
}

// gotoCase finds the section of a constant in the nearest switch.
func (b *binder) gotoCase(s *syntax.Goto) Stmt {
	for i := len(b.jumps) - 1; i >= 0; i-- {
		if b.jumps[i].loop {
			continue
		}
		var want types.Value
		if s.X != nil {
			c, ok := b.value(s.X).(*Const)
			if !ok {
				b.fail(s.X.Pos(), "CS0150", "A constant value is expected")
			}
			want = c.Value
		}
		for _, l := range b.jumps[i].labels {
			if s.X == nil && l.isDefault || s.X != nil && !l.isDefault && l.null == (want == nil) && types.Equal(l.value, want) {
				return &Goto{Place(s.Pos()), l.section}
			}
		}
		b.fail(s.Pos(), "CS0159", "No such label within the scope of the goto statement")
	}
	b.fail(s.Pos(), "CS0153", "A goto case is only valid inside a switch statement")
	return nil
}
