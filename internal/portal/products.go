package portal

import "net/http"

// shownProduct is a product on the wire; lists show its first three fields.
type shownProduct struct {
	productSummary
	Terms          string  `json:"terms"`
	ApprovalNeeded bool    `json:"approvalNeeded"`
	KeyNeeded      bool    `json:"keyNeeded"`
	APIs           []named `json:"apis"`
}

type productSummary struct {
	named
	Description string `json:"description"`
}

// named is a reference to something that has a page.
type named struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func (p *product) named() named { return named{p.opaque, p.DisplayName} }

func (p *product) summary() productSummary { return productSummary{p.named(), p.Description} }

// approvalNeeded says whether subscriptions wait for an approval.
func (p *product) approvalNeeded() bool {
	return p.NeedsSubscription() && p.ApprovalRequired != nil && *p.ApprovalRequired
}

func (p *portal) listProducts(_ http.ResponseWriter, r *http.Request) (any, error) {
	out := []productSummary{}
	err := p.view(r, func(v *view) error {
		for _, product := range v.products() {
			out = append(out, product.summary())
		}
		return nil
	})
	return map[string]any{"products": out}, err
}

func (p *portal) getProduct(_ http.ResponseWriter, r *http.Request) (any, error) {
	var out shownProduct
	err := p.view(r, func(v *view) error {
		found, err := v.product(r.PathValue("product"))
		if err != nil {
			return err
		}
		out = shownProduct{
			productSummary: found.summary(), Terms: found.Terms, ApprovalNeeded: found.approvalNeeded(), KeyNeeded: found.NeedsSubscription(), APIs: []named{},
		}
		for _, a := range v.in(found) {
			out.APIs = append(out.APIs, a.named())
		}
		return nil
	})
	return out, err
}
