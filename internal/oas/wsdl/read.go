package wsdl

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// Bounds on what one import reads.
const (
	maxDocuments  = 100
	maxLinks      = 5000
	maxBytes      = xmltree.MaxBytes // of all documents together
	MaxOperations = 2000
)

// Options of Read.
type Options struct {
	Service, Port string // which to take; "" for the first of SOAP 1.1, or else of 1.2
	From          string // where the document came from; "" when it has no address
	// Fetch gets what a document imports by its address. It bounds time and where it goes. nil refuses.
	Fetch func(address string) ([]byte, error)
}

// Read reads a document and all that it imports. Errors are for the person who gave the document.
func Read(doc []byte, o Options) (*Service, error) {
	l := &loader{opt: o, types: newTypes(), seen: map[string]bool{o.From: true}}
	if err := l.take(doc, o.From, link{}); err != nil {
		return nil, err
	}
	if len(l.definitions) == 0 {
		return nil, errors.New("the document is an XML schema, not a WSDL")
	}
	if err := l.follow(); err != nil {
		return nil, err
	}
	l.types.index()
	return l.service()
}

// loader is a document on its way, with what it imports.
type loader struct {
	opt         Options
	definitions []*xmltree.Node
	types       *types
	seen        map[string]bool // documents, by address and what they were included into
	waiting     []link
	bytes       int
	documents   int
	named       map[string][]found // what find has indexed
}

// link is where a document names another.
type link struct {
	base, location string // base is "" for a document without an address
	space          string // the namespace of an import; of an include, that of the schema around it
	include        bool
}

func (l *loader) take(doc []byte, address string, from link) error {
	if l.bytes += len(doc); l.bytes > maxBytes {
		return fmt.Errorf("the document and what it imports have more than %d bytes", maxBytes)
	}
	root, err := xmltree.Read(doc)
	if err != nil {
		return err
	}
	switch root.Name {
	case xmltree.Name{Space: spaceWSDL, Local: "definitions"}:
		return l.takeDefinitions(root, address)
	case xmltree.Name{Space: spaceXSD, Local: "schema"}:
		return l.takeSchema(root, address, from)
	case xmltree.Name{Space: spaceWSDL20, Local: "description"}:
		return errors.New("it is WSDL 2.0, which can't be imported; WSDL 1.1 can")
	}
	return fmt.Errorf("it is no WSDL 1.1: its element is %s", xmltree.Shorten(root.Name.String(), 120))
}

func (l *loader) takeDefinitions(root *xmltree.Node, base string) error {
	l.definitions = append(l.definitions, root)
	for _, i := range root.Elements(spaceWSDL, "import") {
		if location := i.Get("location"); location != "" {
			if err := l.wait(link{base: base, location: location, space: i.Get("namespace")}); err != nil {
				return err
			}
		}
	}
	for _, t := range root.Elements(spaceWSDL, "types") {
		for _, s := range t.Elements(spaceXSD, "schema") {
			if err := l.takeSchema(s, base, link{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeSchema notes a schema. One that is included and has no namespace takes that of the schema around it.
func (l *loader) takeSchema(root *xmltree.Node, base string, from link) error {
	s := &schema{node: root, space: root.Get("targetNamespace"), qualified: root.Get("elementFormDefault") == "qualified"}
	if s.space == "" && from.include {
		s.space, s.adopted = from.space, from.space != ""
	}
	l.types.schemas = append(l.types.schemas, s)
	for _, c := range root.Children {
		if c.Space != spaceXSD {
			continue
		}
		at := link{base: base, location: c.Get("schemaLocation"), space: s.space, include: true}
		switch c.Local {
		case "include", "redefine":
		case "import":
			at.space, at.include = c.Get("namespace"), false
			if at.location == "" || isKnownSpace(at.space) {
				continue // it is among the others, or everybody knows it
			}
		default:
			continue
		}
		if err := l.wait(at); err != nil {
			return err
		}
	}
	return nil
}

// isKnownSpace says whether a namespace is one of those whose schemas are part of the trade and not of a service.
func isKnownSpace(space string) bool {
	for _, p := range []string{"http://www.w3.org/", "http://schemas.xmlsoap.org/soap/", "http://schemas.xmlsoap.org/wsdl/", "http://schemas.xmlsoap.org/ws/"} {
		if strings.HasPrefix(space, p) {
			return true
		}
	}
	return false
}

func (l *loader) wait(at link) error {
	if l.waiting = append(l.waiting, at); len(l.waiting) > maxLinks {
		return fmt.Errorf("the document and what it imports name others in more than %d places", maxLinks)
	}
	return nil
}

// follow gets what waits, and what that imports in turn. An import that can't be had does no harm when its namespace is there.
func (l *loader) follow() error {
	for n := 0; n < len(l.waiting); n++ {
		at := l.waiting[n]
		address, err := at.absolute()
		key := address
		if at.include {
			key += " into " + at.space
		}
		var doc []byte
		switch {
		case err != nil:
		case l.seen[key]:
			continue
		case l.documents == maxDocuments:
			return fmt.Errorf("the document imports more than %d others", maxDocuments)
		case l.opt.Fetch == nil:
			err = fmt.Errorf("it imports %q, and nothing is fetched here: put what it imports into the document", xmltree.Shorten(address, 200))
		default:
			l.documents++
			if doc, err = l.opt.Fetch(address); err != nil {
				err = fmt.Errorf("%s, which the document imports, can't be fetched: %w", xmltree.Shorten(address, 200), err)
			}
		}
		if err != nil {
			if !at.include && l.types.has(at.space) {
				continue
			}
			return err
		}
		l.seen[key] = true
		if err := l.take(doc, address, at); err != nil {
			return fmt.Errorf("%s: %w", xmltree.Shorten(address, 200), err)
		}
	}
	return nil
}

// absolute is the address that is named, seen from where the document is.
func (at link) absolute() (string, error) {
	u, err := url.Parse(at.location)
	if err != nil || at.location == "" {
		return "", fmt.Errorf("it imports %q, which is no address", xmltree.Shorten(at.location, 200))
	}
	if from, err := url.Parse(at.base); err == nil && at.base != "" {
		u = from.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("it imports %q, which can't be found from here: import the document by its link, or put what it imports into it", xmltree.Shorten(at.location, 200))
	}
	u.Fragment = ""
	return u.String(), nil
}
