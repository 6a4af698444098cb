package xmltree

import (
	"fmt"
	"strings"
)

// Name is a name in a namespace; Space is "" outside any.
type Name struct{ Space, Local string }

func (n Name) String() string {
	if n.Space == "" {
		return n.Local
	}
	return "{" + n.Space + "}" + n.Local
}

// Node is an element, or a piece of text when Local is "".
type Node struct {
	Name
	Prefix   string
	Attr     []Attr
	Children []*Node
	Text     string // of a piece of text
	Line     int
	parent   *Node
	inScope  int // declarations of namespaces here and around
}

// Attr is an attribute. Declarations of namespaces are attributes with the prefix "xmlns", or with that name.
type Attr struct {
	Prefix, Local, Value string
}

func (a Attr) declares() (prefix string, ok bool) {
	switch {
	case a.Prefix == "xmlns":
		return a.Local, true
	case a.Prefix == "" && a.Local == "xmlns":
		return "", true
	}
	return "", false
}

// Get is the value of an attribute without a namespace; "" when there is none. It may be asked of nil.
func (n *Node) Get(local string) string {
	v, _ := n.Has(local)
	return v
}

// Has is the value of an attribute without a namespace, and whether it is there.
func (n *Node) Has(local string) (string, bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attr {
		if a.Prefix == "" && a.Local == local {
			return strings.TrimSpace(a.Value), true
		}
	}
	return "", false
}

// In is the value of an attribute in a namespace.
func (n *Node) In(space, local string) string {
	for _, a := range n.Attr {
		if a.Prefix != "" && a.Prefix != "xmlns" && a.Local == local {
			if s, ok := n.Namespace(a.Prefix); ok && s == space {
				return strings.TrimSpace(a.Value)
			}
		}
	}
	return ""
}

// Namespace is the namespace that a prefix stands for at the node; the empty prefix stands for the default one.
func (n *Node) Namespace(prefix string) (string, bool) {
	if prefix == "xml" {
		return "http://www.w3.org/XML/1998/namespace", true
	}
	for at := n; at != nil; at = at.parent {
		for _, a := range at.Attr {
			if p, ok := a.declares(); ok && p == prefix {
				return a.Value, true
			}
		}
	}
	return "", prefix == ""
}

// Resolve reads a value such as "tns:Order" as a name at the node.
func (n *Node) Resolve(value string) (Name, error) {
	prefix, local, cut := strings.Cut(strings.TrimSpace(value), ":")
	if !cut {
		prefix, local = "", prefix
	}
	space, ok := n.Namespace(prefix)
	if !ok {
		return Name{}, fmt.Errorf("line %d: the prefix of %q is not declared", n.Line, Shorten(value, 80))
	}
	return Name{space, local}, nil
}

// Elements are the children that are elements of the name.
func (n *Node) Elements(space, local string) []*Node {
	if n == nil {
		return nil
	}
	var out []*Node
	for _, c := range n.Children {
		if c.Local == local && c.Space == space {
			out = append(out, c)
		}
	}
	return out
}

// First is the first child element of the name; nil without one.
func (n *Node) First(space, local string) *Node {
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if c.Local == local && c.Space == space {
			return c
		}
	}
	return nil
}

// Content is all text beneath the node, with runs of blanks as one.
func (n *Node) Content() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.content(&b)
	return strings.Join(strings.Fields(b.String()), " ")
}

func (n *Node) content(b *strings.Builder) {
	b.WriteString(n.Text)
	for _, c := range n.Children {
		c.content(b)
	}
}

// Shorten cuts a text of a stranger for a message.
func Shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
