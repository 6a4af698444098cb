package wadl

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

const (
	space    = "http://wadl.dev.java.net/2009/02"
	spaceXSD = "http://www.w3.org/2001/XMLSchema"
)

// Bounds on what references multiply.
const (
	maxOperations = 5000
	maxParts      = 200_000 // parameters, answers and bodies
	maxInherited  = 500     // parameters of one method, with those of the resources around it
	maxHops       = 20
)

// Read reads a document. Errors are for the person who gave it.
func Read(doc []byte) (*oas.API, error) {
	root, err := xmltree.Read(doc)
	if err != nil {
		return nil, err
	}
	if root.Local != "application" || !strings.HasPrefix(root.Space, "http://wadl.dev.java.net/") && !strings.HasPrefix(root.Space, "http://research.sun.com/wadl/") {
		return nil, fmt.Errorf("it is no WADL: its element is %s", xmltree.Shorten(root.Name.String(), 120))
	}
	r := &reader{root: root, ids: map[string]*xmltree.Node{}, names: map[string]bool{}, places: map[string]bool{}}
	r.note(root)
	r.api = &oas.API{Version: oas.WADL, Description: r.doc(root)}
	r.api.Title = r.title(root)
	if err := r.grammars(); err != nil {
		return nil, err
	}
	return r.api, r.resources()
}

type reader struct {
	root   *xmltree.Node
	api    *oas.API
	ids    map[string]*xmltree.Node
	names  map[string]bool // ids of operations
	places map[string]bool // methods and templates
	parts  int
}

// note makes what has an id known.
func (r *reader) note(n *xmltree.Node) {
	if id := n.Get("id"); id != "" && r.ids[id] == nil {
		r.ids[id] = n
	}
	for _, c := range n.Children {
		r.note(c)
	}
}

// follow is what a node stands for: itself, or what its reference names.
func (r *reader) follow(n *xmltree.Node) (*xmltree.Node, error) {
	for range maxHops {
		href, ok := n.Has("href")
		if !ok {
			return n, nil
		}
		id, local := strings.CutPrefix(href, "#")
		if !local {
			return nil, fmt.Errorf("line %d: the reference %q leads out of the document; put what it names into the document", n.Line, xmltree.Shorten(href, 120))
		}
		target := r.ids[id]
		if target == nil || target.Local != n.Local {
			return nil, fmt.Errorf("line %d: the reference %q leads to no %s", n.Line, xmltree.Shorten(href, 120), n.Local)
		}
		n = target
	}
	return nil, fmt.Errorf("line %d: this reference leads to another, and so on without end", n.Line)
}

func (r *reader) grow(n int) error {
	if r.parts += n; r.parts > maxParts {
		return fmt.Errorf("the methods have more than %d parameters, answers and bodies when references are followed", maxParts)
	}
	return nil
}

func (r *reader) warn(format string, args ...any) {
	if len(r.api.Warnings) < 100 {
		r.api.Warnings = append(r.api.Warnings, fmt.Sprintf(format, args...))
	}
}

// each is the children of a word, in the namespace of the document.
func (r *reader) each(n *xmltree.Node, word string) []*xmltree.Node {
	return n.Elements(r.root.Space, word)
}

// doc and title are what a node says of itself; tools put their own marks into documentation without either.
func (r *reader) doc(n *xmltree.Node) string {
	for _, d := range r.each(n, "doc") {
		if text := d.Content(); text != "" {
			return text
		}
	}
	return ""
}

func (r *reader) title(n *xmltree.Node) string {
	for _, d := range r.each(n, "doc") {
		if title := d.Get("title"); title != "" {
			return title
		}
	}
	return ""
}

func (r *reader) grammars() error {
	for _, g := range r.each(r.root, "grammars") {
		for _, s := range g.Elements(spaceXSD, "schema") {
			r.api.XML = append(r.api.XML, oas.XMLSchema{
				Name: oas.XMLSchemaName(len(r.api.XML)), Space: s.Get("targetNamespace"), Document: string(s.Append(nil, 0)),
			})
		}
		for _, i := range r.each(g, "include") {
			r.warn("The grammar %q is elsewhere and was left out.", xmltree.Shorten(i.Get("href"), 120))
		}
	}
	return nil
}

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

