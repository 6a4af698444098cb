package apim

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Subscription gives a consumer two keys to a product, an API, or all APIs of its home.
type Subscription struct {
	DisplayName      string     `json:"displayName" rule:"required,max=100"`
	Scope            string     `json:"scope" rule:"required"`
	OwnerID          string     `json:"ownerId,omitempty"`
	State            string     `json:"state,omitempty" rule:"enum=active|cancelled|expired|rejected|submitted|suspended"`
	StateComment     string     `json:"stateComment,omitempty" rule:"max=1000"`
	AllowTracing     bool       `json:"allowTracing"`
	PrimaryKey       string     `json:"primaryKey,omitempty" rule:"min=1,max=256" pattern:"^[!-~]+$" said:"Use visible ASCII characters without blanks."`
	SecondaryKey     string     `json:"secondaryKey,omitempty" rule:"min=1,max=256" pattern:"^[!-~]+$" said:"Use visible ASCII characters without blanks."`
	CreatedDate      *time.Time `json:"createdDate,omitempty"`
	StartDate        *time.Time `json:"startDate,omitempty"`
	EndDate          *time.Time `json:"endDate,omitempty"`
	ExpirationDate   *time.Time `json:"expirationDate,omitempty"`
	NotificationDate *time.Time `json:"notificationDate,omitempty"`
}

func subscription() *kind.Kind {
	return kind.Entity[Subscription]{
		Type: "subscriptions", Noun: "Subscription", Under: serviceAndWorkspaces, Names: named(256), Publish: true,
		Filters: "name displayName stateComment ownerId scope userId productId state user",
		View:    kind.View{One: "Subscription", Many: "Subscriptions", Summary: "Gives a consumer keys to a product or an API.", Columns: []string{"displayName", "scope", "state"}},
		Secrets: func(v *Subscription) []*string { return []*string{&v.PrimaryKey, &v.SecondaryKey} },
		Actions: []kind.Action{
			{Name: "listSecrets", Do: func(c *kind.ActionCall) (any, error) {
				s := c.Value.(*Subscription)
				return map[string]string{"primaryKey": s.PrimaryKey, "secondaryKey": s.SecondaryKey}, nil
			}},
			{Name: "regeneratePrimaryKey", Mutates: true, Status: 204, Do: func(c *kind.ActionCall) (any, error) {
				c.Value.(*Subscription).PrimaryKey = newKey()
				return nil, nil
			}},
			{Name: "regenerateSecondaryKey", Mutates: true, Status: 204, Do: func(c *kind.ActionCall) (any, error) {
				c.Value.(*Subscription).SecondaryKey = newKey()
				return nil, nil
			}},
		},
		Default: defaultSubscription,
		Validate: func(w *kind.Typed[Subscription]) error {
			if _, err := scopeOf(w.ID, w.New.Scope); err != nil {
				return err
			}
			if err := checkState(w); err != nil {
				return err
			}
			return checkLimit(w)
		},
		Refs: func(w *kind.Typed[Subscription]) []kind.Ref {
			var refs []kind.Ref
			if target, err := scopeOf(w.ID, w.New.Scope); err == nil && !target.all {
				refs = append(refs, kind.Ref{To: target.id, Field: "scope", Cascade: true})
			}
			if w.New.OwnerID != "" {
				refs = append(refs, kind.Ref{To: serviceOf(w.ID).Child("users", userName(w.New.OwnerID)), Field: "ownerId", Cascade: true})
			}
			return refs
		},
		Claims: func(w *kind.Typed[Subscription]) []kind.Claim {
			return []kind.Claim{uniqueName(w.ID, "subscriptions", "Subscription")}
		},
	}.Kind()
}

