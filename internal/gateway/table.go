package gateway

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/route"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// table is a snapshot made ready for serving. It is immutable but for what its APIs compile on their first request, and shares with the
// table before it whatever did not change.
type table struct {
	snapshot   *snapshot.Snapshot
	deployment *policy.Deployment
	service    *part
	parts      map[*home]*part // of the service and every workspace served
	apis       []*api          // what the tree's values count
	tree       *route.Tree[int]
	problems   []snapshot.Problem // of the tree
	unmatched  *planSlot          // the global document alone, for requests that no API matches
}

// part is one shard in a table.
type part struct {
	shard    *snapshot.Shard
	home     *home
	apis     []*api
	products *productIndex
	keys     *keyIndex
}

// buildTable makes the table of a snapshot; previous is what it may share with, nil at first.
func (g *Gateway) buildTable(s *snapshot.Snapshot, previous *table) (*table, []snapshot.Problem) {
	t := &table{snapshot: s, deployment: g.deployment(s), parts: make(map[*home]*part, len(s.Others)+1)}
	old := previous.partsByID()
	oldService := old[strings.ToLower(s.Service.ID)]
	t.service = g.buildPart(s.Service, nil, oldService)
	t.parts[t.service.home] = t.service
	t.apis = append(t.apis, t.service.apis...)
	for _, shard := range s.Others {
		p := g.buildPart(shard, t.service.home, old[strings.ToLower(shard.ID)])
		t.parts[p.home] = p
		t.apis = append(t.apis, p.apis...)
	}
	if previous != nil && previous.service.home == t.service.home {
		t.unmatched = previous.unmatched
	} else {
		t.unmatched = new(planSlot)
	}
	t.forgetProducts(previous)
	t.buildTree(previous)
	return t, t.problems
}

func (g *Gateway) deployment(s *snapshot.Snapshot) *policy.Deployment {
	return &policy.Deployment{
		Region: s.Gateway.Region, ServiceID: s.Gateway.ServiceID, ServiceName: s.Gateway.ServiceName,
		GatewayID: s.Gateway.Name, InstanceID: g.instance, Managed: s.Gateway.Managed,
	}
}

// buildPart makes a shard ready; service is nil for the service's own.
func (g *Gateway) buildPart(s *snapshot.Shard, service *home, old *part) *part {
	p := &part{shard: s}
	if old != nil && old.home.serves(s) {
		p.home = old.home
	} else {
		p.home = newHome(s)
	}
	if service == nil {
		service = p.home
	}
	p.apis = buildAPIs(s.APIs, p.home, service, old)
	if old != nil && old.home == p.home && same(old.shard.Products, s.Products) && same(old.apis, p.apis) {
		p.products = old.products
	} else {
		p.products = newProducts(p.home, s.Products, p.apis, old.productsOrNil())
	}
	if old != nil && same(old.shard.Subscriptions, s.Subscriptions) && same(old.shard.Users, s.Users) {
		p.keys = old.keys
	} else {
		p.keys = newKeys(&g.digestKey, s, old.keysOrNil())
	}
	return p
}

// buildAPIs keeps those whose source and homes are the same as before.
func buildAPIs(list []*snapshot.API, h, service *home, old *part) []*api {
	made := make([]*api, len(list))
	var known map[*snapshot.API]*api
	reusable := old != nil && old.home == h && len(old.apis) > 0 && old.apis[0].service == service
	for i, src := range list {
		if !reusable {
			made[i] = newAPI(src, h, service)
			continue
		}
		if i < len(old.apis) && old.apis[i].source == src {
			made[i] = old.apis[i]
			continue
		}
		if known == nil {
			known = make(map[*snapshot.API]*api, len(old.apis))
			for _, a := range old.apis {
				known[a.source] = a
			}
		}
		if made[i] = known[src]; made[i] == nil {
			made[i] = newAPI(src, h, service)
		}
	}
	return made
}

// buildTree makes the tree, or keeps the one before when every API is found where it was.
func (t *table) buildTree(previous *table) {
	if previous != nil && sameRoutes(previous.apis, t.apis) {
		t.tree, t.problems = previous.tree, previous.problems
		return
	}
	t.tree = new(route.Tree[int])
	for i, a := range t.apis {
		place, err := a.place()
		if err == nil {
			err = t.tree.Add(place, i)
		}
		if err != nil {
			t.problems = append(t.problems, snapshot.Problem{ID: a.source.ID, Message: err.Error()})
		}
	}
}

func sameRoutes(a, b []*api) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		x, y := a[i].source, b[i].source
		if x != y && (x.ID != y.ID || x.Path != y.Path || x.Revision != y.Revision || x.Current != y.Current || x.Version != y.Version ||
			x.VersionScheme != y.VersionScheme || x.VersionParameter != y.VersionParameter) {
			return false
		}
	}
	return true
}

// forgetProducts drops plans made for product documents that are not there any more.
func (t *table) forgetProducts(previous *table) {
	if previous == nil {
		return
	}
	live := make(map[*document]bool)
	for _, p := range t.parts {
		for _, pr := range p.products.byID {
			live[pr.document] = true
		}
	}
	gone := make(map[*document]bool)
	for _, p := range previous.parts {
		for _, pr := range p.products.byID {
			if pr.document != nil && !live[pr.document] {
				gone[pr.document] = true
			}
		}
	}
	if len(gone) == 0 {
		return
	}
	for _, a := range t.apis {
		a.forget(gone)
	}
}

func (t *table) partsByID() map[string]*part {
	if t == nil {
		return nil
	}
	byID := make(map[string]*part, len(t.parts))
	for _, p := range t.parts {
		byID[strings.ToLower(p.shard.ID)] = p
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
