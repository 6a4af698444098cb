package oas

import (
	"cmp"
	"strconv"
	"strings"
)

// paths are the operations under their paths, in the order in which the paths first come.
func (w *writer) paths() *node {
	paths := newObject()
	byPath := map[string]*node{}
	for i := range w.api.Operations {
		o := &w.api.Operations[i]
		path, query := splitTemplate(o.URLTemplate)
		method := strings.ToLower(o.Method)
		if byPath[path].get(method) != nil { // told apart by query alone, which paths can't say: it stays in the template
			path, query = o.URLTemplate, ""
		}
		if !methods[method] {
			method = "x-" + method // documents know eight methods; others are kept where tools ignore them
		}
		item := byPath[path]
		if item == nil {
			item = newObject()
			byPath[path] = item
			paths.add(path, item)
		}
		item.add(method, w.operation(o, path, query))
	}
	return paths
}

// splitTemplate parts the parameters of a template's query from its path. Fixed values, which no parameter can say, stay with the path.
func splitTemplate(template string) (path, query string) {
	path, all, _ := strings.Cut(template, "?")
	var fixed, named []string
	for pair := range strings.SplitSeq(all, "&") {
		_, value, _ := strings.Cut(pair, "=")
		switch {
		case strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}"):
			named = append(named, pair)
		case pair != "":
			fixed = append(fixed, pair)
		}
	}
	if fixed != nil {
		path += "?" + strings.Join(fixed, "&")
	}
	return path, strings.Join(named, "&")
}

func (w *writer) operation(o *Operation, path, query string) *node {
	n := newObject()
	tags := newList()
	for _, t := range o.Tags {
		tags.items = append(tags.items, newText(t))
	}
	n.addSome("tags", tags)
	n.addText("summary", o.DisplayName)
	n.addText("description", o.Description)
	n.addText("operationId", o.ID)
	parameters := w.parameters(o, path, query)
	if w.swagger() {
		w.mediaTypes(n, o)
		w.swaggerBody(parameters, o)
	}
	n.addSome("parameters", parameters)
	if body := w.body(o); body != nil && !w.swagger() {
		n.add("requestBody", body)
	}
	n.add("responses", w.responses(o))
	if o.Deprecated {
		n.add("deprecated", newTruth(true))
	}
	return n
}

// parameters are those of path, query and header. Of the template's parameters those in its query are required query parameters.
func (w *writer) parameters(o *Operation, path, query string) *node {
	out := newList()
	inPath := map[string]bool{}
	for _, name := range templateNames(path) {
		inPath[name] = true
	}
	for _, p := range o.TemplateParameters {
		if inPath[p.Name] {
			p.Required = true
			out.items = append(out.items, w.parameter(p, "path"))
		}
	}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name == "" {
			continue
		}
		p := Parameter{Type: "string"}
		for _, t := range o.TemplateParameters {
			if t.Name == strings.Trim(value, "{}") {
				p = t
			}
		}
		p.Name, p.Required = name, true
		out.items = append(out.items, w.parameter(p, "query"))
	}
	for _, p := range o.Request.QueryParameters {
		out.items = append(out.items, w.parameter(p, "query"))
	}
	for _, p := range o.Request.Headers {
		out.items = append(out.items, w.parameter(p, "header"))
	}
	return out
}

func (w *writer) parameter(p Parameter, in string) *node {
	n := newObject()
	n.add("name", newText(p.Name))
	n.add("in", newText(in))
	n.addText("description", p.Description)
	if p.Required {
		n.add("required", newTruth(true))
	}
	schema := typed(p)
	if w.swagger() {
		n.members = append(n.members, schema.members...)
		return n
	}
	n.add("schema", schema)
	w.examples(n, p.Examples, "text/plain")
	return n
}

