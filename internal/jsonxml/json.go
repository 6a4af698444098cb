package jsonxml

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// JSONOptions say what the JSON of a document looks like.
type JSONOptions struct {
	// Friendly makes every name an identifier of JavaScript: prefix$name, attributes without @, $text for #text, no declaration.
	Friendly bool
	// Arrays makes every child element an array, also one that stands alone.
	Arrays bool
}

// jsonNamespace is the namespace of the attribute Array, with which a document asks for an array.
const jsonNamespace = "http://james.newtonking.com/projects/json"

const xmlnsNamespace = "http://www.w3.org/2000/xmlns/"

// ToJSON is the JSON of an XML document. Comments are left out: JSON has none.
func ToJSON(env *types.Env, document *lib.Node, o JSONOptions) (*lib.JToken, error) {
	w := &jsonWriter{env, o}
	out := lib.NewJObject()
	if d := document.Declared(); d != nil && !o.Friendly {
		out.Add("?xml", d)
	}
	root := document.Root()
	v, err := w.element(root)
	if err != nil {
		return nil, err
	}
	if isArray(root) {
		v = lib.NewJArray(v)
	}
	out.Add(w.name(root), v)
	return out, nil
}

type jsonWriter struct {
	env *types.Env
	o   JSONOptions
}

// name is the property that a node becomes.
func (w *jsonWriter) name(n *lib.Node) string {
	switch n.Kind() {
	case lib.XText:
		return w.special("#text")
	case lib.XCData:
		if w.o.Friendly {
			return "$text"
		}
		return "#cdata-section"
	case lib.XInstruction:
		return w.special("?" + n.Target())
	}
	name := n.QualifiedName()
	if n.XName().Space == jsonNamespace {
		name = "$" + n.XName().Local
	}
	if w.o.Friendly {
		return strings.ReplaceAll(name, ":", "$")
	}
	return name
}

func (w *jsonWriter) special(name string) string {
	if w.o.Friendly {
		return "$" + name[1:]
	}
	return name
}

// isArray says whether an element asks to be an array.
func isArray(n *lib.Node) bool {
	if n.Kind() != lib.XElement {
		return false
	}
	for _, a := range n.Attrs() {
		if name := a.XName(); name.Space == jsonNamespace && name.Local == "Array" {
			return a.Text() == "true" || a.Text() == "1"
		}
	}
	return false
}

// element is text alone, null for <a/>, or an object.
func (w *jsonWriter) element(n *lib.Node) (*lib.JToken, error) {
	if err := firstError(w.env.Enter(), w.env.Step(1), w.env.Charge(240)); err != nil {
		return nil, err
	}
	defer w.env.Leave()
	out := lib.NewJObject()
	attributes := 0
	for _, a := range n.Attrs() {
		name := a.XName()
		if name.Space == jsonNamespace && name.Local == "Array" || name.Space == xmlnsNamespace && a.Text() == jsonNamespace {
			continue
		}
		attributes++
		out.Add(w.attribute(n, a), lib.NewJValue(a.Text()))
	}
	nodes := content(n)
	switch {
	case attributes == 0 && len(nodes) == 0 && !n.HasEndTag():
		return lib.NewJValue(nil), nil
	case attributes == 0 && len(nodes) == 0:
		return lib.NewJValue(""), nil
	case attributes == 0 && len(nodes) == 1 && nodes[0].Kind() == lib.XText:
		return lib.NewJValue(nodes[0].Text()), nil
	}
	lists := map[string]*lib.JToken{}
	for _, k := range nodes {
		if err := w.child(out, lists, k); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// attribute is the property of an attribute: in friendly JSON one that a child element needs gets a $.
func (w *jsonWriter) attribute(n, a *lib.Node) string {
	name := a.QualifiedName()
	if !w.o.Friendly {
		return "@" + name
	}
	name = strings.ReplaceAll(name, ":", "$")
	for _, k := range n.Nodes() {
		if k.Kind() == lib.XElement && w.name(k) == name {
			return "$" + name
		}
	}
	return name
}

// content are the nodes that JSON has a place for.
func content(n *lib.Node) (out []*lib.Node) {
	for _, k := range n.Nodes() {
		if k.Kind() != lib.XComment && k.Kind() != lib.XDocumentType {
			out = append(out, k)
		}
	}
	return out
}

// child adds a node: those of one name are an array.
func (w *jsonWriter) child(out *lib.JToken, lists map[string]*lib.JToken, k *lib.Node) error {
	v := lib.NewJValue(k.Text())
	if k.Kind() == lib.XElement {
		var err error
		if v, err = w.element(k); err != nil {
			return err
		}
	}
	name := w.name(k)
	if list := lists[name]; list != nil {
		list.Push(v)
		return w.env.Step(1)
	}
	if before, ok := out.Get(name); ok {
		lists[name] = lib.NewJArray(before.(*lib.JToken), v)
		out.Add(name, lists[name])
		return nil
	}
	if isArray(k) || w.o.Arrays && k.Kind() == lib.XElement {
		v = lib.NewJArray(v)
		lists[name] = v
	}
	out.Add(name, v)
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
