package apim

import (
	"net/http"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Product bundles APIs for consumers.
type Product struct {
	DisplayName          string `json:"displayName" rule:"required,max=300"`
	Description          string `json:"description,omitempty" rule:"max=1000"`
	Terms                string `json:"terms,omitempty"`
	SubscriptionRequired *bool  `json:"subscriptionRequired,omitempty"`
	ApprovalRequired     *bool  `json:"approvalRequired,omitempty"`
	SubscriptionsLimit   *int   `json:"subscriptionsLimit,omitempty"`
	State                string `json:"state,omitempty" rule:"enum=published|notPublished"`
}

// NeedsSubscription says whether calls in the product's context need a key; products require one unless they say otherwise.
func (p *Product) NeedsSubscription() bool {
	return p.SubscriptionRequired == nil || *p.SubscriptionRequired
}

func product() *kind.Kind {
	return kind.Entity[Product]{
		Type: "products", Noun: "Product", Under: serviceAndWorkspaces, Names: named(256), Publish: true,
		Filters: "name displayName description terms state groups",
		View:    kind.View{One: "Product", Many: "Products", Summary: "Bundles APIs that consumers subscribe to together.", Columns: []string{"displayName", "state", "subscriptionRequired"}},
		Default: func(w *kind.Typed[Product]) error {
			p := w.New
			if p.SubscriptionRequired == nil {
				p.SubscriptionRequired = ptr(true)
			}
			if p.NeedsSubscription() && p.ApprovalRequired == nil {
				p.ApprovalRequired = ptr(false)
			}
			if p.State == "" {
				p.State = "notPublished"
			}
			return nil
		},
		Validate: func(w *kind.Typed[Product]) error {
			switch p := w.New; {
			case p.SubscriptionsLimit != nil && *p.SubscriptionsLimit < 1: // features M142
				return arm.InvalidField("subscriptionsLimit", "subscriptionsLimit must be at least 1; leave it out for no limit.")
			case !p.NeedsSubscription() && p.ApprovalRequired != nil && *p.ApprovalRequired:
				return arm.InvalidField("approvalRequired", "approvalRequired needs subscriptionRequired: without subscriptions there is nothing to approve.")
			}
			return nil
		},
		Claims: func(w *kind.Typed[Product]) []kind.Claim {
			return []kind.Claim{
				uniqueName(w.ID, "products", "Product"),
				uniqueText(w.ID, "products", "displayName", w.New.DisplayName),
			}
		},
		Remove: func(w *kind.Typed[Product]) error {
			if w.Query.Get("deleteSubscriptions") == "true" {
				return nil
			}
			for _, s := range w.Lookup.Children(homeOf(w.ID), "subscriptions") {
				if v, ok := s.Value.(*Subscription); ok && idOf(v.Scope).Equal(w.ID) {
					return arm.Errorf(http.StatusBadRequest, "ValidationError", "Product '%s' has subscriptions. Delete them first, or say deleteSubscriptions=true.", w.ID.Name())
				}
			}
			return nil
		},
	}.Kind()
}

func ptr[T any](v T) *T { return &v }
