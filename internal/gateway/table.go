package gateway

import (
	"iter"
	"slices"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/route"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// table is a snapshot made ready for serving. It is immutable but for what its APIs compile on their first request, and shares with the
// table before it whatever did not change: making the next one costs what changed, however many APIs there are.
type table struct {
	snapshot   *snapshot.Snapshot
	deployment *policy.Deployment
	service    *part
	parts      map[*home]*part // of the service and every workspace served
	tree       *route.Tree[*apiSlot]
	problems   []snapshot.Problem // of the tree
	unmatched  *planSlot          // the global document alone, for requests that no API matches
}

// part is one shard in a table.
type part struct {
	shard    *snapshot.Shard
	home     *home
	service  *home                   // of which the global document comes
	apis     snapshot.List[*apiSlot] // in the chunks of the shard's
	products *productIndex
	keys     *keyIndex
}

// buildTable makes the table of a snapshot; previous is what it may share with, nil at first.
func (g *Gateway) buildTable(s *snapshot.Snapshot, previous *table) (*table, []snapshot.Problem) {
	t := &table{snapshot: s, deployment: g.deployment(s), parts: make(map[*home]*part, len(s.Others)+1)}
	t.deployment.Connections = connectionsOf(s, previous)
	old := previous.partsByID()
	var moved changes
	t.service = g.buildPart(s.Service, nil, old[s.Service.ID], &moved)
	t.parts[t.service.home] = t.service
	for _, shard := range s.Others {
		p := g.buildPart(shard, t.service.home, old[shard.ID], &moved)
		t.parts[p.home] = p
		delete(old, shard.ID)
	}
	delete(old, s.Service.ID)
	for _, p := range old {
		moved.gone = slices.AppendSeq(moved.gone, p.apis.All())
	}
	if previous != nil && previous.service.home == t.service.home {
		t.unmatched = previous.unmatched
	} else {
		t.unmatched = new(planSlot)
	}
	t.forgetProducts(previous)
	t.buildTree(previous, moved)
	return t, t.problems
}

func (g *Gateway) deployment(s *snapshot.Snapshot) *policy.Deployment {
	return &policy.Deployment{
		Region: s.Gateway.Region, ServiceID: s.Gateway.ServiceID, ServiceName: s.Gateway.ServiceName,
		GatewayID: s.Gateway.Name, InstanceID: g.instance, Managed: s.Gateway.Managed,
		Principal: s.Settings.Principal, IdentityFor: s.Settings.IdentityFor, Trust: trustOf(s.Authorities),
		Tenant: s.Settings.Tenant, Issuer: s.Settings.Issuer,
	}
}

// buildPart makes a shard ready; service is nil for the service's own.
func (g *Gateway) buildPart(s *snapshot.Shard, service *home, old *part, moved *changes) *part {
	if old != nil && old.shard == s && (service == nil || old.service == service) {
		return old
	}
	p := &part{shard: s, service: service}
	if old != nil && old.home.serves(s) {
		p.home = old.home
	} else {
		before := new(home)
		if old != nil && old.shard.ID == s.ID {
			before = old.home
		}
		p.home = newHome(s, before.memory)
		p.home.circuits, p.home.turns = g.circuits(s, before.circuits), turnsOf(s, before.turns)
	}
	if service == nil {
		p.service = p.home
	}
	mine := p.buildAPIs(old)
	moved.add(mine)
	if old != nil && old.home == p.home && same(old.shard.Products, s.Products) && !old.products.links(mine) {
		p.products = old.products
	} else {
		p.products = newProducts(p.home, s.Products, p.apis, old.productsOrNil())
	}
	if old != nil && sameMembers(old.shard.Subscriptions, s.Subscriptions) && same(old.shard.Users, s.Users) {
		p.keys = old.keys
	} else {
		p.keys = newKeys(&g.digestKey, s, old.keysOrNil())
	}
	return p
}

// sameMembers compares lists whose chunks may be cut differently.
func sameMembers[T comparable](a, b snapshot.List[T]) bool {
	return a.Shares(b) || a.Len() == b.Len() && same(slices.Collect(a.All()), slices.Collect(b.All()))
}

// changes are the APIs that a table has and the one before had not, and the reverse.
type changes struct{ gone, come []*apiSlot }

func (c *changes) add(more changes) {
	c.gone, c.come = append(c.gone, more.gone...), append(c.come, more.come...)
}

// buildAPIs keeps those whose source and homes are the same as before, by chunks where these are the same.
func (p *part) buildAPIs(old *part) (moved changes) {
	list := p.shard.APIs
	var before snapshot.List[*apiSlot]
	if old != nil {
		before = old.apis
	}
	switch {
	case old == nil || old.home != p.home || old.service != p.service: // nothing can stay
		moved.gone = slices.Collect(before.All())
		p.apis = make(snapshot.List[*apiSlot], len(list))
		for i, chunk := range list {
			p.apis[i] = p.buildChunk(chunk, nil, &moved)
		}
	case list.Shares(old.shard.APIs):
		p.apis = before
	case len(before) != len(list): // the chunks are cut differently
		whole := p.buildChunk(slices.Collect(list.All()), slices.Collect(before.All()), &moved)
		p.apis = make(snapshot.List[*apiSlot], len(list))
		for i, chunk := range list {
			p.apis[i], whole = whole[:len(chunk):len(chunk)], whole[len(chunk):]
		}
	default:
		p.apis = slices.Clone(before)
		for i, chunk := range list {
			if !snapshot.SameChunk(chunk, old.shard.APIs[i]) {
				p.apis[i] = p.buildChunk(chunk, before[i], &moved)
			}
		}
	}
	return moved
}

// buildChunk makes the APIs of a chunk, or takes those of the chunk before whose source is the same. Chunks have an order, so that what changed in one lies
// between its first and its last difference.
func (p *part) buildChunk(chunk []*snapshot.API, before []*apiSlot, moved *changes) []*apiSlot {
	made := make([]*apiSlot, len(chunk))
	first, last := 0, len(chunk)
	for first < last && first < len(before) && before[first].source == chunk[first] {
		made[first] = before[first]
		first++
	}
	for before = before[first:]; last > first && len(before) > 0 && before[len(before)-1].source == chunk[last-1]; before = before[:len(before)-1] {
		last--
		made[last] = before[len(before)-1]
	}
	known, kept := make(map[*snapshot.API]*apiSlot, len(before)), make(map[*apiSlot]bool, len(before))
	for _, a := range before {
		known[a.source] = a
	}
	for i := first; i < last; i++ {
		if made[i] = known[chunk[i]]; made[i] != nil && !kept[made[i]] {
			kept[made[i]] = true
			continue
		}
		made[i] = &apiSlot{source: chunk[i], home: p.home, service: p.service}
		moved.come = append(moved.come, made[i])
	}
	for _, a := range before {
		if !kept[a] {
			moved.gone = append(moved.gone, a)
		}
	}
	return made
}

// buildTree derives the tree from the one before. A tree that has problems is made anew: what was left out may have its place now.
func (t *table) buildTree(previous *table, moved changes) {
	if previous == nil || len(previous.problems) > 0 {
		t.tree = new(route.Tree[*apiSlot])
		for p := range t.inOrder() {
			for a := range p.apis.All() {
				t.addRoute(a)
			}
		}
		return
	}
	t.tree = previous.tree
	gone := make(map[string]*apiSlot, len(moved.gone))
	for _, a := range moved.gone {
		gone[a.source.ID] = a
	}
	var come []*apiSlot
	for _, a := range moved.come {
		if !t.takeOver(gone[a.source.ID], a) {
			come = append(come, a)
			continue
		}
		delete(gone, a.source.ID)
	}
	for _, a := range gone {
		t.removeRoute(a)
	}
	for _, a := range come {
		t.addRoute(a)
	}
}

// takeOver gives an API the place of the one that it was before, nil for none; false when it has another.
func (t *table) takeOver(old, a *apiSlot) bool {
	if old == nil {
		return false
	}
	from, err := old.place()
	to, bad := a.place()
	if err != nil || bad != nil || from != to {
		return false
	}
	next, err := t.tree.Replace(to, a)
	if err == nil {
		t.tree = next
	}
	return err == nil
}

func (t *table) removeRoute(a *apiSlot) {
	place, err := a.place()
	if err == nil {
		t.tree, err = t.tree.Without(place)
	}
	if err != nil { // can't be: it has a place in the tree
		t.problems = append(t.problems, snapshot.Problem{ID: a.source.ID, Message: err.Error()})
	}
}

// inOrder yields the parts as the snapshot lists them.
func (t *table) inOrder() iter.Seq[*part] {
	return func(yield func(*part) bool) {
		if !yield(t.service) {
			return
		}
		byID := t.partsByID()
		for _, shard := range t.snapshot.Others {
			if !yield(byID[shard.ID]) {
				return
			}
		}
	}
}

func (t *table) addRoute(a *apiSlot) {
	place, err := a.place()
	if err == nil {
		var next *route.Tree[*apiSlot]
		if next, err = t.tree.With(place, a); err == nil {
			t.tree = next
			return
		}
	}
	t.problems = append(t.problems, snapshot.Problem{ID: a.source.ID, Message: err.Error()})
}

// forgetProducts drops plans made for product documents that are not there any more.
func (t *table) forgetProducts(previous *table) {
	if previous == nil {
		return
	}
	gone, kept := make(map[*document]bool), make(map[*productIndex]bool, len(t.parts))
	for _, p := range t.parts {
		kept[p.products] = true
	}
	for _, p := range previous.parts {
		if kept[p.products] {
			continue
		}
		for _, pr := range p.products.byID {
			if pr.document != nil {
				gone[pr.document] = true
			}
		}
	}
	if len(gone) == 0 {
		return
	}
	for _, p := range t.parts {
		for _, pr := range p.products.byID {
			delete(gone, pr.document)
		}
	}
	if len(gone) == 0 {
		return
	}
	for _, p := range t.parts {
		for a := range p.apis.All() {
			a.forget(gone)
		}
	}
}

func (t *table) partsByID() map[string]*part {
	if t == nil {
		return nil
	}
	byID := make(map[string]*part, len(t.parts))
	for _, p := range t.parts {
		byID[p.shard.ID] = p
	}
	return byID
}

func (p *part) productsOrNil() *productIndex {
	if p == nil {
		return nil
	}
	return p.products
}

func (p *part) keysOrNil() *keyIndex {
	if p == nil {
		return nil
	}
	return p.keys
}
