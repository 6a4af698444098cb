package oas

import (
	"cmp"
	"net/url"
	"strings"
)

// Form is what a document is written as.
type Form struct {
	Version Version
	YAML    bool // otherwise JSON
	// KeyHeader and KeyQuery name where callers put their subscription key; "" for none.
	KeyHeader, KeyQuery string
}

// Write makes a document of an API. Reading it again gives the same model, but for what the version can't say: OpenAPI 2 has one schema for all
// content types of a body, and no examples beside parameters.
func Write(a *API, f Form) ([]byte, error) {
	w := &writer{api: a, form: f, known: map[string]bool{}}
	for _, s := range a.Schemas {
		w.known[s.Name] = true
	}
	root, err := w.document()
	if err != nil {
		return nil, err
	}
	if f.YAML {
		return appendYAML(nil, root, 0), nil
	}
	return append(appendJSON(nil, root, true, 0), '\n'), nil
}

// writer is a document in the making.
type writer struct {
	api   *API
	form  Form
	known map[string]bool // names of schemas
}

func (w *writer) swagger() bool { return w.form.Version == Swagger2 }

func (w *writer) document() (*node, error) {
	root := newObject()
	switch w.form.Version {
	case Swagger2:
		root.add("swagger", newText("2.0"))
	case OpenAPI31:
		root.add("openapi", newText("3.1.0"))
	default:
		root.add("openapi", newText("3.0.3"))
	}
	root.add("info", w.info())
	w.servers(root)
	tags := newList()
	for _, t := range w.api.Tags {
		tag := newObject()
		tag.add("name", newText(t.Name))
		tag.addText("description", t.Description)
		tags.items = append(tags.items, tag)
	}
	root.addSome("tags", tags)
	root.add("paths", w.paths())
	schemas, err := w.schemas()
	if err != nil {
		return nil, err
	}
	keys, security := w.keys()
	if w.swagger() {
		root.addSome("definitions", schemas)
		root.addSome("securityDefinitions", keys)
	} else {
		components := newObject()
		components.addSome("schemas", schemas)
		components.addSome("securitySchemes", keys)
		root.addSome("components", components)
	}
	root.addSome("security", security)
	return root, nil
}

func (w *writer) info() *node {
	a, info := w.api, newObject()
	info.add("title", newText(a.Title))
	info.addText("description", a.Description)
	info.addText("termsOfService", a.Terms)
	contact, license := newObject(), newObject()
	contact.addText("name", a.Contact.Name)
	contact.addText("url", a.Contact.URL)
	contact.addText("email", a.Contact.Email)
	info.addSome("contact", contact)
	if a.License != (License{}) {
		license.add("name", newText(cmp.Or(a.License.Name, a.License.URL))) // a license needs a name
		license.addText("url", a.License.URL)
		info.add("license", license)
	}
	info.add("version", newText(cmp.Or(a.APIVersion, "1.0")))
	return info
}

// servers writes the base URLs: a list, or of Swagger 2 the first one's parts.
func (w *writer) servers(root *node) {
	if !w.swagger() {
		list := newList()
		for _, s := range w.api.Servers {
			server := newObject()
			server.add("url", newText(s))
			list.items = append(list.items, server)
		}
		root.addSome("servers", list)
		return
	}
	if len(w.api.Servers) == 0 {
		return
	}
	u, err := url.Parse(w.api.Servers[0])
	if err != nil {
		return
	}
	root.addText("host", u.Host)
	root.addText("basePath", u.Path)
	schemes := newList()
	for _, s := range w.api.Servers {
		if other, err := url.Parse(s); err == nil && other.Scheme != "" && other.Host == u.Host && other.Path == u.Path {
			schemes.items = append(schemes.items, newText(other.Scheme))
		}
	}
	root.addSome("schemes", schemes)
}

// keys are the subscription key's two places, either of which will do.
func (w *writer) keys() (schemes, security *node) {
	schemes, security = newObject(), newList()
	for _, k := range []struct{ name, in, key string }{{"apiKeyHeader", "header", w.form.KeyHeader}, {"apiKeyQuery", "query", w.form.KeyQuery}} {
		if k.key == "" {
			continue
		}
		s := newObject()
		s.add("type", newText("apiKey"))
		s.add("name", newText(k.key))
		s.add("in", newText(k.in))
		schemes.add(k.name, s)
		use := newObject()
		use.add(k.name, newList())
		security.items = append(security.items, use)
	}
	return schemes, security
}

// schemas are the named schemas in the words of the version.
func (w *writer) schemas() (*node, error) {
	all := newObject()
	for _, s := range w.api.Schemas {
		n, err := readJSON(s.JSON)
		if err != nil {
			return nil, err
		}
		all.add(s.Name, translateSchema(n, w.form.Version))
	}
	return all, nil
}

// ref points at a named schema; nil when there is none of that name.
func (w *writer) ref(name string) *node {
	if !w.known[name] {
		return nil
	}
	n, prefix := newObject(), "#/components/schemas/"
	if w.swagger() {
		prefix = "#/definitions/"
	}
	n.add("$ref", newText(prefix+strings.NewReplacer("~", "~0", "/", "~1", "%", "%25").Replace(name)))
	return n
}

// Making of nodes.

func newObject() *node         { return &node{kind: object} }
func newList() *node           { return &node{kind: list} }
func newText(s string) *node   { return &node{kind: text, value: s} }
func newNumber(s string) *node { return &node{kind: number, value: s} }

func newTruth(b bool) *node {
	if b {
		return &node{kind: boolean, value: "true"}
	}
	return &node{kind: boolean, value: "false"}
}

func (n *node) add(key string, value *node) {
	n.members = append(n.members, member{key: key, value: value})
}

// addText adds a text that isn't empty.
func (n *node) addText(key, value string) {
	if value != "" {
		n.add(key, newText(value))
	}
}

// addSome adds an object or list that holds something.
func (n *node) addSome(key string, value *node) {
	if len(value.members)+len(value.items) > 0 {
		n.add(key, value)
	}
}
