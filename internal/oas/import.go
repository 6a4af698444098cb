package oas

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds on what is read.
const (
	MaxDocument = 10 << 20 // bytes
	maxDepth    = 100      // objects and lists in one another
	maxAliases  = 100      // uses of YAML anchors
	maxNodes    = 2 << 20  // values, aliases written out; reading costs memory by the value, not by the byte
)

// RequiredQuery says where a query parameter goes that callers must give.
type RequiredQuery string

// The choices of translateRequiredQueryParameters.
const (
	InTemplate RequiredQuery = "template" // into the URL template, so that the operation matches only when it is there: the default
	InQuery    RequiredQuery = "query"    // among the query parameters of the request
)

// Options of an import. The zero value is what Azure does unasked.
type Options struct {
	RequiredQuery RequiredQuery
}

// Import reads a document. Every error is an *Error that names the place; the document is then unusable as a whole.
func Import(doc []byte, opt Options) (*API, error) {
	root, err := read(doc)
	if err != nil {
		return nil, err
	}
	d := newDocument(root, opt)
	if d.version, err = versionOf(root); err != nil {
		return nil, err
	}
	if err := d.checkReferences(root); err != nil {
		return nil, err
	}
	return d.api()
}

// read is the tree of a document in JSON or YAML. A document that begins with a brace is most likely JSON, and then a mistake in it is
// best told in JSON's terms; but it may be YAML in flow style.
func read(doc []byte) (*node, error) {
	doc = bytes.TrimPrefix(doc, []byte("\ufeff"))
	switch {
	case len(doc) > MaxDocument:
		return nil, &Error{Reason: fmt.Sprintf("the document has %d bytes; %d are allowed", len(doc), MaxDocument)}
	case !utf8.Valid(doc):
		return nil, &Error{Reason: "the document is not encoded in UTF-8"}
	case len(bytes.TrimSpace(doc)) == 0:
		return nil, &Error{Reason: "the document is empty"}
	case marks(doc) > maxNodes:
		return nil, &Error{Reason: fmt.Sprintf("the document has more than %d values", maxNodes)}
	}
	if bytes.TrimSpace(doc)[0] != '{' {
		return readYAML(doc)
	}
	root, err := readJSON(doc)
	if err == nil {
		return root, nil
	}
	if asYAML, yamlErr := readYAML(doc); yamlErr == nil {
		return asYAML, nil
	}
	return nil, err
}

// marks is how many bytes can begin or end a value, which bounds the values before memory is spent on them.
func marks(doc []byte) (n int) {
	for _, mark := range []byte("\n,:[{") {
		n += bytes.Count(doc, []byte{mark})
	}
	return n
}

func versionOf(root *node) (Version, error) {
	if root.kind != object {
		return "", errorAt(root, "an OpenAPI document is an object that begins with openapi or swagger")
	}
	if v := root.get("swagger"); v != nil {
		if v.scalar() == "2.0" || v.scalar() == "2" {
			return Swagger2, nil
		}
		return "", errorAt(v, "Swagger %s cannot be imported; 2.0, 3.0 and 3.1 can", shorten(v.scalar(), 20))
	}
	v := root.get("openapi")
	if v == nil {
		return "", errorAt(root, "the document says neither openapi nor swagger: it is no OpenAPI document")
	}
	for _, known := range []Version{OpenAPI30, OpenAPI31} {
		if s := v.scalar(); s == string(known) || strings.HasPrefix(s, string(known)+".") {
			return known, nil
		}
	}
	return "", errorAt(v, "OpenAPI %s cannot be imported; 2.0, 3.0 and 3.1 can", shorten(v.scalar(), 20))
}

// shorten cuts s to at most n characters.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}
