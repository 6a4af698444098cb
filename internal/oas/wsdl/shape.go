package wsdl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// field is an element of a message with all that can be in it: schemas followed to the end.
type field struct {
	xmltree.Name        // Space is "" for an element outside any namespace
	attribute    bool   // an attribute of the element around it
	optional     bool   // it may be absent
	many         bool   // it may come again
	nillable     bool   // it may be there and say nothing
	kind         string // JSON's word for a text; "" when there are fields inside
	base         string // XML schema's word for a text
	values       []string
	fields       []*field
	top          bool   // it is the content of a message
	text         bool   // of fields inside: the element has a text beside its attributes
	cut          string // why nothing is known of what is inside
	doc          string
}

// Bounds on what schemas are followed to.
const (
	maxFields    = 2000   // of one message
	maxAllFields = 60_000 // of all messages
	maxNesting   = 24
)

var errTooLarge = errors.New("the message has more parts than can be translated")

// shaper follows schemas.
type shaper struct {
	types *types
	open  map[xmltree.Name]bool // types around the one in hand, which would go on without end
	left  int                   // fields that may still be made for the message
	all   *int                  // and for the document
}

func (s *shaper) make(f *field) (*field, error) {
	if !isName(f.Local) || strings.ContainsAny(f.Space, "{}<>\"'\r\n\t") {
		return nil, fmt.Errorf("%q is no name of an element", xmltree.Shorten(f.Name.String(), 120))
	}
	s.left--
	*s.all--
	if s.left < 0 || *s.all < 0 {
		return nil, errTooLarge
	}
	return f, nil
}