func defaultSubscription(w *kind.Typed[Subscription]) error {
	s := w.New
	if w.Old != nil {
		s.CreatedDate, s.StartDate, s.EndDate = w.Old.CreatedDate, w.Old.StartDate, w.Old.EndDate
		s.PrimaryKey, s.SecondaryKey = cmp.Or(s.PrimaryKey, w.Old.PrimaryKey), cmp.Or(s.SecondaryKey, w.Old.SecondaryKey)
		s.State, s.OwnerID = cmp.Or(s.State, w.Old.State), cmp.Or(s.OwnerID, w.Old.OwnerID)
	}
	if s.CreatedDate == nil {
		now := time.Now().UTC().Truncate(time.Millisecond)
		s.CreatedDate = &now
	}
	if s.State == "" {
		s.State = "submitted"
		if target, err := scopeOf(w.ID, s.Scope); err == nil && !target.product || !approvalNeeded(w, s) {
			s.State = "active"
		}
	}
	dateStates(s, w.Old, time.Now().UTC().Truncate(time.Millisecond))
	s.PrimaryKey, s.SecondaryKey = cmp.Or(s.PrimaryKey, newKey()), cmp.Or(s.SecondaryKey, newKey())
	if target, err := scopeOf(w.ID, s.Scope); err == nil {
		s.Scope = target.text
	}
	if s.OwnerID != "" {
		s.OwnerID = serviceOf(w.ID).Child("users", userName(s.OwnerID)).String()
	}
	return nil
}

// approvalNeeded says whether the product that the subscription is for asks for approval.
func approvalNeeded(w *kind.Typed[Subscription], s *Subscription) bool {
	target, err := scopeOf(w.ID, s.Scope)
	if err != nil || !target.product {
		return false
	}
	p, ok := kind.Of[Product](w.Lookup, target.id)
	return ok && p.ApprovalRequired != nil && *p.ApprovalRequired
}

// newKey is a fresh subscription key: 128 random bits in hexadecimal, the form that clients of the service know.
func newKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// subscriptionScope is what a subscription opens.
type subscriptionScope struct {
	all     bool
	product bool
	id      arm.ID // of the API or product
	text    string // full form of the scope
}

// scopeOf reads a scope in any of the forms that clients write: "/apis", "/apis/{id}", "/products/{id}", or full ids. What it names must lie in
// the subscription's own home.
func scopeOf(subscription arm.ID, text string) (subscriptionScope, error) {
	home := homeOf(subscription)
	full := text
	if !strings.HasPrefix(strings.ToLower(text), "/subscriptions/") {
		full = home.String() + "/" + strings.TrimPrefix(text, "/")
	}
	p, err := arm.ParsePath(full)
	if err != nil {
		return subscriptionScope{}, arm.InvalidField("scope", "scope: %s.", err)
	}
	switch {
	case p.Collection != "" && strings.EqualFold(p.Collection, "apis") && p.ID.Equal(home):
		return subscriptionScope{all: true, text: home.String() + "/apis"}, nil
	case p.Collection == "" && p.ID.Equal(home): // the service or the workspace itself: all APIs
		return subscriptionScope{all: true, text: home.String() + "/apis"}, nil
	case p.Collection == "" && p.ID.Parent().Equal(home) && strings.EqualFold(lastWord(p.ID.Type()), "apis"):
		id := withoutRevision(p.ID)
		return subscriptionScope{id: id, text: id.String()}, nil
	case p.Collection == "" && p.ID.Parent().Equal(home) && strings.EqualFold(lastWord(p.ID.Type()), "products"):
		return subscriptionScope{product: true, id: p.ID, text: p.ID.String()}, nil
	}
	return subscriptionScope{}, arm.InvalidField("scope", "scope must be /apis, /apis/{id} or /products/{id} of the service or workspace that the subscription belongs to, or the full id of one of these.")
}

func lastWord(fullType string) string { return fullType[strings.LastIndexByte(fullType, '/')+1:] }

// ScopeOfSubscription is scopeOf for readers of stored subscriptions: all APIs, or the id of an API or product.
func ScopeOfSubscription(subscription arm.ID, text string) (all, product bool, id arm.ID) {
	s, err := scopeOf(subscription, text)
	if err != nil {
		return false, false, arm.Root
	}
	return s.all, s.product, s.id
}
