package policy

import (
	"errors"
	"fmt"
	"strings"
)

// read takes an element through its shape; nil when there was an error. above is the element that it is a child of, nil for a policy.
func (c *compiling) read(n *Node, s *Shape, place *Place, above *Args) *Args {
	before := c.errors
	a := &Args{c: c, node: n, shape: s, place: place, above: above, attrs: make(map[string]slot, len(s.Attrs))}
	if s.Foreign {
		c.foreign(a)
	} else {
		c.attributes(a)
		c.text(a)
		c.children(a)
	}
	if c.errors > before {
		return nil
	}
	return a
}

func (c *compiling) attributes(a *Args) {
	n := a.node
	for i := range n.Attrs {
		at := &n.Attrs[i]
		shape := a.shape.attr(at.Name)
		switch {
		case shape != nil:
			a.attrs[at.Name] = c.value(n, "'"+at.Name+"' attribute", at.Value, shape.Type, shape.TakesExpr)
		case at.Name == "id" && c.engine.specs[n.Name] != nil:
		default:
			c.report(Problem{at.Line, at.Column, n.Name, fmt.Sprintf("The '%s' attribute is not declared; allowed are %s", at.Name, a.shape.attrNames()), SeverityError})
		}
	}
	for _, shape := range a.shape.Attrs {
		if _, ok := a.attrs[shape.Name]; ok {
			continue
		}
		if shape.IsRequired {
			c.problem(n, SeverityError, fmt.Sprintf("The required attribute '%s' is missing", shape.Name))
		}
		a.attrs[shape.Name] = slot{literal: shape.DefaultValue, typ: shape.Type}
	}
}

func (s *Shape) attrNames() string {
	names := make([]string, 0, len(s.Attrs)+1)
	for _, a := range s.Attrs {
		names = append(names, a.Name)
	}
	return strings.Join(append(names, "id"), ", ")
}

// value reads a literal or an expression; what names it in messages.
func (c *compiling) value(n *Node, what string, v Value, t *Type, takesExpr bool) slot {
	s := slot{set: true, typ: t}
	v, ok := c.substituted(n, v, false)
	if !ok {
		return s
	}
	if v.Expr {
		if !takesExpr {
			c.reportAt(n, v.raw.start, fmt.Sprintf("The %s does not take an expression", what))
			return s
		}
		s.expr = c.expression(n, v, t)
		return s
	}
	s.literal = v.s
	if t != Object && (t != Text || v.quote == 0) {
		s.literal = strings.TrimSpace(v.s)
	}
	if _, _, _, open := reference(s.literal, 0); open && c.src.Home.Unknown {
		return s
	}
	if bad := t.literal(s.literal); bad != nil {
		c.reportAt(n, v.raw.start, fmt.Sprintf("The %s is invalid - The value '%s' %v", what, s.literal, bad))
	}
	if takesExpr && v.quote != 0 && (strings.Contains(v.s, "@(") || strings.Contains(v.s, "@{")) {
		line, column := n.doc.position(v.raw.start)
		c.report(Problem{line, column, n.Name, fmt.Sprintf("The %s holds text beside an expression and is taken literally; make it one expression", what), SeverityWarning})
	}
	return s
}

// maxGrowth bounds the text that named values add to one document.
const maxGrowth = 4 << 20

// substituted puts named values in place; ok is false after an error. lenient leaves braces alone that name none.
func (c *compiling) substituted(n *Node, v Value, lenient bool) (out Value, ok bool) {
	return c.substitutedFrom(n, v, c.src.Home.NamedValues, lenient)
}

func (c *compiling) substitutedFrom(n *Node, v Value, values map[string]string, lenient bool) (out Value, ok bool) {
	out, err := substitute(v, values, lenient)
	var unknown *unknownNamedValue
	if errors.As(err, &unknown) && c.src.Home.Unknown {
		return v, true
	}
	if errors.As(err, &unknown) {
		c.reportAt(n, unknown.offset, err.Error())
		return v, false
	}
	if c.growth += max(len(out.s)-len(v.s), 0); c.growth > maxGrowth {
		c.problem(n, SeverityError, fmt.Sprintf("the document grows by more than %d bytes through its named values; use shorter ones or fewer", maxGrowth))
		return v, false
	}
	return out, true
}

func (c *compiling) reportAt(n *Node, offset int, message string) {
	line, column := n.doc.position(offset)
	c.report(Problem{line, column, n.Name, message, SeverityError})
}

