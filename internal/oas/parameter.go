package oas

import "cmp"

// parametersOf are the parameters of an operation: its own, and those of its path that it does not replace, in that order of the document.
func (d *document) parametersOf(item, operation *node) ([]*node, error) {
	type key struct{ in, name string }
	places := map[key]int{}
	var all []*node
	for _, source := range []*node{item, operation} {
		given := source.get("parameters")
		if given != nil && given.kind != list && given.kind != null {
			return nil, errorAt(given, "parameters must be a list")
		}
		for _, n := range source.list("parameters") {
			p, err := d.resolve(n)
			if err != nil {
				return nil, err
			}
			if p.text("name") == "" {
				return nil, errorAt(n, "this parameter has no name")
			}
			switch p.text("in") {
			case "path", "query", "header", "cookie", "body", "formData":
			default:
				return nil, errorAt(n, "the parameter %q does not say where it travels: set in to path, query or header", shorten(p.text("name"), 80))
			}
			k := key{p.text("in"), p.text("name")}
			if i, again := places[k]; again {
				all[i] = p
				continue
			}
			places[k] = len(all)
			all = append(all, p)
		}
	}
	return all, nil
}

// parameter reads one parameter of path, query, header or form.
func (d *document) parameter(n *node) (Parameter, error) {
	if p, ok := d.parameters[n]; ok {
		return p, nil
	}
	schema, examples := n, n
	if d.version != Swagger2 {
		schema = n.get("schema")
		for _, c := range n.fields("content") {
			if schema == nil {
				schema, examples = c.value.get("schema"), c.value
			}
		}
	}
	p, err := d.value(n.text("name"), schema)
	if err != nil {
		return p, err
	}
	p.Description = cmp.Or(n.text("description"), p.Description)
	p.Required = n.truth("required")
	if p.Examples, err = d.examplesOf(examples, "text/plain"); err != nil {
		return p, err
	}
	d.parameters[n] = p
	return p, nil
}

// value describes a single value by its schema, which may be nil.
func (d *document) value(name string, schema *node) (Parameter, error) {
	p := Parameter{Name: name, Type: "string"}
	schema, err := d.resolve(schema)
	if err != nil || schema == nil {
		return p, err
	}
	if t := d.typeOf(schema); t != "" {
		p.Type = t
	}
	p.Description = schema.text("description")
	if v := schema.get("default"); v != nil {
		p.Default = plain(v)
	}
	values := schema.list("enum")
	if p.Type == "array" && values == nil {
		items, err := d.resolve(schema.get("items"))
		if err != nil {
			return p, err
		}
		values = items.list("enum")
	}
	for _, v := range values {
		if v.kind != null {
			p.Values = append(p.Values, plain(v))
		}
	}
	return p, nil
}

// plain is a value as it travels in a URL or header.
func plain(n *node) string {
	if n.kind == list || n.kind == object {
		return string(appendJSON(nil, n, false, 0))
	}
	return n.scalar()
}

// typeOf is the type that a schema states or, failing that, implies; of several types the first that is not null.
func (d *document) typeOf(schema *node) string {
	for _, t := range schema.list("type") {
		if s := t.scalar(); s != "" && s != "null" {
			return s
		}
	}
	if s := schema.text("type"); s != "" {
		return s
	}
	switch {
	case schema.get("properties") != nil, schema.get("additionalProperties") != nil:
		return "object"
	case schema.get("items") != nil:
		return "array"
	}
	return ""
}
