package liquid

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// FromJSON makes a value of a JSON text. With dates, text that reads as a date of JSON becomes one, and is written MM/dd/yyyy HH:mm:ss.
func FromJSON(env *types.Env, source string, dates bool) (any, error) {
	read := lib.ParseJTokenText
	if dates {
		read = lib.ParseJToken
	}
	t, err := read(env, source)
	if err != nil {
		return nil, err
	}
	return FromToken(env, t)
}

// FromToken makes a value of a token.
func FromToken(env *types.Env, t *lib.JToken) (any, error) {
	if err := firstError(env.Step(1), env.Charge(64)); err != nil {
		return nil, err
	}
	switch t.Kind() {
	case lib.JObject:
		h := &Hash{}
		for _, p := range t.Items() {
			v, err := FromToken(env, p.Items()[0])
			if err != nil {
				return nil, err
			}
			h.Set(p.Name(), v)
		}
		return h, nil
	case lib.JArray:
		out := make([]any, len(t.Items()))
		for i, item := range t.Items() {
			v, err := FromToken(env, item)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	}
	return t.Value(), nil
}

// FromXML makes a value of an XML text: an object with the root element under its name without prefix. An element with children or attributes is
// an object, others are text; children of one name are a list. Attributes have an @ before their names, which may be left out. With nulls, an
// element with xsi:nil="true" is null, else it is empty text.
func FromXML(env *types.Env, source string, nulls bool) (any, error) {
	d, err := lib.ParseXDocument(env, source)
	if err != nil {
		return nil, err
	}
	root := d.Root()
	v, err := fromElement(env, root, nulls)
	return NewHash(root.XName().Local, v), err
}

const (
	xmlnsNamespace    = "http://www.w3.org/2000/xmlns/"
	instanceNamespace = "http://www.w3.org/2001/XMLSchema-instance"
)

func fromElement(env *types.Env, n *lib.Node, nulls bool) (any, error) {
	if err := firstError(env.Step(1), env.Charge(128)); err != nil {
		return nil, err
	}
	h := &Hash{}
	for _, a := range n.Attrs() {
		switch name := a.XName(); {
		case name.Space == xmlnsNamespace || name.Space == "" && name.Local == "xmlns":
		case name.Space == instanceNamespace && name.Local == "nil":
			if s := strings.TrimSpace(a.Text()); s == "true" || s == "1" {
				if nulls {
					return nil, nil
				}
				return "", nil
			}
		case name.Space == instanceNamespace:
		default:
			h.Set("@"+name.Local, a.Text())
		}
	}
	children := false
	for _, k := range n.Nodes() {
		if k.Kind() != lib.XElement {
			continue
		}
		children = true
		v, err := fromElement(env, k, nulls)
		if err != nil {
			return nil, err
		}
		h.collect(k.XName().Local, v)
	}
	if children {
		return h, nil
	}
	if h.Len() == 0 {
		return n.Text(), nil
	}
	h.Own = n.Text()
	h.Set("#text", h.Own)
	return h, nil
}

// collect adds a child element: those that stand more than once under a name are a list.
func (h *Hash) collect(name string, v any) {
	i, there := h.index[name]
	if !there {
		h.Set(name, v)
		return
	}
	if h.many == nil {
		h.many = map[string]bool{}
	}
	if h.many[name] {
		h.values[i] = append(h.values[i].([]any), v)
		return
	}
	h.many[name] = true
	h.values[i] = []any{h.values[i], v}
}
