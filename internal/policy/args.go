package policy

import (
	"fmt"
	"strings"
)

// Args is one use of a policy (or of a child element of one), read through its shape: attributes are typed, named values are in place,
// expressions are compiled. Spec.Compile asks it for what it needs; names that the shape doesn't have are a defect and panic, which the
// tests of each policy show.
type Args struct {
	// Preflight, set by Compile, becomes the instruction's.
	Preflight Step
	// PolicyFile, set by Compile, becomes the instruction's.
	PolicyFile Step
	// Stores, set by Compile, says that the element is a cache-store.
	Stores bool

	c        *compiling
	node     *Node
	shape    *Shape
	place    *Place
	above    *Args // the element that this one is a child of; nil for a policy
	attrs    map[string]slot
	content  slot
	children map[string][]*Args
	slots    Block
	body     Block
	template text // the content when it is a template
	foreign  text
}

// slot is a value that was written: a literal or an expression.
type slot struct {
	set     bool
	literal string
	expr    *Expression
	typ     *Type
}

// Text is an attribute of text at request time; its default when it is absent.
func (a *Args) Text(name string) TextValue { return a.attr(name).text() }

// Bool is an attribute of type Bool at request time.
func (a *Args) Bool(name string) BoolValue {
	s := a.attr(name)
	return BoolValue{literal: s.literal == "true", expr: s.expr}
}

// Int is an attribute of a whole number or of seconds at request time.
func (a *Args) Int(name string) IntValue { return a.attr(name).integer() }

// Object is an attribute of type Object at request time: the expression's value, or the literal as a string.
func (a *Args) Object(name string) ObjectValue {
	s := a.attr(name)
	return ObjectValue{literal: s.literal, expr: s.expr}
}

// Literal is an attribute that takes no expression.
func (a *Args) Literal(name string) string { return a.attr(name).literal }

// Set says whether the attribute was written.
func (a *Args) Set(name string) bool { return a.attr(name).set }

// Dynamic says whether the attribute is an expression.
func (a *Args) Dynamic(name string) bool { return a.attr(name).expr != nil }

func (a *Args) attr(name string) slot {
	s, ok := a.attrs[name]
	if !ok {
		panic("policy: " + a.node.Name + " declares no attribute " + name)
	}
	return s
}

// Content is the element's text at request time.
func (a *Args) Content() TextValue { return a.content.text() }

// ContentObject is the element's text when it may be any value.
func (a *Args) ContentObject() ObjectValue {
	return ObjectValue{literal: a.content.literal, expr: a.content.expr}
}

// ContentInt is the element's text as a whole number.
func (a *Args) ContentInt() IntValue { return a.content.integer() }

// HasContent says whether the element has text.
func (a *Args) HasContent() bool { return a.content.set }

// All are the child elements with the name, in order.
func (a *Args) All(name string) []*Args { return a.children[name] }

// One is the child element with the name, nil when it isn't there.
func (a *Args) One(name string) *Args {
	if all := a.children[name]; len(all) > 0 {
		return all[0]
	}
	return nil
}

// Body are the policies inside, compiled.
func (a *Args) Body() Block { return a.body }

// Slots are the policies in the shape's slots, compiled, in the order of the document.
func (a *Args) Slots() Block { return a.slots }

// Home is where the document lives.
func (a *Args) Home() *Home { return a.c.src.Home }

// Place says where the element stands.
func (a *Args) Place() *Place { return a.place }

// Warn notes something odd about the element that doesn't keep the document from being saved.
func (a *Args) Warn(format string, args ...any) {
	a.c.problem(a.node, SeverityWarning, fmt.Sprintf(format, args...))
}

// Errorf is an error of the element itself, for Compile to return when a child element is at fault rather than the policy.
func (a *Args) Errorf(format string, args ...any) error {
	return &elementError{node: a.node, message: fmt.Sprintf(format, args...)}
}

type elementError struct {
	node    *Node
	message string
	within  bool // the text of the node, at offset of the document
	offset  int
}

func (e *elementError) Error() string { return e.message }

func (s slot) text() TextValue {
	return TextValue{literal: s.literal, expr: s.expr, enum: s.typ.enum()}
}

func (s slot) integer() IntValue {
	v := IntValue{expr: s.expr, check: s.typ.check}
	if s.expr == nil && s.literal != "" {
		if d, err := ParsePeriod(s.literal); err == nil {
			v.literal = int64(d.Seconds())
		} else {
			_, _ = fmt.Sscan(s.literal, &v.literal)
		}
	}
	return v
}

func (t *Type) enum() []string {
	if t == nil {
		return nil
	}
	return t.Enum
}

// expected lists what may stand inside an element, for error messages.
func (s *Shape) expected() string {
	var names []string
	for _, e := range s.Elements {
		names = append(names, e.Name)
	}
	for _, p := range s.Slots {
		names = append(names, p.Name)
	}
	if s.Policies {
		names = append(names, "policies")
	}
	if len(names) == 0 {
		return "it takes no child elements"
	}
	return "expected are " + strings.Join(names, ", ")
}
