package oas

import (
	"cmp"
	"strings"
)

// Bounds of an operation's texts in Azure.
const (
	maxDisplayName = 300
	maxDescription = 1000
	maxURLTemplate = 1000
)

var methods = map[string]bool{
	"get": true, "put": true, "post": true, "delete": true, "options": true, "head": true, "patch": true, "trace": true,
}

// paths reads every operation, in the order of the document.
func (d *document) paths() error {
	paths := d.root.get("paths")
	if paths == nil {
		return nil // 3.1 allows a document of schemas and webhooks alone
	}
	if paths.kind != object && paths.kind != null {
		return errorAt(paths, "paths must be an object whose names are the paths")
	}
	for _, p := range d.root.fields("paths") {
		item, err := d.resolve(p.value)
		if err != nil {
			return err
		}
		if item.kind != object {
			if item.kind == null {
				continue
			}
			return errorAt(item, "the path %q must be an object whose names are methods", shorten(p.key, 80))
		}
		for _, m := range item.members {
			method := strings.ToLower(m.key)
			if !methods[method] || m.value.kind == null {
				continue
			}
			if m.value.kind != object {
				return errorAt(m.value, "the operation %s %s must be an object", strings.ToUpper(method), shorten(p.key, 80))
			}
			if err := d.operation(p, method, item, m.value); err != nil {
				return err
			}
		}
	}
	return nil
}

// operation reads one operation and adds it to the API.
func (d *document) operation(path member, method string, item, n *node) error {
	o := Operation{
		ID:          d.operationID(n.text("operationId"), method, path.key),
		DisplayName: displayName(n, method, path.key),
		Description: shorten(cmp.Or(n.text("description"), item.text("description")), maxDescription),
		Method:      strings.ToUpper(method),
		Deprecated:  n.truth("deprecated"),
	}
	for _, t := range n.list("tags") {
		if s := t.scalar(); s != "" {
			o.Tags = append(o.Tags, s)
		}
	}
	given, err := d.parametersOf(item, n)
	if err != nil {
		return err
	}
	if err := d.grow(1 + len(given) + len(o.Tags) + len(n.fields("responses"))); err != nil {
		return err
	}
	if err := d.place(&o, path, given); err != nil {
		return err
	}
	name := schemaStem(path.key, method)
	if d.version == Swagger2 {
		err = d.swaggerBody(&o, n, given, name)
	} else {
		err = d.requestBody(&o, n, name)
	}
	if err != nil {
		return err
	}
	if err := d.operationResponses(&o, n, name); err != nil {
		return err
	}
	d.out.Operations = append(d.out.Operations, o)
	return nil
}

// place puts the parameters where they travel: template, query, headers.
func (d *document) place(o *Operation, path member, given []*node) error {
	template := path.key
	if !strings.HasPrefix(template, "/") {
		template = "/" + template
	}
	inPath := map[string]Parameter{}
	var required []Parameter
	for _, n := range given {
		p, err := d.parameter(n)
		if err != nil {
			return err
		}
		switch n.text("in") {
		case "path":
			p.Required = true
			inPath[p.Name] = p
		case "query":
			if p.Required && d.opt.RequiredQuery != InQuery && isTemplateName(p.Name) {
				required = append(required, p)
			} else {
				o.Request.QueryParameters = append(o.Request.QueryParameters, p)
			}
		case "header":
			if d.version == Swagger2 || !describedElsewhere(p.Name) {
				o.Request.Headers = append(o.Request.Headers, p)
			}
		case "cookie":
			d.warn("%s %s: the cookie %q is left out; cookies cannot be described", o.Method, path.key, p.Name)
		}
	}
	for _, name := range templateNames(template) {
		p, declared := inPath[name]
		if !declared {
			p = Parameter{Name: name, Type: "string", Required: true}
		}
		o.TemplateParameters = append(o.TemplateParameters, p)
		delete(inPath, name)
	}
	for _, n := range given {
		if _, left := inPath[n.text("name")]; left && n.text("in") == "path" {
			d.warn("%s %s: the path parameter %q is left out; the path does not contain it", o.Method, path.key, n.text("name"))
		}
	}
	o.URLTemplate = withQuery(template, required)
	o.TemplateParameters = append(o.TemplateParameters, required...)
	if len(o.URLTemplate) > maxURLTemplate {
		return &Error{path.line, path.column, "the path is longer than 1000 characters together with its required query parameters"}
	}
	return nil
}

// isTemplateName says whether a query parameter can be named in a URL template without being mistaken for something else there.
func isTemplateName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if ('a' > c|0x20 || c|0x20 > 'z') && ('0' > c || c > '9') && !strings.ContainsRune("_-.$", rune(c)) {
			return false
		}
	}
	return true
}

// withQuery appends required query parameters as Azure writes them: ?a={a}&b={b}.
func withQuery(template string, required []Parameter) string {
	var b strings.Builder
	b.WriteString(template)
	joint := byte('?')
	if strings.Contains(template, "?") {
		joint = '&'
	}
	for _, p := range required {
		b.WriteByte(joint)
		b.WriteString(p.Name + "={" + p.Name + "}")
		joint = '&'
	}
	return b.String()
}

// templateNames are the names in braces, each once; {*rest} is named *rest.
func templateNames(template string) (names []string) {
	seen := map[string]bool{}
	for {
		_, rest, found := strings.Cut(template, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return names
		}
		if name != "" && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
		template = after
	}
}

// describedElsewhere says whether OpenAPI 3 describes a header by other means than parameters, and has them ignored.
func describedElsewhere(header string) bool {
	switch strings.ToLower(header) {
	case "accept", "content-type", "authorization":
		return true
	}
	return false
}
