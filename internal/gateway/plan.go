package gateway

import (
	"fmt"
	"sync"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// plans are the plans of one operation: one for each product document that it has run with, and one without.
type plans struct {
	mu    sync.RWMutex
	slots map[*document]*planSlot
}

// planSlot is made on the first request that needs it; others wait.
type planSlot struct {
	once sync.Once
	plan *policy.Plan
	err  error
}

// planOf returns the plan of an operation in the context of a product document (nil for none). The error is the same for every request:
// the operation answers 500 until its documents change.
func (g *Gateway) planOf(t *table, op *operation, product *document) (*policy.Plan, error) {
	slot := op.plans.slot(product)
	slot.once.Do(func() {
		a := op.api
		slot.plan, slot.err = g.join(a.service.document, workspaceDocument(a.home), product, a.document, op.document)
		if slot.err != nil {
			slot.err = fmt.Errorf("compile the policies of API %s: %w", a.source.ID, slot.err)
			g.problem(t.snapshot.Gateway.ID, snapshot.Problem{ID: a.source.ID, Message: slot.err.Error()})
		}
	})
	return slot.plan, slot.err
}

// join makes a plan of the documents that apply, broad to narrow; nil ones don't.
func (g *Gateway) join(documents ...*document) (*policy.Plan, error) {
	parts := make([]*policy.Prepared, 0, len(documents))
	for _, d := range documents {
		if d == nil {
			continue
		}
		p, err := d.prepare(g.engine)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return g.engine.Join(parts)
}

// workspaceDocument is the all-APIs policy of a workspace; the service's own is the global one.
func workspaceDocument(h *home) *document {
	if h.workspace == nil {
		return nil
	}
	return h.document
}

func (p *plans) slot(product *document) *planSlot {
	p.mu.RLock()
	s := p.slots[product]
	p.mu.RUnlock()
	if s != nil {
		return s
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s = p.slots[product]; s == nil {
		if p.slots == nil {
			p.slots = make(map[*document]*planSlot, 1)
		}
		s = new(planSlot)
		p.slots[product] = s
	}
	return s
}

// forget drops the plans of product documents that are gone.
func (p *plans) forget(gone map[*document]bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for d := range p.slots {
		if gone[d] {
			delete(p.slots, d)
		}
	}
}
