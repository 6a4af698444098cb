package publish

import (
	"regexp"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/snapshot"
	"github.com/atelier-apim/atelier/internal/store"
)

// Schemas may be large and most APIs never look at them, so they are not among what a publisher keeps: they are read from the store when an API is
// translated on which a policy may validate, or a document that names them.

// validating finds the policies that compare with what an API defines; schemaName what a document names by schema-id.
var (
	validating = regexp.MustCompile(`<validate-(content|parameters|headers|status-code)\b`)
	schemaName = regexp.MustCompile(`\bschema-id\s*=\s*["']([^"']*)["']`)
)

// read runs f on the state: while the publisher loads, the one that it loads from.
func (p *Publisher) read(f func(store.Reader) error) {
	switch {
	case p.loading != nil:
		_ = f(p.loading) // what can't be read is missing, and the policies that need it refuse
	case p.view != nil:
		_ = p.view(f)
	}
}

// asks says whether a document of the home may validate on any of its APIs.
func asks(home *node) bool {
	found := false
	look := func(n *node) {
		if v, ok := value[apim.Policy](n); ok {
			found = found || validating.MatchString(v.Value)
		}
		if v, ok := value[apim.PolicyFragment](n); ok {
			found = found || validating.MatchString(v.Value)
		}
	}
	look(home.member("policies", "policy"))
	home.each("policyFragments", look)
	home.each("products", func(n *node) { look(n.member("policies", "policy")) })
	return found
}

// settle looks whether the documents of a home, and of the service around it, ask for what APIs define; when that has changed the APIs are made again.
func (p *Publisher) settle(home *node) {
	if !home.stored() {
		return
	}
	now := asks(home)
	if now == home.own.asks {
		return
	}
	home.own.asks = now
	home.each("apis", (*node).forget)
	home.each("workspaces", func(w *node) { w.each("apis", (*node).forget) })
}

// homeAround is the home that an id lies in, nil when there is none.
func (p *Publisher) homeAround(id arm.ID) *node {
	for ; !id.IsRoot(); id = id.Parent() {
		if n := p.tree.find(id); n.stored() && n.own != nil {
			return n
		}
	}
	return nil
}

// settleAll does so for all homes.
func (p *Publisher) settleAll() {
	for _, svc := range p.tree.services.sorted() {
		p.settle(svc)
		svc.each("workspaces", p.settle)
	}
}

// wanted says whether a policy may ask for what the API defines.
func wanted(api *node) bool {
	around := api.parent
	if around.own.asks || serviceNode(around).own.asks {
		return true
	}
	found := false
	look := func(n *node) {
		if v, ok := value[apim.Policy](n); ok {
			found = found || validating.MatchString(v.Value)
		}
	}
	look(api.member("policies", "policy"))
	api.each("operations", func(op *node) { look(op.member("policies", "policy")) })
	return found
}

// schemaChanged forgets what was made of a schema: the API that it belongs to, or the documents of the home that name schemas.
func (p *Publisher) schemaChanged(id arm.ID) bool {
	parent := p.tree.find(id.Parent())
	if parent == nil {
		return false
	}
	if parent.own == nil {
		made, ok := parent.built.(*snapshot.API)
		if !ok || made.Contract == nil {
			return false
		}
		parent.forget()
		return true
	}
	users := p.naming[parent]
	for n := range users {
		if p.tree.find(n.id) != n {
			delete(users, n) // gone
			continue
		}
		n.forget()
	}
	return len(users) > 0
}

// contract is what the API and its operations define, nil when no policy may ask for it.
func (p *Publisher) contract(n *node) *snapshot.Contract {
	if !wanted(n) {
		return nil
	}
	c := &snapshot.Contract{Operations: map[string]*snapshot.OperationContract{}}
	n.each("operations", func(op *node) {
		if v := opened[apim.Operation](p, op); v != nil {
			c.Operations[op.id.Name()] = operationContract(v)
		}
	})
	p.read(func(r store.Reader) error {
		rows, err := r.List(store.Query{Parent: n.id, Kind: n.id.Type() + "/schemas"})
		for _, row := range rows {
			res, err := p.open(row)
			if err != nil {
				return err
			}
			if v, ok := res.Value.(*apim.Schema); ok {
				kind, text := v.Text()
				c.Schemas = append(c.Schemas, &snapshot.Schema{Name: row.ID.Name(), Kind: kind, Text: text})
			}
		}
		return err
	})
	return c
}

func operationContract(v *apim.Operation) *snapshot.OperationContract {
	c := &snapshot.OperationContract{Template: parametersOf(v.TemplateParameters)}
	if r := v.Request; r != nil {
		c.Query, c.Headers, c.Bodies = parametersOf(r.QueryParameters), parametersOf(r.Headers), mediaOf(r.Representations)
	}
	for _, r := range v.Responses {
		c.Responses = append(c.Responses, snapshot.ResponseContract{Status: r.StatusCode, Headers: parametersOf(r.Headers), Bodies: mediaOf(r.Representations)})
	}
	return c
}

func parametersOf(list []apim.Parameter) []snapshot.Parameter {
	out := make([]snapshot.Parameter, len(list))
	for i, v := range list {
		out[i] = snapshot.Parameter{Name: v.Name, Type: v.Type, Required: v.Required, Values: v.Values, SchemaID: v.SchemaID, TypeName: v.TypeName}
	}
	return out
}

func mediaOf(list []apim.Representation) []snapshot.Media {
	out := make([]snapshot.Media, len(list))
	for i, v := range list {
		out[i] = snapshot.Media{ContentType: v.ContentType, SchemaID: v.SchemaID, TypeName: v.TypeName}
	}
	return out
}

// schemasOf are the schemas of the home that a document names. Where a named value stands for a name, all are.
func (p *Publisher) schemasOf(n *node, text string) []*snapshot.Schema {
	home := n
	for home != nil && home.own == nil {
		home = home.parent
	}
	names := schemaName.FindAllStringSubmatch(text, -1)
	if !home.stored() {
		return nil
	}
	delete(p.naming[home], n)
	if len(names) == 0 {
		return nil
	}
	if p.naming[home] == nil {
		p.naming[home] = map[*node]bool{}
	}
	p.naming[home][n] = true
	all := slices.ContainsFunc(names, func(m []string) bool { return strings.Contains(m[1], "{{") })
	var out []*snapshot.Schema
	p.read(func(r store.Reader) error {
		rows, err := r.List(store.Query{Parent: home.id, Kind: home.id.Type() + "/schemas"})
		for _, row := range rows {
			if !all && !slices.ContainsFunc(names, func(m []string) bool { return strings.EqualFold(m[1], row.ID.Name()) }) {
				continue
			}
			res, err := p.open(row)
			if err != nil {
				return err
			}
			if v, ok := res.Value.(*apim.GlobalSchema); ok {
				kind, text := v.Text()
				out = append(out, &snapshot.Schema{Name: row.ID.Name(), Kind: kind, Text: text})
			}
		}
		return err
	})
	return out
}
