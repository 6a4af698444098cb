package portal

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
)

type operationSummary struct {
	ID     string `json:"id"`
	Method string `json:"method"`
	Path   string `json:"path"`
	Title  string `json:"title"`
}

// shownOperation is all about one operation.
type shownOperation struct {
	operationSummary
	Description string      `json:"description"`
	Parameters  []parameter `json:"parameters"`
	Body        *shownBody  `json:"body,omitempty"`
	Responses   []response  `json:"responses"`
}

// parameter is a value to fill in. In is path, query or header.
type parameter struct {
	Name        string `json:"name"`
	In          string `json:"in"`
	Required    bool   `json:"required"`
	Type        string `json:"type"`
	Description string `json:"description,omitempty"`
	Example     string `json:"example,omitempty"`
}

type shownBody struct {
	ContentType string `json:"contentType"`
	Example     string `json:"example,omitempty"`
}

type response struct {
	Status      int    `json:"status"`
	Description string `json:"description"`
}

// operation is an operation of a visible API.
type operation struct {
	opaque string
	*apim.Operation
}

// operationsOf are the operations of an API in order of path and method.
func (v *view) operationsOf(a *api) []operation {
	var out []operation
	for _, res := range v.Children(a.id, "operations") {
		if op, ok := res.Value.(*apim.Operation); ok {
			out = append(out, operation{v.portal.ids.of(res.ID), op})
		}
	}
	slices.SortFunc(out, func(a, b operation) int {
		return byTitle(a.URLTemplate, a.Method+a.opaque, b.URLTemplate, b.Method+b.opaque)
	})
	return out
}

func (v *view) operations(a *api) []operationSummary {
	out := []operationSummary{}
	for _, op := range v.operationsOf(a) {
		out = append(out, op.summary())
	}
	return out
}

// findOperation finds an operation by the id that the viewer knows it by.
func (v *view) findOperation(a *api, opaque string) (operation, error) {
	for _, op := range v.operationsOf(a) {
		if op.opaque == opaque {
			return op, nil
		}
	}
	return operation{}, notFound()
}

func (p *portal) getOperation(_ http.ResponseWriter, r *http.Request) (any, error) {
	var out shownOperation
	err := p.view(r, func(v *view) error {
		a, err := v.findAPI(r.PathValue("api"))
		if err != nil {
			return err
		}
		op, err := v.findOperation(a, r.PathValue("operation"))
		if err != nil {
			return err
		}
		out = op.shown()
		return nil
	})
	return out, err
}

func (o operation) summary() operationSummary {
	path, _ := o.template()
	return operationSummary{o.opaque, strings.ToUpper(o.Method), path, either(o.DisplayName, path)}
}

// template is the path that values are filled into, and the query that the template asks for. The marker of a parameter that takes all the rest
// of a path is left out.
func (o operation) template() (path, query string) {
	path, query, _ = strings.Cut(strings.ReplaceAll(o.URLTemplate, "{*", "{"), "?")
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return path, query
}

func (o operation) shown() shownOperation {
	out := shownOperation{operationSummary: o.summary(), Description: o.Description, Parameters: o.parameters(), Responses: []response{}}
	if o.Request != nil && len(o.Request.Representations) > 0 {
		rep := o.Request.Representations[0]
		out.Body = &shownBody{rep.ContentType, either(firstExample(rep.Examples), rep.Generated)}
	}
	for _, r := range o.Responses {
		out.Responses = append(out.Responses, response{r.StatusCode, either(r.Description, http.StatusText(r.StatusCode))})
	}
	return out
}

// parameters are those of the path in its order, of the query of the template, and of the request's description.
func (o operation) parameters() []parameter {
	byName := map[string]apim.Parameter{}
	for _, p := range o.TemplateParameters {
		byName[strings.TrimPrefix(p.Name, "*")] = p
	}
	path, query := o.template()
	out := []parameter{}
	for _, name := range placeholders(path) {
		out = append(out, shownParameter(withName(byName[name], name), "path", true))
	}
	taken := map[string]bool{}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key == "" {
			continue
		}
		p := apim.Parameter{DefaultValue: value}
		if in := placeholders(value); len(in) == 1 {
			p = byName[in[0]]
		}
		taken[key] = true
		out = append(out, shownParameter(withName(p, key), "query", true))
	}
	if o.Request == nil {
		return out
	}
	for _, p := range o.Request.QueryParameters {
		if !taken[p.Name] {
			out = append(out, shownParameter(p, "query", p.Required))
		}
	}
	for _, p := range o.Request.Headers {
		out = append(out, shownParameter(p, "header", p.Required))
	}
	return out
}

func withName(p apim.Parameter, name string) apim.Parameter {
	p.Name = name
	return p
}

func shownParameter(p apim.Parameter, in string, required bool) parameter {
	example := either(firstExample(p.Examples), p.DefaultValue)
	if example == "" && required && len(p.Values) > 0 {
		example = p.Values[0]
	}
	return parameter{p.Name, in, required, either(p.Type, "string"), p.Description, example}
}

// placeholders are the names in braces, in order.
func placeholders(template string) []string {
	var out []string
	for {
		_, rest, open := strings.Cut(template, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !open || !closed {
			return out
		}
		out, template = append(out, name), after
	}
}

// firstExample is the example that comes first by name, as text.
func firstExample(examples map[string]apim.Example) string {
	for _, name := range slices.Sorted(maps.Keys(examples)) {
		switch v := examples[name].Value.(type) {
		case nil:
		case string:
			return v
		default:
			if b, err := json.Marshal(v); err == nil {
				return string(b)
			}
		}
	}
	return ""
}