// isName says whether a text is a name of XML, and therefore safe wherever names are written.
func isName(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || r != '-' && r != '.' && !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// element follows a global element.
func (s *shaper) element(name xmltree.Name, depth int) (*field, error) {
	c, ok := s.types.find("element", name)
	if !ok {
		return nil, fmt.Errorf("the element %s is in none of the schemas", name)
	}
	return s.declared(c.in, c.node, name, depth)
}

// declared follows the declaration of an element.
func (s *shaper) declared(in *schema, n *xmltree.Node, name xmltree.Name, depth int) (*field, error) {
	f, err := s.make(&field{Name: name, nillable: n.Get("nillable") == "true" || n.Get("nillable") == "1", doc: documentation(n)})
	if err != nil {
		return nil, err
	}
	if typ, ok := n.Has("type"); ok {
		full, ok := in.resolve(n, typ)
		if !ok {
			return nil, fmt.Errorf("line %d: the type %q of the element %s can't be read", n.Line, xmltree.Shorten(typ, 80), name.Local)
		}
		return f, s.typed(f, full, depth)
	}
	for _, word := range []string{"complexType", "simpleType"} {
		if inner := n.First(spaceXSD, word); inner != nil {
			return f, s.content(f, in, inner, depth)
		}
	}
	f.cut = "it may hold anything"
	return f, nil
}

// typed gives a field what its type says.
func (s *shaper) typed(f *field, name xmltree.Name, depth int) error {
	if name.Space == spaceXSD {
		if name.Local == "anyType" {
			f.cut = "it may hold anything"
			return nil
		}
		f.kind, f.base = kindOf(name.Local), name.Local
		return nil
	}
	c, ok := s.types.find("type", name)
	switch {
	case !ok && isKnownSpace(name.Space), !ok && name.Local == "guid":
		f.kind, f.base = "string", name.Local
		return nil
	case !ok:
		return fmt.Errorf("the type %s is in none of the schemas", name)
	case s.open[name]:
		f.cut = "it is inside itself"
		return nil
	case depth > maxNesting:
		f.cut = "it is too deep inside others"
		return nil
	}
	s.open[name] = true
	defer delete(s.open, name)
	return s.content(f, c.in, c.node, depth)
}

// content gives a field what the definition of a type says.
func (s *shaper) content(f *field, in *schema, n *xmltree.Node, depth int) error {
	if n.Local == "simpleType" {
		return s.simple(f, in, n, 0)
	}
	for _, c := range n.Children {
		if c.Space != spaceXSD {
			continue
		}
		switch c.Local {
		case "simpleContent", "complexContent":
			for _, d := range c.Children {
				if d.Local == "extension" || d.Local == "restriction" {
					if err := s.derived(f, in, d, c.Local == "simpleContent", depth); err != nil {
						return err
					}
				}
			}
		default:
			if err := s.particle(f, in, c, particle{}, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// derived follows a type that extends or restricts another. A restriction says all that is left of a complex type, so that only what it says counts.
func (s *shaper) derived(f *field, in *schema, n *xmltree.Node, simple bool, depth int) error {
	base, ok := in.resolve(n, n.Get("base"))
	if !ok {
		return fmt.Errorf("line %d: the base %q of a type can't be read", n.Line, xmltree.Shorten(n.Get("base"), 80))
	}
	if simple || n.Local == "extension" {
		if err := s.typed(f, base, depth+1); err != nil {
			return err
		}
	}
	if n.Local == "restriction" && !simple && base.Local == "Array" {
		f.cut = "it is an array of SOAP's own encoding"
		return nil
	}
	f.cut = keepUnless(f.cut, "it may hold anything")
	for _, c := range n.Children {
		if c.Space == spaceXSD {
			if err := s.particle(f, in, c, particle{}, depth); err != nil {
				return err
			}
		}
	}
	if simple && len(f.fields) > 0 && f.kind != "" {
		f.text = true
	}
	return nil
}

func keepUnless(s, unless string) string {
	if s == unless {
		return ""
	}
	return s
}

// simple follows a type of texts.
func (s *shaper) simple(f *field, in *schema, n *xmltree.Node, hops int) error {
	f.kind, f.base = "string", "string"
	r := n.First(spaceXSD, "restriction")
	if r == nil || hops > 20 {
		return nil // lists and unions are texts
	}
	for _, e := range r.Elements(spaceXSD, "enumeration") {
		if len(f.values) < 500 {
			f.values = append(f.values, e.Get("value"))
		}
	}
	value, ok := r.Has("base")
	base, known := in.resolve(r, value)
	switch {
	case !ok || !known:
		return nil
	case base.Space == spaceXSD:
		f.kind, f.base = kindOf(base.Local), base.Local
		return nil
	}
	if c, ok := s.types.find("type", base); ok && c.node.Local == "simpleType" {
		own := f.values
		if err := s.simple(f, c.in, c.node, hops+1); err != nil {
			return err
		}
		if own != nil {
			f.values = own
		}
	}
	return nil
}

// particle is what is around an element: a choice makes it optional, a group that comes again makes it come again.
type particle struct {
	optional, many bool
	groups         int
}

func (p particle) inside(n *xmltree.Node) particle {
	least, most := occurs(n)
	return particle{optional: p.optional || least == 0 || n.Local == "choice", many: p.many || most > 1, groups: p.groups}
}

// occurs is how often something may come.
func occurs(n *xmltree.Node) (least, most int) {
	least, most = 1, 1
	if v, err := strconv.Atoi(n.Get("minOccurs")); err == nil {
		least = v
	}
	if v := n.Get("maxOccurs"); v == "unbounded" {
		most = 2
	} else if v, err := strconv.Atoi(v); err == nil {
		most = v
	}
	return least, most
}

// particle follows a piece of the content of a type.
func (s *shaper) particle(f *field, in *schema, n *xmltree.Node, p particle, depth int) error {
	switch n.Local {
	case "sequence", "all", "choice":
		p = p.inside(n)
		for _, c := range n.Children {
			if c.Space == spaceXSD {
				if err := s.particle(f, in, c, p, depth); err != nil {
					return err
				}
			}
		}
	case "element":
		return s.child(f, in, n, p.inside(n), depth)
	case "any":
		f.cut = "it may hold anything"
	case "group", "attributeGroup":
		return s.group(f, in, n, p.inside(n), depth)
	case "attribute":
		return s.attribute(f, in, n)
	}
	return nil
}

func (s *shaper) child(f *field, in *schema, n *xmltree.Node, p particle, depth int) error {
	var child *field
	var err error
	if ref, ok := n.Has("ref"); ok {
		name, known := in.resolve(n, ref)
		if !known {
			return fmt.Errorf("line %d: the reference %q can't be read", n.Line, xmltree.Shorten(ref, 80))
		}
		if name.Space == spaceXSD { // the schema of a data set
			f.cut = "it holds a schema"
			return nil
		}
		if depth > maxNesting {
			f.cut = "it is too deep inside others"
			return nil
		}
		child, err = s.reference(name, depth)
	} else {
		name := xmltree.Name{Local: n.Get("name")}
		if form := n.Get("form"); form == "qualified" || form == "" && in.qualified {
			name.Space = in.space
		}
		if name.Local == "" {
			return fmt.Errorf("line %d: an element has neither name nor reference", n.Line)
		}
		child, err = s.declared(in, n, name, depth+1)
	}
	if err != nil {
		return err
	}
	child.optional, child.many = p.optional, p.many
	f.add(child)
	return nil
}

// reference follows an element that a type refers to, which may have the type around it inside.
func (s *shaper) reference(name xmltree.Name, depth int) (*field, error) {
	mark := xmltree.Name{Space: "element " + name.Space, Local: name.Local}
	if s.open[mark] {
		return s.make(&field{Name: name, cut: "it is inside itself"})
	}
	s.open[mark] = true
	defer delete(s.open, mark)
	return s.element(name, depth+1)
}

// add puts a field inside; one that stands there already may come again.
func (f *field) add(child *field) {
	for _, other := range f.fields {
		if other.Name == child.Name && other.attribute == child.attribute {
			other.many = other.many || !child.attribute
			return
		}
	}
	f.fields = append(f.fields, child)
}

func (s *shaper) group(f *field, in *schema, n *xmltree.Node, p particle, depth int) error {
	name, ok := in.resolve(n, n.Get("ref"))
	c, found := s.types.find(n.Local, name)
	if !ok || !found || p.groups > maxNesting {
		return fmt.Errorf("line %d: the group %q is in none of the schemas, or inside itself", n.Line, xmltree.Shorten(n.Get("ref"), 80))
	}
	if *s.all--; *s.all < 0 { // groups of groups can multiply without making a field
		return errTooLarge
	}
	p.groups++
	for _, inner := range c.node.Children {
		if inner.Space == spaceXSD {
			if err := s.particle(f, c.in, inner, p, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *shaper) attribute(f *field, in *schema, n *xmltree.Node) error {
	if n.Get("use") == "prohibited" || n.Get("name") == "" {
		return nil // one by reference (xml:lang) is left to services
	}
	a, err := s.make(&field{Name: xmltree.Name{Local: n.Get("name")}, attribute: true, optional: n.Get("use") != "required", kind: "string", base: "string"})
	if err != nil {
		return err
	}
	if inner := n.First(spaceXSD, "simpleType"); inner != nil {
		err = s.simple(a, in, inner, 0)
	} else if name, ok := in.resolve(n, n.Get("type")); ok && n.Get("type") != "" {
		if name.Space == spaceXSD {
			a.kind, a.base = kindOf(name.Local), name.Local
		} else if c, found := s.types.find("type", name); found && c.node.Local == "simpleType" {
			err = s.simple(a, c.in, c.node, 0)
		}
	}
	f.add(a)
	return err
}
