package wadl

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

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
