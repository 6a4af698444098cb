package policy

import (
	"slices"
	"sync"
)

// Documents that stand where nobody has written one (policies.md 1.3).
const (
	DefaultGlobal = "<policies>\n\t<inbound />\n\t<backend>\n\t\t<forward-request />\n\t</backend>\n\t<outbound />\n\t<on-error />\n</policies>"
	DefaultScope  = "<policies>\n\t<inbound>\n\t\t<base />\n\t</inbound>\n\t<backend>\n\t\t<base />\n\t</backend>\n\t<outbound>\n\t\t<base />\n\t</outbound>\n\t<on-error>\n\t\t<base />\n\t</on-error>\n</policies>"
)

var defaultGlobal = sync.OnceValue(func() *Document {
	d, err := Parse(DefaultGlobal, FormatXML)
	if err != nil {
		panic(err)
	}
	return d
})

// Compile makes the plan of an operation from the documents that apply to it, one a scope at most, in any order. Scopes without a document
// are left out; without a global one the default stands in. The error joins the problems of all documents.
func (e *Engine) Compile(sources []Source) (*Plan, error) {
	parts := make([]*Prepared, 0, len(sources)+1)
	for _, src := range sources {
		p, err := e.Prepare(src)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return e.Join(parts)
}

// Join makes a plan of prepared documents, so that operations share what they have in common. It is Compile's second half.
func (e *Engine) Join(parts []*Prepared) (*Plan, error) {
	parts = slices.Clone(parts)
	if !slices.ContainsFunc(parts, func(p *Prepared) bool { return p.scope == Global }) {
		p, err := e.Prepare(Source{Scope: Global, Doc: defaultGlobal()})
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	slices.SortStableFunc(parts, func(a, b *Prepared) int { return int(a.scope) - int(b.scope) })
	plan := &Plan{}
	for s := range Section(sections) {
		plan.Sections[s] = effective(parts, s)
	}
	for _, p := range parts {
		plan.ReadsRequestBody = plan.ReadsRequestBody || p.facts.readsRequest
		plan.ReadsResponseBody = plan.ReadsResponseBody || p.facts.readsResponse
	}
	return plan, nil
}

// effective is a section with every <base/> replaced by the next broader document's. parts go from broad to narrow.
func effective(parts []*Prepared, s Section) (out Block) {
	inherit(
		parts,
		func(p *Prepared) (Block, bool) { return p.sections[s], p.present[s] },
		func(in Instruction) bool { return in.Run == nil },
		func(_ *Prepared, in Instruction) { out = append(out, in) },
	)
	return out
}

// inherit takes the items of a section from layers that go from broad to narrow: those of the narrowest, with every base replaced by what the next
// broader layer has to give. A section that a layer doesn't have counts as a base alone, so that nobody drops the platform's checks by leaving
// something out; one that is there and empty inherits nothing (policies.md 1.3).
func inherit[L any, I any, S ~[]I](layers []L, section func(L) (items S, present bool), base func(I) bool, take func(L, I)) {
	if len(layers) == 0 {
		return
	}
	narrowest, broader := layers[len(layers)-1], layers[:len(layers)-1]
	items, present := section(narrowest)
	if !present {
		inherit(broader, section, base, take)
		return
	}
	for _, in := range items {
		if base(in) {
			inherit(broader, section, base, take)
			continue
		}
		take(narrowest, in)
	}
}