// typed is the schema of a single value.
func typed(p Parameter) *node {
	n, kind := newObject(), cmp.Or(p.Type, "string")
	n.add("type", newText(kind))
	values := newList()
	for _, v := range p.Values {
		values.items = append(values.items, valueOf(kind, v))
	}
	if kind == "array" {
		items := newObject()
		items.add("type", newText("string"))
		for i := range values.items {
			values.items[i] = newText(p.Values[i])
		}
		items.addSome("enum", values)
		n.add("items", items)
	} else {
		n.addSome("enum", values)
	}
	if p.Default != "" {
		n.add("default", valueOf(kind, p.Default))
	}
	return n
}

// valueOf is a value as JSON of the type, as a text when it isn't of that type.
func valueOf(kind, s string) *node {
	switch kind {
	case "integer", "number":
		if isJSONNumber(s) {
			return newNumber(s)
		}
	case "boolean":
		if s == "true" || s == "false" {
			return newTruth(s == "true")
		}
	case "array", "object":
		if n, err := readJSON([]byte(s)); err == nil {
			return n
		}
	}
	return newText(s)
}

// body is the request body of OpenAPI 3; nil when there is none.
func (w *writer) body(o *Operation) *node {
	if len(o.Request.Representations) == 0 {
		return nil
	}
	n := newObject()
	n.addText("description", o.Request.Description)
	n.add("content", w.content(o.Request.Representations))
	return n
}

func (w *writer) content(all []Representation) *node {
	content := newObject()
	for _, r := range all {
		media := newObject()
		if schema := w.schemaOf(r); schema != nil {
			media.add("schema", schema)
		}
		w.examples(media, r.Examples, r.ContentType)
		content.add(r.ContentType, media)
	}
	return content
}

// schemaOf is the schema of a body: the named one, or that of its form.
func (w *writer) schemaOf(r Representation) *node {
	if ref := w.ref(r.TypeName); ref != nil || len(r.FormParameters) == 0 {
		return ref
	}
	n, properties, required := newObject(), newObject(), newList()
	n.add("type", newText("object"))
	for _, p := range r.FormParameters {
		field := typed(p)
		field.addText("description", p.Description)
		properties.add(p.Name, field)
		if p.Required {
			required.items = append(required.items, newText(p.Name))
		}
	}
	n.add("properties", properties)
	n.addSome("required", required)
	return n
}

// examples writes what the API's owner gave; samples made from schemas are left to whoever reads the schemas.
func (w *writer) examples(n *node, all []Example, contentType string) {
	named := newObject()
	for _, e := range all {
		if e.Generated {
			continue
		}
		one := newObject()
		one.addText("summary", e.Summary)
		one.addText("description", e.Description)
		one.addText("externalValue", e.External)
		if e.External == "" {
			one.add("value", exampleNode(e.Value, contentType))
		}
		named.add(cmp.Or(e.Name, "default"), one)
	}
	if len(named.members) == 1 && named.members[0].key == "default" && len(named.members[0].value.members) == 1 && named.members[0].value.get("value") != nil {
		n.add("example", named.members[0].value.get("value"))
		return
	}
	n.addSome("examples", named)
}

func exampleNode(value []byte, contentType string) *node {
	if isJSON(contentType) {
		if n, err := readJSON(value); err == nil {
			return n
		}
	}
	return newText(string(value))
}

// responses are the answers by status. A document must name one; an operation that says nothing answers 200.
func (w *writer) responses(o *Operation) *node {
	all := newObject()
	for _, r := range o.Responses {
		n := newObject()
		n.add("description", newText(r.Description))
		headers := newObject()
		for _, h := range r.Headers {
			header := newObject()
			header.addText("description", h.Description)
			if w.swagger() {
				header.members = append(header.members, typed(h).members...)
			} else {
				if h.Required {
					header.add("required", newTruth(true))
				}
				header.add("schema", typed(h))
			}
			headers.add(h.Name, header)
		}
		n.addSome("headers", headers)
		if w.swagger() {
			w.swaggerAnswer(n, r)
		} else if len(r.Representations) > 0 {
			n.add("content", w.content(r.Representations))
		}
		all.add(strconv.Itoa(r.StatusCode), n)
	}
	if len(o.Responses) == 0 {
		n := newObject()
		n.add("description", newText(""))
		all.add("200", n)
	}
	return all
}