// expression compiles an expression and notes what it reads; nil when it doesn't compile.
func (c *compiling) expression(n *Node, v Value, t *Type) *Expression {
	e, bad := compileExpression(v.s, t.want)
	if bad != nil {
		if _, _, _, open := reference(v.s, 0); !open || !c.src.Home.Unknown { // what stands there isn't known
			c.reportAt(n, v.origin(bad.offset), bad.message)
		}
		return nil
	}
	for _, old := range []string{"context.Api.Workspace", "context.Product.Workspace"} {
		if strings.Contains(v.s, old) {
			line, column := n.doc.position(v.raw.start)
			c.report(Problem{line, column, n.Name, old + " still works, but the service has withdrawn it; use context.Workspace", SeverityWarning})
		}
	}
	if c.engine.coverage != nil {
		line, column := n.doc.position(v.raw.start)
		e.mark = c.engine.coverage.mark(n.doc, line, column, CoverExpression, v.s)
	}
	c.facts.readsRequest = c.facts.readsRequest || e.readsRequest
	c.facts.readsResponse = c.facts.readsResponse || e.readsResponse
	return e
}

// option is a literal attribute of the element, or of the one that it is a child of.
func (a *Args) option(name string) string {
	if s, ok := a.attrs[name]; ok || a.above == nil {
		return s.literal
	}
	return a.above.option(name)
}

func (c *compiling) text(a *Args) {
	n, s := a.node, a.shape.Text
	switch {
	case s == nil:
		if !n.Text.Blank() {
			c.reportAt(n, n.Text.raw.start, fmt.Sprintf("The element '%s' cannot contain text; %s", n.Name, a.shape.expected()))
		}
	case s.TemplateAttr != "" && a.option(s.TemplateAttr) == s.TemplateValue:
		c.template(a)
	case s.TakesMarkup && len(n.Children) > 0:
		v := Value{text: verbatim(n.Inner(), n.start)}
		v, _ = c.substituted(n, v, false)
		a.content = slot{set: true, literal: strings.TrimSpace(v.s), typ: s.Type}
	case n.Text.Blank():
		if s.IsRequired {
			c.problem(n, SeverityError, fmt.Sprintf("The element '%s' needs text", n.Name))
		}
		a.content = slot{typ: s.Type}
	default:
		a.content = c.value(n, "text of '"+n.Name+"'", n.Text, s.Type, s.TakesExpr)
	}
}

func (c *compiling) children(a *Args) {
	n, s := a.node, a.shape
	if s.Text != nil && s.Text.TakesMarkup {
		return
	}
	if s.Policies {
		a.body = c.branch(n, a.place, c.sequence(n.Children, a.place.Path+"/", false))
		return
	}
	seen := map[string]int{}
	for _, child := range n.Children {
		seen[child.Name]++
		path := fmt.Sprintf("%s/%s[%d]", a.place.Path, child.Name, seen[child.Name])
		if e := s.element(child.Name); e != nil {
			c.child(a, e, child, path, seen[child.Name])
			continue
		}
		p := s.slot(child.Name)
		if p == nil {
			c.problem(child, SeverityError, fmt.Sprintf("The element '%s' is not allowed in '%s'; %s", child.Name, n.Name, s.expected()))
			continue
		}
		if p.Max > 0 && seen[child.Name] > p.Max {
			c.problem(child, SeverityError, fmt.Sprintf("The element '%s' may stand only %d times in '%s'", child.Name, p.Max, n.Name))
		}
		if child.Name == includeFragment.Name {
			a.slots = append(a.slots, c.fragmentInSlots(child, path, s)...)
			continue
		}
		if in, ok := c.policy(child, path, s); ok {
			a.slots = append(a.slots, in)
		}
	}
	for _, e := range s.Elements {
		if seen[e.Name] < e.Min {
			c.problem(n, SeverityError, fmt.Sprintf("The element '%s' is incomplete; a child element '%s' is required", n.Name, e.Name))
		}
	}
}

// child reads a child element that is no policy.
func (c *compiling) child(a *Args, e *ElementShape, n *Node, path string, nth int) {
	if e.Max > 0 && nth > e.Max {
		c.problem(n, SeverityError, fmt.Sprintf("The element '%s' may stand only %d times in '%s'", n.Name, e.Max, a.node.Name))
		return
	}
	place := *a.place
	place.Path = path
	if inner := c.read(n, e.Shape, &place, a); inner != nil {
		if a.children == nil {
			a.children = map[string][]*Args{}
		}
		a.children[n.Name] = append(a.children[n.Name], inner)
	}
}
