package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// The types of System.Xml.Linq.
var (
	xObjectT       = types.Class("System.Xml.Linq.XObject")
	xNodeT         = types.Class("System.Xml.Linq.XNode")
	xContainerT    = types.Class("System.Xml.Linq.XContainer")
	xElementT      = types.Class("System.Xml.Linq.XElement")
	xDocumentT     = types.Class("System.Xml.Linq.XDocument")
	xAttributeT    = types.Class("System.Xml.Linq.XAttribute")
	xTextT         = types.Class("System.Xml.Linq.XText")
	xCDataT        = types.Class("System.Xml.Linq.XCData")
	xCommentT      = types.Class("System.Xml.Linq.XComment")
	xInstructionT  = types.Class("System.Xml.Linq.XProcessingInstruction")
	xDocumentTypeT = types.Class("System.Xml.Linq.XDocumentType")

	xmlNodeType = types.EnumOf("System.Xml.XmlNodeType", "None", "Element", "Attribute", "Text", "CDATA", "EntityReference", "Entity",
		"ProcessingInstruction", "Comment", "Document", "DocumentType", "DocumentFragment", "Notation", "Whitespace", "SignificantWhitespace",
		"EndElement", "EndEntity", "XmlDeclaration")
	saveOptions = types.EnumWith("System.Xml.Linq.SaveOptions", true, []string{"None", "DisableFormatting", "OmitDuplicateNamespaces"}, []int64{0, 1, 2})
	loadOptions = types.EnumWith("System.Xml.Linq.LoadOptions", true, []string{"None", "PreserveWhitespace", "SetBaseUri", "SetLineInfo"}, []int64{0, 1, 2, 4})

	xmlNodeTypeDecl = types.Decl{Type: xmlNodeType, Doc: "What a node is."}
	saveOptionsDecl = types.Decl{Type: saveOptions, Doc: "Whether XML is indented."}
	loadOptionsDecl = types.Decl{Type: loadOptions, Doc: "Whether white space is kept."}
)

// XKind is an XmlNodeType.
type XKind int64

// The kinds of nodes, with the numbers of XmlNodeType.
const (
	XElement      XKind = 1
	XAttribute    XKind = 2
	XText         XKind = 3
	XCData        XKind = 4
	XInstruction  XKind = 7
	XComment      XKind = 8
	XDocument     XKind = 9
	XDocumentType XKind = 10
)

// Node is any object of System.Xml.Linq. It has one parent; adding it to a
// second one adds a copy.
type Node struct {
	kind   XKind
	name   *XName // of elements and attributes
	target string // of an instruction; the name of a document type
	value  string // of attributes, text, comments; the data of an instruction
	attrs  []*Node
	nodes  []*Node
	parent *Node
	open   bool         // an element without nodes that has an end tag
	decl   *Declaration // of a document
	ids    [2]string    // public and system id of a document type
}

// NetType implements types.Typed.
func (n *Node) NetType() *types.Type {
	return map[XKind]*types.Type{
		XElement: xElementT, XAttribute: xAttributeT, XText: xTextT, XCData: xCDataT, XInstruction: xInstructionT,
		XComment: xCommentT, XDocument: xDocumentT, XDocumentType: xDocumentTypeT,
	}[n.kind]
}

// NetString implements types.Text: indented XML.
func (n *Node) NetString() string { return n.XML(true) }

func (n *Node) isContainer() bool { return n.kind == XElement || n.kind == XDocument }

// text is XElement.Value: all text inside.
func (n *Node) text() string {
	if !n.isContainer() {
		return n.value
	}
	if len(n.nodes) == 1 && !n.nodes[0].isContainer() {
		return n.nodes[0].textPart()
	}
	var b strings.Builder
	n.writeText(&b)
	return b.String()
}

func (n *Node) textPart() string {
	if n.kind == XText || n.kind == XCData {
		return n.value
	}
	return ""
}

func (n *Node) writeText(b *strings.Builder) {
	for _, k := range n.nodes {
		if k.isContainer() {
			k.writeText(b)
		} else {
			b.WriteString(k.textPart())
		}
	}
}

func (n *Node) clone() *Node {
	c := *n
	c.parent = nil
	c.attrs, c.nodes = make([]*Node, len(n.attrs)), make([]*Node, len(n.nodes))
	for i, k := range n.attrs {
		c.attrs[i] = k.clone()
		c.attrs[i].parent = &c
	}
	for i, k := range n.nodes {
		c.nodes[i] = k.clone()
		c.nodes[i].parent = &c
	}
	return &c
}

