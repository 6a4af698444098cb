package apim

import (
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// EffectivePolicy is one section of what runs for an operation, line by line. Azure has it in its portal only.
type EffectivePolicy struct {
	Lines []policy.FlatLine `json:"lines"`
}

func (c *Catalogue) effectivePolicies() *kind.Kind {
	return kind.Entity[EffectivePolicy]{
		Type: "effectivePolicies", Noun: "Effective policy", Under: []string{"operations"}, ReadOnly: true, Mirror: true, Virtual: inEffect{c},
	}.Kind()
}

// inEffect computes the list, which a `productId` in the query puts into the context of a product. Documents that the caller may not read show as
// one line that says so.
type inEffect struct{ c *Catalogue }

func (inEffect) Get(kind.Lookup, arm.ID) (*kind.Resource, bool) { return nil, false }

func (e inEffect) List(l kind.Lookup, operation arm.ID, q kind.ListQuery) []kind.Listed {
	sections := policy.Flatten(e.sources(l, operation, q.Query.Get("productId")))
	var out []kind.Listed
	for s, lines := range sections {
		name := policy.Section(s).String()
		v := &EffectivePolicy{Lines: veiled(lines, q.Readable)}
		out = append(out, kind.Listed{Resource: &kind.Resource{ID: operation.Child("effectivePolicies", name), Value: v}})
	}
	return out
}

// sources are the documents that apply to an operation, each resolving names in its own home.
func (e inEffect) sources(l kind.Lookup, operation arm.ID, product string) []policy.Source {
	home, service := homeOf(operation), serviceOf(operation)
	owners := []arm.ID{service}
	if !home.Equal(service) {
		owners = append(owners, home)
	}
	if product != "" {
		owners = append(owners, home.Child("products", product[strings.LastIndexByte(product, '/')+1:]))
	}
	var out []policy.Source
	for _, owner := range append(owners, operation.Parent(), operation) {
		id := owner.Child("policies", "policy")
		v, ok := kind.Of[Policy](l, id)
		if !ok {
			continue
		}
		doc, err := parsePolicy(v.Value, v.Format)
		if err != nil {
			continue // it was checked when it was stored
		}
		doc.ID = id.String()
		out = append(out, policy.Source{Scope: scopeOfPolicy(id), Doc: doc, Home: e.c.homeOf(l, homeOf(id), doc)})
	}
	return out
}

// veiled puts one line in place of the lines of a document that may not be read.
func veiled(lines []policy.FlatLine, readable func(arm.ID) bool) []policy.FlatLine {
	out := make([]policy.FlatLine, 0, len(lines))
	hidden := ""
	for _, line := range lines {
		id, err := arm.ParseID(line.Document)
		if line.Document == "" || err == nil && readable != nil && readable(id) {
			out, hidden = append(out, line), ""
			continue
		}
		if line.Document != hidden {
			hidden = line.Document
			out = append(out, policy.FlatLine{Text: fmt.Sprintf("<!-- policies of the %s scope, which you may not read -->", line.Scope), Scope: line.Scope})
		}
	}
	return out
}
