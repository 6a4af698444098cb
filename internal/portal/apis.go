package portal

import (
	"net/http"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/kind"
)

type apiSummary struct {
	named
	Description string `json:"description"`
	Version     string `json:"version"`
}

// shownAPI is an API with the light list of its operations.
type shownAPI struct {
	apiSummary
	Address    string             `json:"address"`
	Key        *shownKey          `json:"key"`
	Operations []operationSummary `json:"operations"`
	Products   []named            `json:"products"`
}

// shownKey names the header that carries the subscription key.
type shownKey struct {
	Header string `json:"header"`
}

func (a *api) named() named { return named{a.opaque, either(a.DisplayName, "API")} }

func (a *api) summary() apiSummary { return apiSummary{a.named(), a.Description, a.APIVersion} }

func (p *portal) listAPIs(_ http.ResponseWriter, r *http.Request) (any, error) {
	out := []apiSummary{}
	err := p.view(r, func(v *view) error {
		for _, a := range v.apis() {
			out = append(out, a.summary())
		}
		return nil
	})
	return map[string]any{"apis": out}, err
}

func (p *portal) getAPI(_ http.ResponseWriter, r *http.Request) (any, error) {
	var out shownAPI
	err := p.view(r, func(v *view) error {
		a, err := v.findAPI(r.PathValue("api"))
		if err != nil {
			return err
		}
		out = shownAPI{apiSummary: a.summary(), Address: v.address(a), Key: v.key(a), Operations: v.operations(a), Products: []named{}}
		for _, product := range a.products {
			out.Products = append(out.Products, product.named())
		}
		return nil
	})
	return out, err
}

// in are the APIs of a visible product, in order of their titles.
func (v *view) in(p *product) []*api {
	var out []*api
	for _, id := range p.apis {
		if a, ok := v.api(id, nil); ok {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b *api) int { return byTitle(a.DisplayName, a.opaque, b.DisplayName, b.opaque) })
	return out
}

// key says in which header calls of an API carry a key, nil when they need none. As at the gateway, a product that asks for no subscription
// opens the APIs that it holds, whether it is visible or not.
func (v *view) key(a *api) *shownKey {
	if !a.NeedsSubscription() {
		return nil
	}
	for _, link := range v.Referrers(a.id) {
		if !isType(link, "products/apiLinks") {
			continue
		}
		if p, ok := kind.Of[apim.Product](v, link.Parent()); ok && !p.NeedsSubscription() {
			return nil
		}
	}
	header := apim.DefaultKeyHeader
	if a.KeyNames != nil {
		header = either(a.KeyNames.Header, header)
	}
	return &shownKey{header}
}

// address is where an API is called; "" when no gateway serves it.
func (v *view) address(a *api) string {
	host, ok := v.gatewayOf(homeOf(a.id))
	if !ok {
		return ""
	}
	base := strings.TrimSuffix(v.portal.GatewayURL(a.scheme(), host), "/")
	if path := strings.Trim(a.Path, "/"); path != "" {
		base += "/" + path
	}
	return base
}

// scheme is the one that calls of an API had best use.
func (a *api) scheme() string {
	has := func(p string) bool {
		return slices.ContainsFunc(a.Protocols, func(s string) bool { return strings.EqualFold(s, p) })
	}
	if has("http") && !has("https") {
		return "http"
	}
	return "https"
}
