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
func effective(parts []*Prepared, s Section) Block {
	if len(parts) == 0 {
		return nil
	}
	narrowest, broader := parts[len(parts)-1], parts[:len(parts)-1]
	if inherits(narrowest, s) {
		return effective(broader, s)
	}
	var out Block
	for _, in := range narrowest.sections[s] {
		if in.Run == nil {
			out = append(out, effective(broader, s)...)
			continue
		}
		out = append(out, in)
	}
	return out
}

// inherits is the rule for a section that a document doesn't have: it counts as <base/> alone, so that nobody drops the platform's checks by
// leaving something out. A section that is there and empty inherits nothing.
func inherits(p *Prepared, s Section) bool { return !p.present[s] }
