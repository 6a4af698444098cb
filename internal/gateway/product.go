package gateway

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// product is a product that requests may run in the context of. Whether it is published has no influence here (policies.md 1.4).
type product struct {
	source   *snapshot.Product
	facts    policy.Product
	document *document
	apis     map[string]struct{} // ids as in api.id
}

// productIndex are the products of one home.
type productIndex struct {
	byID map[string]*product
	open map[string]*product // the product that opens an API without a subscription, by API id
}

// newProducts makes the index; previous gives documents that are compiled already, apis the facts of the home's APIs.
func newProducts(h *home, list []*snapshot.Product, apis snapshot.List[*apiSlot], previous *productIndex) *productIndex {
	ix := &productIndex{byID: make(map[string]*product, len(list)), open: make(map[string]*product)}
	if len(list) == 0 {
		return ix
	}
	current := make(map[string]*apiSlot, apis.Len())
	for a := range apis.All() {
		if a.source.Current {
			current[apiID(a.source.ID)] = a
		}
	}
	for _, src := range list {
		p := &product{source: src, facts: productFacts(src, h.workspace), apis: make(map[string]struct{}, len(src.APIs))}
		for _, id := range src.APIs {
			p.apis[id] = struct{}{}
			if a := current[id]; a != nil {
				p.facts.APIs = append(p.facts.APIs, a.knownFacts())
			}
			if _, taken := ix.open[id]; !src.SubscriptionRequired && !taken {
				ix.open[id] = p
			}
		}
		id := strings.ToLower(src.ID)
		p.document = previous.documentOf(id, h, src.Policy)
		ix.byID[id] = p
	}
	return ix
}

// links says whether a product holds one of the APIs that changed, so that what it knows of its APIs must be made again.
func (ix *productIndex) links(moved changes) bool {
	if len(ix.byID) == 0 {
		return false
	}
	for _, list := range [...][]*apiSlot{moved.gone, moved.come} {
		for _, a := range list {
			id := apiID(a.source.ID)
			for _, p := range ix.byID {
				if _, linked := p.apis[id]; linked {
					return true
				}
			}
		}
	}
	return false
}

// documentOf keeps a product's document when it is the same as before.
func (ix *productIndex) documentOf(id string, h *home, p *snapshot.Policy) *document {
	if ix != nil {
		if old := ix.byID[id]; old != nil && old.document != nil && old.document.source == p && old.document.home == h {
			return old.document
		}
	}
	return newDocument(policy.ProductScope, h, p)
}

func productFacts(p *snapshot.Product, w *policy.Workspace) policy.Product {
	return policy.Product{
		ID: p.Name, Name: p.DisplayName, Published: p.Published, ApprovalRequired: p.ApprovalRequired,
		SubscriptionRequired: p.SubscriptionRequired, SubscriptionsLimit: p.SubscriptionsLimit, Groups: groups(p.Groups), Workspace: w,
	}
}

func groups(list []snapshot.NamedID) []policy.Group {
	out := make([]policy.Group, len(list))
	for i, g := range list {
		out[i] = policy.Group(g)
	}
	return out
}
