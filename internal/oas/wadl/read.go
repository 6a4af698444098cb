package wadl

import (
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

const (
	space    = "http://wadl.dev.java.net/2009/02"
	spaceXSD = "http://www.w3.org/2001/XMLSchema"
)

// Bounds on what references multiply.
const (
	maxOperations = 5000
	maxParts      = 200_000 // parameters, answers and bodies
	maxInherited  = 500     // parameters of one method, with those of the resources around it
	maxHops       = 20
)

// Read reads a document. Errors are for the person who gave it.
func Read(doc []byte) (*oas.API, error) {
	root, err := xmltree.Read(doc)
	if err != nil {
		return nil, err
	}
	if root.Local != "application" || !strings.HasPrefix(root.Space, "http://wadl.dev.java.net/") && !strings.HasPrefix(root.Space, "http://research.sun.com/wadl/") {
		return nil, fmt.Errorf("it is no WADL: its element is %s", xmltree.Shorten(root.Name.String(), 120))
	}
	r := &reader{root: root, ids: map[string]*xmltree.Node{}, names: map[string]bool{}, places: map[string]bool{}}
	r.note(root)
	r.api = &oas.API{Version: oas.WADL, Description: r.doc(root)}
	r.api.Title = r.title(root)
	if err := r.grammars(); err != nil {
		return nil, err
	}
	return r.api, r.resources()
}

type reader struct {
	root   *xmltree.Node
	api    *oas.API
	ids    map[string]*xmltree.Node
	names  map[string]bool // ids of operations
	places map[string]bool // methods and templates
	parts  int
}

// note makes what has an id known.
func (r *reader) note(n *xmltree.Node) {
	if id := n.Get("id"); id != "" && r.ids[id] == nil {
		r.ids[id] = n
	}
	for _, c := range n.Children {
		r.note(c)
	}
}

// follow is what a node stands for: itself, or what its reference names.
func (r *reader) follow(n *xmltree.Node) (*xmltree.Node, error) {
	for range maxHops {
		href, ok := n.Has("href")
		if !ok {
			return n, nil
		}
		id, local := strings.CutPrefix(href, "#")
		if !local {
			return nil, fmt.Errorf("line %d: the reference %q leads out of the document; put what it names into the document", n.Line, xmltree.Shorten(href, 120))
		}
		target := r.ids[id]
		if target == nil || target.Local != n.Local {
			return nil, fmt.Errorf("line %d: the reference %q leads to no %s", n.Line, xmltree.Shorten(href, 120), n.Local)
		}
		n = target
	}
	return nil, fmt.Errorf("line %d: this reference leads to another, and so on without end", n.Line)
}

func (r *reader) grow(n int) error {
	if r.parts += n; r.parts > maxParts {
		return fmt.Errorf("the methods have more than %d parameters, answers and bodies when references are followed", maxParts)
	}
	return nil
}

func (r *reader) warn(format string, args ...any) {
	if len(r.api.Warnings) < 100 {
		r.api.Warnings = append(r.api.Warnings, fmt.Sprintf(format, args...))
	}
}

// each is the children of a word, in the namespace of the document.
func (r *reader) each(n *xmltree.Node, word string) []*xmltree.Node {
	return n.Elements(r.root.Space, word)
}

// doc and title are what a node says of itself; tools put their own marks into documentation without either.
func (r *reader) doc(n *xmltree.Node) string {
	for _, d := range r.each(n, "doc") {
		if text := d.Content(); text != "" {
			return text
		}
	}
	return ""
}

func (r *reader) title(n *xmltree.Node) string {
	for _, d := range r.each(n, "doc") {
		if title := d.Get("title"); title != "" {
			return title
		}
	}
	return ""
}

func (r *reader) grammars() error {
	for _, g := range r.each(r.root, "grammars") {
		for _, s := range g.Elements(spaceXSD, "schema") {
			r.api.XML = append(r.api.XML, oas.XMLSchema{
				Name: oas.XMLSchemaName(len(r.api.XML)), Space: s.Get("targetNamespace"), Document: string(s.Append(nil, 0)),
			})
		}
		for _, i := range r.each(g, "include") {
			r.warn("The grammar %q is elsewhere and was left out.", xmltree.Shorten(i.Get("href"), 120))
		}
	}
	return nil
}
