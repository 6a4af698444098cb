package portal

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
)

// active is the state of subscriptions whose keys open something.
const active = "active"

// maxSubscriptions is how many subscriptions one person may have, whatever their state.
const maxSubscriptions = 200

// shownSubscription is one of the person's own.
type shownSubscription struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	State   string    `json:"state"`
	Created time.Time `json:"created"`
	Product *named    `json:"product"`
	APIs    []string  `json:"apis"`
}

// subscription is one of the person's own.
type subscription struct {
	id     arm.ID
	opaque string
	*apim.Subscription
	state  string // now
	all    bool   // opens every API of its home
	target arm.ID // else the API or product that it opens
}

// subscriptions are the person's own, the newest first.
func (v *view) subscriptions() []subscription {
	var out []subscription
	for _, id := range v.person.subscriptions {
		res, ok := v.Get(id)
		if !ok {
			continue
		}
		s, ok := res.Value.(*apim.Subscription)
		if !ok {
			continue
		}
		own := subscription{id: res.ID, opaque: v.portal.ids.of(res.ID), Subscription: s, state: strings.ToLower(s.State)}
		if end := s.ExpirationDate; own.state == active && end != nil && !v.portal.Now().Before(*end) {
			own.state = "expired" // as gateways see it
		}
		own.all, _, own.target = apim.ScopeOfSubscription(res.ID, s.Scope)
		out = append(out, own)
	}
	slices.SortFunc(out, func(a, b subscription) int {
		if c := b.created().Compare(a.created()); c != 0 {
			return c
		}
		return strings.Compare(a.opaque, b.opaque)
	})
	return out
}

func (s subscription) created() time.Time {
	if s.CreatedDate == nil {
		return time.Time{}
	}
	return *s.CreatedDate
}

// opens says whether the subscription's key opens an API, as a gateway would.
func (s subscription) opens(a *api) bool {
	if s.all {
		return homeOf(a.id).Equal(homeOf(s.id))
	}
	return a.id.Equal(s.target) || slices.ContainsFunc(a.products, func(p *product) bool { return p.id.Equal(s.target) })
}

// shown is the subscription on the wire. Of what it opens it names only what the person may see.
func (s subscription) shown(apis []*api, products []*product) shownSubscription {
	out := shownSubscription{ID: s.opaque, Name: s.DisplayName, State: s.state, Created: s.created(), APIs: []string{}}
	for _, p := range products {
		if p.id.Equal(s.target) {
			name := p.named()
			out.Product = &name
		}
	}
	for _, a := range apis {
		if s.opens(a) {
			out.APIs = append(out.APIs, a.opaque)
		}
	}
	return out
}

func (p *portal) listSubscriptions(_ http.ResponseWriter, r *http.Request) (any, error) {
	out := []shownSubscription{}
	err := p.viewOwn(r, func(v *view) error {
		apis, products := v.apis(), v.products()
		for _, s := range v.subscriptions() {
			out = append(out, s.shown(apis, products))
		}
		return nil
	})
	return map[string]any{"subscriptions": out}, err
}

// keys open what their subscription is for.
type keys struct {
	Primary   string `json:"primary"`
	Secondary string `json:"secondary"`
}

// revealKeys tells the owner of an active subscription its keys.
func (p *portal) revealKeys(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := decode(w, r, maxBody, &struct{}{}); err != nil {
		return nil, err
	}
	var out keys
	err := p.viewOwn(r, func(v *view) error {
		for _, s := range v.subscriptions() {
			switch {
			case s.opaque != r.PathValue("subscription"):
			case s.state != active:
				return conflict("NotActive", "This subscription is not active, so its keys are not shown.")
			default:
				out = keys{s.PrimaryKey, s.SecondaryKey}
				return nil
			}
		}
		return notFound()
	})
	return out, err
}

// wish is the body of a subscribing.
type wish struct {
	Product       string `json:"product"`
	Name          string `json:"name"`
	TermsAccepted bool   `json:"termsAccepted"`
}

// subscribe makes a subscription to a product, in the home that the product has.
func (p *portal) subscribe(w http.ResponseWriter, r *http.Request) (any, error) {
	var wanted wish
	if err := decode(w, r, maxBody, &wanted); err != nil {
		return nil, err
	}
	if wanted.Name = strings.TrimSpace(wanted.Name); wanted.Name == "" {
		return nil, invalid("name", "Give the subscription a name.")
	}
	if utf8.RuneCountInString(wanted.Name) > 100 || strings.ContainsFunc(wanted.Name, unicode.IsControl) {
		return nil, invalid("name", "The name must have at most 100 characters, without line breaks.")
	}
	p.subscribing.Lock()
	defer p.subscribing.Unlock()
	var who *person
	var to *product
	err := p.viewOwn(r, func(v *view) (err error) {
		who = v.person
		if to, err = v.product(wanted.Product); err != nil {
			return err
		}
		return v.maySubscribe(to, wanted)
	})
	if err != nil {
		return nil, err
	}
	id, err := p.addSubscription(r, who, to, wanted.Name)
	if err != nil {
		return nil, err
	}
	var out shownSubscription
	err = p.viewOwn(r, func(v *view) error {
		for _, s := range v.subscriptions() {
			if s.id.Equal(id) {
				out = s.shown(v.apis(), v.products())
				return nil
			}
		}
		return notFound()
	})
	return &created{out}, err
}

// maySubscribe refuses what the product or its limits forbid.
func (v *view) maySubscribe(to *product, wanted wish) error {
	if !to.NeedsSubscription() {
		return conflict("NoKeyNeeded", "This product needs no subscription: its APIs can be called without a key.")
	}
	if strings.TrimSpace(to.Terms) != "" && !wanted.TermsAccepted {
		return invalid("termsAccepted", "Accept the terms of use of this product first.")
	}
	own, open := v.subscriptions(), 0
	for _, s := range own {
		switch s.state {
		case active, "submitted", "suspended":
			if s.target.Equal(to.id) {
				open++
			}
		}
	}
	if limit := to.SubscriptionsLimit; limit != nil && open >= *limit {
		return conflict("LimitReached", "You have %d subscriptions to this product, and it allows no more at one time.", open)
	}
	if len(own) >= maxSubscriptions {
		return conflict("LimitReached", "You have %d subscriptions, which is as many as one person may have.", len(own))
	}
	return nil
}

// addSubscription writes the subscription as the person. Its state is the kind's to choose: submitted when the product asks for approval.
func (p *portal) addSubscription(r *http.Request, who *person, to *product, name string) (arm.ID, error) {
	var random [12]byte
	_, _ = rand.Read(random[:]) // never fails
	id := homeOf(to.id).Child("subscriptions", hex.EncodeToString(random[:]))
	body, err := json.Marshal(map[string]any{"properties": map[string]any{"displayName": name, "scope": to.id.String(), "ownerId": who.id.String()}})
	if err != nil {
		return id, err
	}
	call := &control.Call{
		ObjectID: who.id.Name(), Name: who.user.Email, IP: peer(r), Request: rand.Text(), Query: url.Values{}, System: true,
	}
	_, err = p.Control.Put(r.Context(), call, id, body)
	var refused *arm.Error
	if errors.As(err, &refused) && refused.Status < http.StatusInternalServerError {
		// It was valid a moment ago: the product or the person has changed meanwhile.
		return id, conflict("Changed", "The product changed while you subscribed. Look at it again.")
	}
	return id, err
}
