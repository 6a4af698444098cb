package xmltree

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds on one document.
const (
	MaxBytes = 10 << 20
	maxDepth = 100
	maxParts = 300_000 // elements, attributes and texts
)

// Read is the tree of a document. Its error says where the document stops being one that is taken.
func Read(doc []byte) (*Node, error) {
	if len(doc) > MaxBytes {
		return nil, fmt.Errorf("the document has %d bytes; %d are allowed", len(doc), MaxBytes)
	}
	doc, err := decoded(doc)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(doc)) == 0 {
		return nil, errors.New("the document is empty")
	}
	r := &reader{decoder: xml.NewDecoder(bytes.NewReader(doc))}
	r.decoder.CharsetReader = charset
	return r.document()
}

type reader struct {
	decoder *xml.Decoder
	root    *Node
	open    *Node
	depth   int
	parts   int
}

func (r *reader) document() (*Node, error) {
	for {
		t, err := r.decoder.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				return nil, fmt.Errorf("line %d: it is not well-formed XML: %s", syntax.Line, Shorten(syntax.Msg, 200))
			}
			return nil, err
		}
		if err := r.token(t); err != nil {
			line, _ := r.decoder.InputPos()
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	switch {
	case r.open != nil:
		return nil, fmt.Errorf("the document ends inside the element %s of line %d", Shorten(r.open.Local, 80), r.open.Line)
	case r.root == nil:
		return nil, errors.New("the document holds no element")
	}
	return r.root, nil
}

func (r *reader) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		if r.open == nil || t.Name.Local != r.open.Local || t.Name.Space != r.open.Prefix {
			return fmt.Errorf("the end of %s has no beginning", Shorten(t.Name.Local, 80))
		}
		r.open = r.open.parent
		r.depth--
	case xml.CharData:
		if r.open == nil {
			if len(bytes.TrimSpace(t)) > 0 {
				return errors.New("there is text outside the element of the document")
			}
			return nil
		}
		if len(bytes.TrimSpace(t)) == 0 {
			return nil // nothing here means anything by its blanks
		}
		if err := r.grow(1); err != nil {
			return err
		}
		r.open.Children = append(r.open.Children, &Node{Text: string(t), parent: r.open})
	case xml.Directive:
		return errors.New("document type declarations and entities are not taken")
	}
	return nil // comments and processing instructions say nothing
}

func (r *reader) start(t xml.StartElement) error {
	if r.open == nil && r.root != nil {
		return errors.New("there is a second element after that of the document")
	}
	if r.depth++; r.depth > maxDepth {
		return fmt.Errorf("elements nest deeper than %d", maxDepth)
	}
	if err := r.grow(1 + len(t.Attr)); err != nil {
		return err
	}
	line, _ := r.decoder.InputPos()
	n := &Node{Name: Name{Local: t.Name.Local}, Prefix: t.Name.Space, Line: line, parent: r.open}
	for _, a := range t.Attr {
		for _, b := range n.Attr {
			if b.Prefix == a.Name.Space && b.Local == a.Name.Local {
				return fmt.Errorf("the attribute %s stands twice", Shorten(a.Name.Local, 80))
			}
		}
		if len(n.Attr) == maxAttributes {
			return fmt.Errorf("an element has more than %d attributes", maxAttributes)
		}
		n.Attr = append(n.Attr, Attr{a.Name.Space, a.Name.Local, a.Value})
		if _, ok := n.Attr[len(n.Attr)-1].declares(); ok {
			n.inScope++
		}
	}
	if r.open != nil {
		n.inScope += r.open.inScope
	}
	if n.inScope > maxInScope {
		return fmt.Errorf("more than %d declarations of namespaces stand around one element", maxInScope)
	}
	space, ok := n.Namespace(n.Prefix)
	if !ok {
		return fmt.Errorf("the prefix %s is not declared", Shorten(n.Prefix, 80))
	}
	n.Space = space
	if r.open == nil {
		r.root = n
	} else {
		r.open.Children = append(r.open.Children, n)
	}
	r.open = n
	return nil
}

// Bounds on what a name costs to look up.
const (
	maxAttributes = 200
	maxInScope    = 400
)

func (r *reader) grow(n int) error {
	if r.parts += n; r.parts > maxParts {
		return fmt.Errorf("the document has more than %d elements, attributes and texts", maxParts)
	}
	return nil
}

// decoded is the document in UTF-8 when it is one in UTF-16, which a mark at its beginning tells.
func decoded(doc []byte) ([]byte, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(doc, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(doc, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return bytes.TrimPrefix(doc, []byte("\ufeff")), nil
	}
	if len(doc)%2 != 0 {
		return nil, errors.New("the document is cut off: UTF-16 has an even number of bytes")
	}
	units := make([]uint16, 0, len(doc)/2)
	for at := 2; at < len(doc); at += 2 {
		units = append(units, order.Uint16(doc[at:]))
	}
	return []byte(string(utf16.Decode(units))), nil
}

// charset reads the encodings that documents declare. One that declares UTF-16 and got here has been decoded already: by its mark, or by the JSON
// that it came in.
func charset(label string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf-8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be":
		return r, nil
	case "iso-8859-1", "latin1", "windows-1252":
		rest, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		if utf8.Valid(rest) {
			return bytes.NewReader(rest), nil
		}
		out := make([]rune, len(rest))
		for i, b := range rest {
			out[i] = rune(b)
		}
		return strings.NewReader(string(out)), nil
	}
	return nil, fmt.Errorf("documents in the encoding %s are not taken; use UTF-8", Shorten(label, 40))
}
