package apim

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// PolicyDescription is one policy of the language. Scope is a sum: 1 service and workspaces, 2 products, 4 APIs, 8 operations.
type PolicyDescription struct {
	Description string `json:"description"`
	Scope       int    `json:"scope"`
}

// scopeBits are the parts of the sum by the engine's word for a scope, and by the word that callers ask with.
var scopeBits = map[string]int{
	"global": 1, "workspace": 1, "tenant": 1, "product": 2, "api": 4, "operation": 8, "all": 15,
}

func (c *Catalogue) policyDescriptions() *kind.Kind {
	return kind.Entity[PolicyDescription]{
		Type: "policyDescriptions", Noun: "Policy description", Under: []string{kind.Service}, ReadOnly: true, Mirror: true, Virtual: described{c},
	}.Kind()
}

type described struct{ c *Catalogue }

func (d described) Get(_ kind.Lookup, id arm.ID) (*kind.Resource, bool) {
	for _, r := range d.all(id.Parent()) {
		if strings.EqualFold(r.ID.Name(), id.Name()) {
			return r, true
		}
	}
	return nil, false
}

func (d described) List(_ kind.Lookup, service arm.ID, q kind.ListQuery) []kind.Listed {
	asked, limited := scopeBits[strings.ToLower(q.Query.Get("scope"))]
	var out []kind.Listed
	for _, r := range d.all(service) {
		if !limited || r.Value.(*PolicyDescription).Scope&asked != 0 {
			out = append(out, kind.Listed{Resource: r})
		}
	}
	return out
}

func (d described) all(service arm.ID) []*kind.Resource {
	if d.c.Policies == nil {
		return nil
	}
	doc, err := d.c.Policies.Catalogue()
	if err != nil {
		return nil // the engine has checked its table when it was made
	}
	var out []*kind.Resource
	for _, e := range doc.Elements {
		v := &PolicyDescription{Description: e.Doc}
		for _, s := range e.Scopes {
			v.Scope |= scopeBits[strings.ToLower(s)]
		}
		out = append(out, &kind.Resource{ID: service.Child("policyDescriptions", e.Name), Value: v})
	}
	slices.SortFunc(out, func(a, b *kind.Resource) int { return strings.Compare(a.ID.Name(), b.ID.Name()) })
	return out
}