var methodName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,63}$`)

func (r *reader) method(n *xmltree.Node, at path) error {
	name := strings.ToUpper(n.Get("name"))
	if !methodName.MatchString(name) {
		return fmt.Errorf("line %d: a method needs a name such as GET", n.Line)
	}
	op := oas.Operation{Method: name, Description: r.doc(n)}
	request := n.First(r.root.Space, "request")
	if request != nil {
		if err := r.params(request, &at); err != nil {
			return err
		}
		var err error
		if op.Request.Representations, err = r.representations(request); err != nil {
			return err
		}
		op.Request.Description = r.doc(request)
	}
	if err := r.grow(1 + len(at.params) + len(at.query) + len(at.headers)); err != nil {
		return err
	}
	if err := template(&op, at); err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	op.Request.Headers = at.headers
	if err := r.responses(&op, n); err != nil {
		return err
	}
	place := op.Method + " " + op.URLTemplate
	if r.places[place] {
		r.warn("%s stands twice; the first counts.", xmltree.Shorten(place, 120))
		return nil
	}
	r.places[place] = true
	op.DisplayName = cmp.Or(r.title(n), n.Get("id"), place)
	op.ID = r.name(cmp.Or(n.Get("id"), place))
	if r.api.Operations = append(r.api.Operations, op); len(r.api.Operations) > maxOperations {
		return fmt.Errorf("the document has more than %d methods", maxOperations)
	}
	return nil
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// template puts the parameters of the path in their order, and the query parameters that callers must give behind it.
func template(op *oas.Operation, at path) error {
	op.URLTemplate = cmp.Or(at.template, "/")
	known := map[string]oas.Parameter{}
	for _, p := range at.params {
		known[p.Name] = p
	}
	seen := map[string]bool{}
	for _, m := range placeholder.FindAllString(op.URLTemplate, -1) {
		name, pattern, _ := strings.Cut(m[1:len(m)-1], ":") // {id: [0-9]+} of JAX-RS
		name = strings.TrimSpace(name)
		if name == "" || seen[name] {
			return fmt.Errorf("the path %q has a parameter without a name of its own", xmltree.Shorten(op.URLTemplate, 120))
		}
		seen[name] = true
		if pattern != "" {
			op.URLTemplate = strings.Replace(op.URLTemplate, m, "{"+name+"}", 1)
		}
		p, ok := known[name]
		if !ok {
			p = oas.Parameter{Name: name, Type: "string", Required: true}
		}
		op.TemplateParameters = append(op.TemplateParameters, p)
	}
	mark := "?"
	for _, q := range at.query {
		if !q.Required || seen[q.Name] || strings.ContainsAny(q.Name, "{}*/?&= #%") {
			op.Request.QueryParameters = append(op.Request.QueryParameters, q)
			continue
		}
		seen[q.Name] = true
		op.URLTemplate += mark + q.Name + "={" + q.Name + "}"
		op.TemplateParameters = append(op.TemplateParameters, q)
		mark = "&"
	}
	return nil
}

func (r *reader) responses(op *oas.Operation, method *xmltree.Node) error {
	known := map[int]int{}
	for _, n := range r.each(method, "response") {
		list, err := r.representations(n)
		if err != nil {
			return err
		}
		codes := strings.Fields(cmp.Or(n.Get("status"), "200"))
		if err := r.grow(len(codes)); err != nil {
			return err
		}
		var headers []oas.Parameter
		for _, p := range r.each(n, "param") {
			if p, err := r.follow(p); err == nil && p.Get("style") == "header" {
				headers = append(headers, r.parameter(p))
			}
		}
		for _, code := range codes {
			status, err := strconv.Atoi(code)
			if err != nil || status < 100 || status > 599 {
				return fmt.Errorf("line %d: the status %q is no code of an answer", n.Line, xmltree.Shorten(code, 20))
			}
			if at, twice := known[status]; twice {
				op.Responses[at].Representations = append(op.Responses[at].Representations, list...)
				continue
			}
			known[status] = len(op.Responses)
			op.Responses = append(op.Responses, oas.Response{StatusCode: status, Description: cmp.Or(r.doc(n), http.StatusText(status)), Headers: headers, Representations: list})
		}
	}
	return nil
}

func (r *reader) representations(n *xmltree.Node) ([]oas.Representation, error) {
	var out []oas.Representation
	for _, c := range r.each(n, "representation") {
		c, err := r.follow(c)
		if err != nil {
			return nil, err
		}
		if err := r.grow(1); err != nil {
			return nil, err
		}
		rep := oas.Representation{ContentType: cmp.Or(c.Get("mediaType"), "application/octet-stream")}
		if element := c.Get("element"); element != "" {
			name, err := c.Resolve(element)
			if err != nil {
				return nil, err
			}
			rep.TypeName, rep.Schema = name.Local, r.schemaOf(name.Space)
		}
		for _, p := range r.each(c, "param") {
			p, err := r.follow(p)
			if err != nil {
				return nil, err
			}
			if err := r.grow(1); err != nil {
				return nil, err
			}
			if style := p.Get("style"); style == "query" || style == "" {
				rep.FormParameters = append(rep.FormParameters, r.parameter(p))
			}
		}
		out = append(out, rep)
	}
	return out, nil
}

func (r *reader) schemaOf(space string) string {
	for _, x := range r.api.XML {
		if x.Space == space {
			return x.Name
		}
	}
	return oas.NoSchema
}

// name is an id that no other operation has.
func (r *reader) name(of string) string {
	id := cmp.Or(oas.Slug(of), "operation")
	free := id
	for n := 1; r.names[free]; n++ {
		free = strings.TrimRight(id[:min(len(id), 72)], "-") + "-" + strconv.Itoa(n)
	}
	r.names[free] = true
	return free
}
