package policy

// A Shape is the one description of a policy's XML. Validation, the types of expressions, completion in editors and the reference pages all
// come from it; nothing else says what an element may hold.

// Shape says what one element may hold.
type Shape struct {
	Attrs    []*AttrShape
	Elements []*ElementShape
	Slots    []*SlotShape  // policies by name, as set-header in return-response
	Text     *ContentShape // nil: no text
	Policies bool          // any policies that the section allows
	Foreign  bool          // a document of another language, which the policy reads itself
}

// Part is a piece of a shape.
type Part interface{ join(*Shape) }

// Element puts a shape together.
func Element(parts ...Part) *Shape {
	s := &Shape{}
	for _, p := range parts {
		p.join(s)
	}
	return s
}

// AttrShape is one attribute.
type AttrShape struct {
	Name         string
	Type         *Type
	IsRequired   bool
	TakesExpr    bool
	DefaultValue string // "" for none
	Explanation  string
}

// Attr is an optional literal attribute; its methods make it more.
func Attr(name string, t *Type) *AttrShape { return &AttrShape{Name: name, Type: t} }

// Required makes the attribute mandatory.
func (a *AttrShape) Required() *AttrShape { a.IsRequired = true; return a }

// Expr allows an expression of the attribute's type.
func (a *AttrShape) Expr() *AttrShape { a.TakesExpr = true; return a }

// Default is the literal that an absent attribute stands for.
func (a *AttrShape) Default(v string) *AttrShape { a.DefaultValue = v; return a }

// Doc is one sentence for people who write policies.
func (a *AttrShape) Doc(s string) *AttrShape { a.Explanation = s; return a }

func (a *AttrShape) join(s *Shape) { s.Attrs = append(s.Attrs, a) }

// ElementShape is a child element that is no policy.
type ElementShape struct {
	Name        string
	Shape       *Shape
	Min, Max    int // how often; Max 0: any number
	Explanation string
}

// Child is an optional child element with a shape of its own.
func Child(name string, parts ...Part) *ElementShape {
	return &ElementShape{Name: name, Shape: Element(parts...), Max: 1}
}

// Foreign is an optional child element that is a document of another language, with everything in it.
func Foreign(name string) *ElementShape {
	return &ElementShape{Name: name, Shape: &Shape{Foreign: true}, Max: 1}
}

// Children are any number of child elements that hold text of the type; Parts of their own can follow.
func Children(name string, t *Type, parts ...Part) *ElementShape {
	e := &ElementShape{Name: name, Shape: Element(parts...)}
	e.Shape.Text = &ContentShape{Type: t}
	return e
}

// Required makes one such child mandatory.
func (e *ElementShape) Required() *ElementShape { e.Min = 1; return e }

// Many allows any number of them.
func (e *ElementShape) Many() *ElementShape { e.Max = 0; return e }

// Expr allows an expression as the child's text.
func (e *ElementShape) Expr() *ElementShape { e.Shape.Text.TakesExpr = true; return e }

// Doc is one sentence for people who write policies.
func (e *ElementShape) Doc(s string) *ElementShape { e.Explanation = s; return e }

func (e *ElementShape) join(s *Shape) { s.Elements = append(s.Elements, e) }

// SlotShape is a place for a policy by name, whatever sections that policy is for.
type SlotShape struct {
	Name string
	Max  int // 0: any number
}

// Slot is a place for at most max uses of the named policy; 0 for any number.
func Slot(name string, limit int) *SlotShape { return &SlotShape{name, limit} }

func (p *SlotShape) join(s *Shape) { s.Slots = append(s.Slots, p) }

// ContentShape is an element's text.
type ContentShape struct {
	Type        *Type
	IsRequired  bool
	TakesExpr   bool
	TakesMarkup bool // child elements are text as well
	// The attribute, of the element or of the one around it, that makes the text a template when it has a value: then it takes no expression, and braces are named values only where
	// there is one of that name.
	TemplateAttr, TemplateValue string
	Explanation                 string
}

// Content is optional literal text; its methods make it more.
func Content(t *Type) *ContentShape { return &ContentShape{Type: t} }

// Required refuses an empty element.
func (c *ContentShape) Required() *ContentShape { c.IsRequired = true; return c }

// Expr allows an expression of the text's type.
func (c *ContentShape) Expr() *ContentShape { c.TakesExpr = true; return c }

// Markup takes child elements as text, byte for byte.
func (c *ContentShape) Markup() *ContentShape { c.TakesMarkup = true; return c }

// Template makes the text a template when the attribute has the value.
func (c *ContentShape) Template(attr, value string) *ContentShape {
	c.TemplateAttr, c.TemplateValue = attr, value
	return c
}

// Doc is one sentence for people who write policies.
func (c *ContentShape) Doc(s string) *ContentShape { c.Explanation = s; return c }

func (c *ContentShape) join(s *Shape) { s.Text = c }

type policiesPart struct{}

func (policiesPart) join(s *Shape) { s.Policies = true }

// Policies allows any policies that the section allows.
func Policies() Part { return policiesPart{} }

// attr finds an attribute's shape.
func (s *Shape) attr(name string) *AttrShape {
	for _, a := range s.Attrs {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// element finds a child's shape.
func (s *Shape) element(name string) *ElementShape {
	for _, e := range s.Elements {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// slot finds a policy slot.
func (s *Shape) slot(name string) *SlotShape {
	for _, p := range s.Slots {
		if p.Name == name {
			return p
		}
	}
	return nil
}
