package wadl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

func (r *reader) resources() error {
	for _, list := range r.each(r.root, "resources") {
		if base := list.Get("base"); base != "" {
			r.api.Servers = append(r.api.Servers, base)
		}
		if err := r.children(list, path{}); err != nil {
			return err
		}
	}
	if len(r.api.Operations) == 0 {
		return errors.New("the document has no methods")
	}
	return nil
}

// path is a resource with what is around it.
type path struct {
	template string
	params   []oas.Parameter // of the template
	query    []oas.Parameter
	headers  []oas.Parameter
}

func (r *reader) children(n *xmltree.Node, at path) error {
	for _, c := range r.each(n, "resource") {
		if err := r.resource(c, at); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) resource(n *xmltree.Node, at path) error {
	if p := strings.Trim(n.Get("path"), "/"); p != "" {
		at.template += "/" + p
	}
	at.params, at.query, at.headers = clip(at.params), clip(at.query), clip(at.headers)
	sources := []*xmltree.Node{n}
	for word := range strings.FieldsSeq(n.Get("type")) {
		id, local := strings.CutPrefix(word, "#")
		if t := r.ids[id]; local && t != nil && t.Local == "resource_type" {
			sources = append(sources, t)
		} else {
			r.warn("The resource type %q of %s is not in the document and was left out.", xmltree.Shorten(word, 120), xmltree.Shorten(at.template, 120))
		}
	}
	for _, s := range sources {
		if err := r.params(s, &at); err != nil {
			return err
		}
	}
	for _, s := range sources {
		for _, m := range r.each(s, "method") {
			m, err := r.follow(m)
			if err != nil {
				return err
			}
			if err := r.method(m, at); err != nil {
				return err
			}
		}
	}
	return r.children(n, at)
}

// clip keeps the lists of one resource out of those of its siblings.
func clip(list []oas.Parameter) []oas.Parameter { return list[:len(list):len(list)] }

// params sorts the parameters of a resource or a request by where they go.
func (r *reader) params(n *xmltree.Node, at *path) error {
	for _, p := range r.each(n, "param") {
		p, err := r.follow(p)
		if err != nil {
			return err
		}
		if err := r.grow(1); err != nil {
			return err
		}
		if len(at.params)+len(at.query)+len(at.headers) >= maxInherited {
			return fmt.Errorf("line %d: a method has more than %d parameters", p.Line, maxInherited)
		}
		param := r.parameter(p)
		if param.Name == "" {
			return fmt.Errorf("line %d: a parameter has no name", p.Line)
		}
		switch p.Get("style") {
		case "template":
			param.Required = true
			at.params = append(at.params, param)
		case "header":
			at.headers = append(at.headers, param)
		case "matrix":
			r.warn("The matrix parameter '%s' was left out.", xmltree.Shorten(param.Name, 80))
		case "query", "":
			at.query = append(at.query, param)
		}
	}
	return nil
}

func (r *reader) parameter(p *xmltree.Node) oas.Parameter {
	out := oas.Parameter{Name: p.Get("name"), Description: r.doc(p), Type: typeOf(p.Get("type")), Required: p.Get("required") == "true", Default: p.Get("default")}
	if fixed := p.Get("fixed"); fixed != "" {
		out.Default, out.Values = fixed, []string{fixed}
	}
	for _, o := range r.each(p, "option") {
		if len(out.Values) < 1000 {
			out.Values = append(out.Values, o.Get("value"))
		}
	}
	return out
}

// typeOf is JSON's word for a type of XML schema.
func typeOf(typ string) string {
	_, local, ok := strings.Cut(typ, ":")
	if !ok {
		local = typ
	}
	switch local {
	case "int", "integer", "long", "short", "byte", "unsignedInt", "unsignedLong", "positiveInteger", "nonNegativeInteger":
		return "integer"
	case "decimal", "float", "double":
		return "number"
	case "boolean":
		return "boolean"
	}
	return "string"
}
