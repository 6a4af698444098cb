package oas

import (
	"fmt"
	"strings"
)

// document is a document under way to an API.
type document struct {
	root    *node
	version Version
	opt     Options
	out     API
	ids     names // of operations
	names   names // of schemas
	spent   int   // steps taken for samples, of maxSampleSteps
	size    int   // parts of the model, of maxParts
	anchors map[string]*node

	// What several operations share is made once: a document can refer to one large thing from everywhere.
	written    map[*node][]byte
	samples    map[sampleKey][]byte
	parameters map[*node]Parameter
	responses  map[*node]Response
	inPlace    map[*node]string // names of schemas spelled out in place
}

func newDocument(root *node, opt Options) *document {
	return &document{
		root: root, opt: opt, ids: newNames(), names: newNames(), written: map[*node][]byte{}, samples: map[sampleKey][]byte{},
		parameters: map[*node]Parameter{}, responses: map[*node]Response{}, inPlace: map[*node]string{},
	}
}

func (d *document) warn(format string, args ...any) {
	if len(d.out.Warnings) < maxWarnings {
		d.out.Warnings = append(d.out.Warnings, fmt.Sprintf(format, args...))
	}
}

const maxWarnings = 100

// maxParts bounds the parts of the model (parameters, answers, bodies), which references can multiply.
const maxParts = 1 << 20

// grow is called before n parts are added to the model.
func (d *document) grow(n int) error {
	if d.size += n; d.size > maxParts {
		return &Error{Reason: fmt.Sprintf("the operations have more than %d parameters, answers and bodies when references are followed", maxParts)}
	}
	return nil
}

// maxHops bounds a chain of references that lead to references.
const maxHops = 20

// resolve follows references until there is a value. nil stays nil.
func (d *document) resolve(n *node) (*node, error) {
	for range maxHops {
		ref := n.get("$ref")
		if ref == nil || ref.kind != text {
			return n, nil
		}
		target, err := d.follow(ref)
		if err != nil {
			return nil, err
		}
		n = target
	}
	return nil, errorAt(n, "this reference leads to another, and so on without end")
}

// follow is the value that one reference names.
func (d *document) follow(ref *node) (*node, error) {
	pointer, local := strings.CutPrefix(ref.value, "#")
	if !local {
		return nil, errorAt(ref, "the reference %q leads out of the document; put what it names into the document (tools call this bundling)", shorten(ref.value, 120))
	}
	if pointer == "" {
		return d.root, nil
	}
	if pointer[0] == '/' {
		if n := d.root.at(pointer); n != nil {
			return n, nil
		}
	} else if n := d.anchored(pointer); n != nil {
		return n, nil
	}
	return nil, errorAt(ref, "the reference %q leads nowhere", shorten(ref.value, 120))
}

// anchored is the named schema that carries the $anchor, as OpenAPI 3.1 allows.
func (d *document) anchored(name string) *node {
	if d.anchors == nil {
		d.anchors = map[string]*node{}
		for _, m := range d.schemas() {
			if anchor := m.value.text("$anchor"); anchor != "" {
				d.anchors[anchor] = m.value
			}
		}
	}
	return d.anchors[name]
}

// schemas are the named schemas of the document.
func (d *document) schemas() []member {
	if d.version == Swagger2 {
		return d.root.fields("definitions")
	}
	return d.root.get("components").fields("schemas")
}

// schemaName is the name of the schema that a reference names; "" when it is no reference to a named schema.
func (d *document) schemaName(n *node) string {
	ref := n.text("$ref")
	if ref == "" {
		return ""
	}
	for _, prefix := range []string{"#/components/schemas/", "#/definitions/"} {
		if name, ok := strings.CutPrefix(ref, prefix); ok && !strings.Contains(name, "/") {
			return unescapePointer(name)
		}
	}
	return ""
}

// checkReferences looks at every reference of the document, so that a bad one is found now and not when somebody uses what it stands in.
// Examples and the like are data, in which $ref means nothing.
func (d *document) checkReferences(n *node) error {
	seen := map[*node]bool{}
	var walk func(n *node, named bool) error
	walk = func(n *node, named bool) error {
		if len(n.items)+len(n.members) == 0 || seen[n] {
			return nil
		}
		seen[n] = true
		for _, i := range n.items {
			if err := walk(i, false); err != nil {
				return err
			}
		}
		for _, m := range n.members {
			if !named {
				switch m.key {
				case "example", "examples", "default", "enum", "const":
					if m.key != "examples" || m.value.kind != object || d.version == Swagger2 { // examples of Swagger 2 are by content type, not by name
						continue
					}
				case "$ref":
					if m.value.kind == text {
						if _, err := d.follow(m.value); err != nil {
							return err
						}
					}
				case "value":
					continue
				}
				if isExtension(m.key) {
					continue
				}
			}
			if err := walk(m.value, !named && holdsNames(m.key)); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(n, false)
}

// holdsNames says whether the members of the object at this key are names that authors choose, which may look like keywords.
func holdsNames(key string) bool {
	switch key {
	case "properties", "patternProperties", "definitions", "$defs", "schemas", "parameters", "responses", "headers", "requestBodies", "paths":
		return true
	}
	return false
}

// api is the whole of the document.
func (d *document) api() (*API, error) {
	d.out.Version = d.version
	info := d.root.get("info")
	d.out.Title, d.out.Description, d.out.APIVersion = info.text("title"), info.text("description"), info.text("version")
	d.out.Terms = info.text("termsOfService")
	contact, license := info.get("contact"), info.get("license")
	d.out.Contact = Contact{contact.text("name"), contact.text("url"), contact.text("email")}
	d.out.License = License{license.text("name"), license.text("url")}
	d.out.Servers = d.servers()
	for _, s := range d.schemas() {
		d.names.taken[s.key] = true
		d.out.Schemas = append(d.out.Schemas, Schema{s.key, appendJSON(nil, s.value, false, 0)})
	}
	for _, t := range d.root.list("tags") {
		if name := t.text("name"); name != "" {
			d.out.Tags = append(d.out.Tags, Tag{name, t.text("description")})
		}
	}
	if err := d.paths(); err != nil {
		return nil, err
	}
	d.undeclaredTags()
	return &d.out, nil
}

func (d *document) undeclaredTags() {
	declared := map[string]bool{}
	for _, t := range d.out.Tags {
		declared[t.Name] = true
	}
	for _, o := range d.out.Operations {
		for _, name := range o.Tags {
			if !declared[name] {
				declared[name] = true
				d.out.Tags = append(d.out.Tags, Tag{Name: name})
			}
		}
	}
}
