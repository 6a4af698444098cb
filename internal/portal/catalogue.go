package portal

import (
	"cmp"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// The catalogue of a viewer follows from links alone: a product is visible when it is published and linked to a group that the viewer stands
// in; an API is visible when a visible product holds it. Reading begins at the viewer's groups, so its cost is that of what is visible.

// product is a visible product.
type product struct {
	id     arm.ID
	opaque string
	*apim.Product
	apis []arm.ID // without revision; not all of them need exist
}

// api is a visible API.
type api struct {
	id     arm.ID
	opaque string
	*apim.API
	products []*product // visible ones that hold it
}

// products are the visible products in order of their titles.
func (v *view) products() []*product {
	if !v.read {
		v.offered, v.read = v.readProducts(), true
	}
	return v.offered
}

func (v *view) readProducts() []*product {
	seen := map[string]bool{}
	var out []*product
	for _, group := range v.groups() {
		for _, link := range v.Referrers(group) {
			id := link.Parent()
			if !isType(link, "products/groupLinks") || !id.Within(v.service) || seen[id.Key()] {
				continue
			}
			seen[id.Key()] = true
			if p, ok := kind.Of[apim.Product](v, id); ok && strings.EqualFold(p.State, "published") {
				out = append(out, &product{id: id, opaque: v.portal.ids.of(id), Product: p, apis: v.apisOf(id)})
			}
		}
	}
	slices.SortFunc(out, func(a, b *product) int { return byTitle(a.DisplayName, a.opaque, b.DisplayName, b.opaque) })
	return out
}

// apisOf are the APIs that a product holds.
func (v *view) apisOf(product arm.ID) []arm.ID {
	var out []arm.ID
	for _, l := range v.Children(product, "apiLinks") {
		link, ok := l.Value.(*apim.ProductAPILink)
		if !ok {
			continue
		}
		plain, _, _ := strings.Cut(link.APIID, ";rev=")
		if id, err := arm.ParseID(plain); err == nil {
			out = append(out, id)
		}
	}
	return out
}

// product finds a visible product by the id that the viewer knows it by.
func (v *view) product(opaque string) (*product, error) {
	for _, p := range v.products() {
		if p.opaque == opaque {
			return p, nil
		}
	}
	return nil, notFound()
}

// apis are the visible APIs in order of their titles.
func (v *view) apis() []*api {
	var out []*api
	for id, holders := range v.held() {
		if a, ok := v.api(id, holders); ok {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b *api) int { return byTitle(a.DisplayName, a.opaque, b.DisplayName, b.opaque) })
	return out
}

// held are the ids of what visible products hold, with the products.
func (v *view) held() map[arm.ID][]*product {
	holders := map[string][]*product{}
	ids := map[string]arm.ID{}
	for _, p := range v.products() {
		for _, id := range p.apis {
			ids[id.Key()] = id
			holders[id.Key()] = append(holders[id.Key()], p)
		}
	}
	out := make(map[arm.ID][]*product, len(ids))
	for key, id := range ids {
		out[id] = holders[key]
	}
	return out
}

func (v *view) api(id arm.ID, holders []*product) (*api, bool) {
	res, ok := v.Get(id)
	if !ok {
		return nil, false
	}
	a, ok := res.Value.(*apim.API)
	return &api{id: res.ID, opaque: v.portal.ids.of(res.ID), API: a, products: holders}, ok
}

// findAPI finds a visible API by the id that the viewer knows it by. Only that one is read.
func (v *view) findAPI(opaque string) (*api, error) {
	for id, holders := range v.held() {
		if v.portal.ids.of(id) != opaque {
			continue
		}
		if a, ok := v.api(id, holders); ok {
			return a, nil
		}
	}
	return nil, notFound()
}

func byTitle(a, aID, b, bID string) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(aID, bID))
}
