package wsdl

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// schema is one xsd:schema.
type schema struct {
	node      *xmltree.Node
	space     string
	adopted   bool // the namespace is that of the schema which includes it
	qualified bool // elements inside types are in the namespace
	declares  bool // elements of messages
}

// resolve reads a name in the schema. In one that adopted its namespace, names without one are in it.
func (s *schema) resolve(at *xmltree.Node, value string) (xmltree.Name, bool) {
	name, err := at.Resolve(value)
	if err != nil {
		return name, false
	}
	if name.Space == "" && s.adopted {
		name.Space = s.space
	}
	return name, true
}

// document is the schema as it stands beside the others: what it imports is there, so that no location is named.
func (s *schema) document(indent int) []byte {
	out := *s.node
	out.Children = nil
	for _, c := range s.node.Children {
		if c.Space == spaceXSD && c.Local == "include" {
			continue
		}
		if c.Space == spaceXSD && c.Local == "import" {
			bare := *c
			bare.Attr = nil
			for _, a := range c.Attr {
				if a.Local != "schemaLocation" {
					bare.Attr = append(bare.Attr, a)
				}
			}
			c = &bare
		}
		out.Children = append(out.Children, c)
	}
	if s.adopted {
		out.Attr = append([]xmltree.Attr{{Local: "targetNamespace", Value: s.space}}, out.Attr...)
		if space, ok := s.node.Namespace(""); ok && space == "" {
			out.Attr = append(out.Attr, xmltree.Attr{Local: "xmlns", Value: s.space})
		}
	}
	return out.Append(nil, indent)
}

// component is a piece of a schema that has a name of its own.
type component struct {
	node *xmltree.Node
	in   *schema
}

// types finds the components of all schemas.
type types struct {
	schemas []*schema
	by      map[string]map[xmltree.Name]component // by the word of the component: element, complexType, …
}

func newTypes() *types { return &types{by: map[string]map[xmltree.Name]component{}} }

// has says whether there is a schema of the namespace that holds something.
func (t *types) has(space string) bool {
	for _, s := range t.schemas {
		if s.space != space {
			continue
		}
		for _, c := range s.node.Children {
			if c.Local != "import" && c.Local != "annotation" && c.Local != "" {
				return true
			}
		}
	}
	return false
}

// index makes the components known. The first of a name counts; what is inside a redefine counts before what it redefines.
func (t *types) index() {
	for _, s := range t.schemas {
		for _, r := range s.node.Elements(spaceXSD, "redefine") {
			t.note(s, r)
		}
	}
	for _, s := range t.schemas {
		t.note(s, s.node)
	}
}

func (t *types) note(s *schema, around *xmltree.Node) {
	for _, c := range around.Children {
		name := c.Get("name")
		if c.Space != spaceXSD || name == "" {
			continue
		}
		word := c.Local
		s.declares = s.declares || word == "element"
		if word == "simpleType" || word == "complexType" {
			word = "type"
		}
		if t.by[word] == nil {
			t.by[word] = map[xmltree.Name]component{}
		}
		full := xmltree.Name{Space: s.space, Local: name}
		if _, taken := t.by[word][full]; !taken {
			t.by[word][full] = component{c, s}
		}
	}
}

func (t *types) find(word string, name xmltree.Name) (component, bool) {
	c, ok := t.by[word][name]
	return c, ok
}

// kindOf is JSON's word for a type of XML schema. Numbers that JSON readers would round stay texts.
func kindOf(local string) string {
	switch local {
	case "boolean":
		return "boolean"
	case "int", "integer", "short", "byte", "long", "unsignedInt", "unsignedShort", "unsignedByte", "unsignedLong", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger":
		return "integer"
	case "decimal", "float", "double":
		return "number"
	}
	return "string"
}

// sampleOf is a value of a type of XML schema.
func sampleOf(local string, values []string) string {
	if len(values) > 0 {
		return values[0]
	}
	switch kindOf(local) {
	case "boolean":
		return "true"
	case "integer", "number":
		return "1"
	}
	switch local {
	case "dateTime":
		return "2024-01-01T00:00:00Z"
	case "date":
		return "2024-01-01"
	case "time":
		return "00:00:00Z"
	case "base64Binary":
		return "AA=="
	case "duration":
		return "P1D"
	case "anyURI":
		return "http://example.org/"
	case "guid":
		return "00000000-0000-0000-0000-000000000000"
	}
	return "string"
}

// documentation is what a component or an operation says about itself.
func documentation(n *xmltree.Node) string {
	if d := n.First(spaceWSDL, "documentation"); d != nil {
		return d.Content()
	}
	return strings.TrimSpace(n.First(spaceXSD, "annotation").First(spaceXSD, "documentation").Content())
}
