package oas

import (
	"strings"
)

// requestBody reads the body of OpenAPI 3.
func (d *document) requestBody(o *Operation, n *node, name string) error {
	body, err := d.resolve(n.get("requestBody"))
	if err != nil || body == nil {
		return err
	}
	o.Request.Description = body.text("description")
	o.Request.Representations, err = d.content(body, name+"Request")
	return err
}

// content reads the bodies of a request or response of OpenAPI 3, one a content type.
func (d *document) content(n *node, name string) (all []Representation, err error) {
	types := n.fields("content")
	for i, c := range types {
		if err := d.grow(1); err != nil {
			return nil, err
		}
		schemaName := name
		if i > 0 || strings.HasSuffix(name, "Response") {
			schemaName = withType(name, c.key)
		}
		r, err := d.representation(c.key, c.value.get("schema"), c.value, schemaName)
		if err != nil {
			return nil, err
		}
		if isForm(c.key) {
			if r.FormParameters, err = d.formFields(c.value.get("schema")); err != nil {
				return nil, err
			}
		}
		all = append(all, r)
	}
	return all, nil
}

// withType puts a content type into the name of a schema: OrdersGet200ApplicationJsonResponse.
func withType(name, contentType string) string {
	stem, isResponse := strings.CutSuffix(name, "Response")
	if isResponse {
		return stem + pascal(contentType) + "Response"
	}
	return stem + pascal(contentType)
}

// representation is a body of one content type with its schema and examples.
func (d *document) representation(contentType string, schema, examples *node, name string) (r Representation, err error) {
	r.ContentType = contentType
	r.TypeName = d.typeName(schema, name)
	if r.Examples, err = d.examplesOf(examples, contentType); err != nil || len(r.Examples) > 0 || schema == nil {
		return r, err
	}
	if value := d.sample(schema, contentType); value != nil {
		r.Examples = []Example{{Name: "default", Value: value, Generated: true}}
	}
	return r, nil
}

// typeName is the name of a body's schema. One that is spelled out in place becomes a named schema.
func (d *document) typeName(schema *node, name string) string {
	if schema == nil {
		return ""
	}
	if known := d.schemaName(schema); known != "" {
		return known
	}
	if known, ok := d.inPlace[schema]; ok {
		return known
	}
	unique := d.names.unique(name)
	d.inPlace[schema] = unique
	d.out.Schemas = append(d.out.Schemas, Schema{unique, appendJSON(nil, schema, false, 0)})
	return unique
}

func isForm(contentType string) bool {
	t := mediaType(contentType)
	return t == "application/x-www-form-urlencoded" || strings.HasPrefix(t, "multipart/")
}

// mediaType is a content type without parameters, in lower case.
func mediaType(contentType string) string {
	t, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// formFields are the properties of a form's schema.
func (d *document) formFields(schema *node) (fields []Parameter, err error) {
	if schema, err = d.resolve(schema); err != nil {
		return nil, err
	}
	required := map[string]bool{}
	for _, r := range schema.list("required") {
		required[r.scalar()] = true
	}
	if properties := schema.get("properties"); properties != nil {
		if err := d.grow(len(properties.members)); err != nil {
			return nil, err
		}
		for _, m := range properties.members {
			p, err := d.value(m.key, m.value)
			if err != nil {
				return nil, err
			}
			p.Required = required[m.key]
			fields = append(fields, p)
		}
	}
	return fields, nil
}

// swaggerBody reads the body or form of Swagger 2, which are parameters there.
func (d *document) swaggerBody(o *Operation, n *node, given []*node, name string) error {
	var fields []Parameter
	file := false
	for _, g := range given {
		switch g.text("in") {
		case "body":
			o.Request.Description = g.text("description")
			types := d.mediaTypes(n, "consumes", "application/json")
			if err := d.grow(len(types)); err != nil {
				return err
			}
			for _, t := range types {
				r, err := d.representation(t, g.get("schema"), g, name+"Request")
				if err != nil {
					return err
				}
				o.Request.Representations = append(o.Request.Representations, r)
			}
		case "formData":
			p, err := d.parameter(g)
			if err != nil {
				return err
			}
			file = file || g.text("type") == "file"
			fields = append(fields, p)
		}
	}
	if fields == nil {
		return nil
	}
	usual := "application/x-www-form-urlencoded"
	if file {
		usual = "multipart/form-data"
	}
	types := d.mediaTypes(n, "consumes", usual)
	if err := d.grow(len(types)); err != nil {
		return err
	}
	for _, t := range types {
		if isForm(t) {
			o.Request.Representations = append(o.Request.Representations, Representation{ContentType: t, FormParameters: fields})
		}
	}
	if o.Request.Representations == nil {
		o.Request.Representations = []Representation{{ContentType: usual, FormParameters: fields}}
	}
	return nil
}

// mediaTypes are those of an operation of Swagger 2, or of the document, or the usual one.
func (d *document) mediaTypes(n *node, key, usual string) (types []string) {
	for _, source := range []*node{n, d.root} {
		if source.get(key) == nil {
			continue
		}
		for _, t := range source.list(key) {
			types = append(types, t.scalar())
		}
		break
	}
	if types == nil {
		return []string{usual}
	}
	return types
}