func (n *Node) root() *Node {
	for n.parent != nil {
		n = n.parent
	}
	return n
}

func (n *Node) count() int {
	c := 1 + len(n.attrs)
	for _, k := range n.nodes {
		c += k.count()
	}
	return c
}

func (n *Node) height() int {
	h := 0
	for _, k := range n.nodes {
		h = max(h, k.height())
	}
	return h + 1
}

// attribute finds an attribute by name.
func (n *Node) attribute(name *XName) *Node {
	for _, a := range n.attrs {
		if name != nil && *a.name == *name {
			return a
		}
	}
	return nil
}

// element finds the first child element of a name.
func (n *Node) element(name *XName) *Node {
	for _, k := range n.nodes {
		if k.kind == XElement && name != nil && *k.name == *name {
			return k
		}
	}
	return nil
}

// siblings are the nodes, or attributes, among which n stands.
func (n *Node) siblings() []*Node {
	switch {
	case n.parent == nil:
		return nil
	case n.kind == XAttribute:
		return n.parent.attrs
	}
	return n.parent.nodes
}

func (n *Node) index() int {
	for i, k := range n.siblings() {
		if k == n {
			return i
		}
	}
	return -1
}

func (n *Node) sibling(by int) *Node {
	all := n.siblings()
	if i := n.index() + by; n.parent != nil && i >= 0 && i < len(all) {
		return all[i]
	}
	return nil
}

var errNoParent = types.Throw(types.InvalidOperation, "The parent is missing.")

func (n *Node) remove() error {
	p := n.parent
	if p == nil {
		return errNoParent
	}
	i := n.index()
	if n.kind == XAttribute {
		p.attrs = append(p.attrs[:i:i], p.attrs[i+1:]...)
	} else {
		p.nodes = append(p.nodes[:i:i], p.nodes[i+1:]...)
	}
	n.parent = nil
	return nil
}

func (n *Node) removeNodes() {
	for _, k := range n.nodes {
		k.parent = nil
	}
	n.nodes, n.open = nil, false
}

func (n *Node) removeAttributes() {
	for _, a := range n.attrs {
		a.parent = nil
	}
	n.attrs = nil
}

// descendants lists the nodes inside in document order.
func (n *Node) descendants(out []*Node) []*Node {
	for _, k := range n.nodes {
		out = k.descendants(append(out, k))
	}
	return out
}

// deepEqual compares nodes with all they contain.
func deepEqual(a, b *Node) bool {
	switch {
	case a == nil || b == nil:
		return a == b
	case a.kind != b.kind || len(a.attrs) != len(b.attrs) || len(a.nodes) != len(b.nodes) || a.target != b.target || a.open != b.open:
		return false
	case a.name != nil && *a.name != *b.name || a.value != b.value:
		return false
	}
	for i := range a.attrs {
		if !deepEqual(a.attrs[i], b.attrs[i]) {
			return false
		}
	}
	for i := range a.nodes {
		if !deepEqual(a.nodes[i], b.nodes[i]) {
			return false
		}
	}
	return true
}

// documentOrder compares positions in one tree.
func documentOrder(a, b *Node) (int, error) {
	if a == b {
		return 0, nil
	}
	if a == nil || b == nil || a.root() != b.root() {
		return 0, types.Throw(types.InvalidOperation, "A common ancestor is missing.")
	}
	for _, k := range a.root().descendants([]*Node{a.root()}) {
		if k == a {
			return -1, nil
		}
		if k == b {
			return 1, nil
		}
	}
	return 0, nil
}

// Nodes is a sequence of nodes.
type Nodes struct {
	elem  *types.Type
	items []*Node
}

// NetType implements types.Typed.
func (s *Nodes) NetType() *types.Type { return types.IEnumerableOf.Of(s.elem) }

// Len is the number of nodes.
func (s *Nodes) Len() int { return len(s.items) }

// Enumerate implements types.Sequence.
func (s *Nodes) Enumerate(*types.Env) types.Enumerator {
	i := 0
	return types.EnumeratorFunc(func() (types.Value, bool, error) {
		if i >= len(s.items) {
			return nil, false, nil
		}
		i++
		return s.items[i-1], true, nil
	})
}

// named keeps the elements of a name; with no name given all of them.
func named(items []*Node, c *types.Call, arg int) *Nodes {
	out := &Nodes{elem: xElementT}
	var name *XName
	given := len(c.Args) > arg
	if given {
		name, _ = c.Args[arg].(*XName)
	}
	for _, k := range items {
		if k.kind == XElement && (!given || name != nil && *k.name == *name) {
			out.items = append(out.items, k)
		}
	}
	return out
}
