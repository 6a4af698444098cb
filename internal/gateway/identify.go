package gateway

import (
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/route"
)

// identify finds the subscription, the product whose documents apply, and the user (policies.md 1.4), and takes the plan that results.
func (x *exchange) identify() error {
	key, given := x.givenKey()
	if !given {
		return x.identifyWithoutKey()
	}
	s := x.subscriptionOf(key)
	if s == nil || !s.active(x.Received) {
		return x.denied(reasonKeyInvalid)
	}
	product, opens := x.opens(s)
	if !opens {
		return x.denied(reasonKeyInvalid)
	}
	facts := s.facts
	facts.Key = key
	x.Subscription, x.User, x.used.subscription = &facts, s.user, s
	return x.enter(product)
}

// identifyWithoutKey takes the open product that holds the API, else the API alone if it needs no subscription.
func (x *exchange) identifyWithoutKey() error {
	for _, p := range x.homes() {
		if open := p.products.open[x.api.id]; open != nil {
			return x.enter(open)
		}
	}
	if x.api.source.SubscriptionRequired {
		return x.denied(reasonKeyMissing)
	}
	return x.enter(nil)
}

// enter takes the plan in the context of a product, nil for none.
func (x *exchange) enter(p *product) error {
	if p == nil {
		return x.usePlan(nil)
	}
	x.Product, x.used.product = &p.facts, p
	return x.usePlan(p.document)
}

// givenKey is the key that the caller sends: in the header, else in the query. Two keys are as good as a wrong one.
func (x *exchange) givenKey() (key string, given bool) {
	lines := 0
	for _, f := range x.Request.Header {
		if strings.EqualFold(f.Name, x.api.keyHeader) {
			key = f.Value
			lines++
		}
	}
	if lines == 0 || lines == 1 && key == "" {
		key, lines = route.QueryValue(x.Request.URL.Query, x.api.keyQuery)
	}
	if lines > 1 {
		return "", true
	}
	return key, key != ""
}

// homes are the parts whose products and keys may open the API: its own, then the service's.
func (x *exchange) homes() []*part {
	own := x.table.parts[x.api.home]
	if own == x.table.service {
		return []*part{own}
	}
	return []*part{own, x.table.service}
}

// subscriptionOf finds whose key it is, nil for nobody's.
func (x *exchange) subscriptionOf(key string) *subscription {
	if key == "" || len(key) > maxKey {
		return nil
	}
	d := digestOf(&x.gateway.digestKey, key)
	own := x.table.parts[x.api.home]
	if s := own.keys.find(d); s != nil || own == x.table.service {
		return s
	}
	return x.table.service.keys.find(d)
}

// opens says whether a subscription opens the API, and in the context of which product.
func (x *exchange) opens(s *subscription) (*product, bool) {
	scope := &s.source.Scope
	switch {
	case s.product != "":
		for _, p := range x.homes() {
			if product := p.products.byID[s.product]; product != nil {
				_, holds := product.apis[x.api.id]
				return product, holds
			}
		}
		return nil, false
	case scope.API != "":
		return nil, scope.API == x.api.id
	case scope.All:
		// Every API of the subscription's own home, and of no other.
		return nil, x.table.parts[x.api.home].keys.of(s.source) == s
	}
	return nil, false
}

// Reasons of keys (policies.md 5.4). What callers read differs in one word from what on-error reads.
const (
	reasonKeyMissing = "SubscriptionKeyNotFound"
	reasonKeyInvalid = "SubscriptionKeyInvalid"

	messageKeyMissing       = "Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API."
	messageKeyMissingPublic = "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API."
	messageKeyInvalid       = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
)

// denied is the error of a missing or wrong key. The API's own policies handle it, without a product's.
func (x *exchange) denied(reason string) error {
	if err := x.usePlan(nil); err != nil {
		return err
	}
	e := &policy.Error{
		Source: "authorization", Reason: reason, Message: messageKeyMissing, Public: messageKeyMissingPublic,
		Section: policy.Inbound.String(), Status: http.StatusUnauthorized,
	}
	if reason == reasonKeyInvalid {
		e.Message, e.Public = messageKeyInvalid, messageKeyInvalid
	}
	u := x.Request.OriginalURL
	u.Path, u.Query = "/"+strings.Trim(x.api.source.Path, "/"), ""
	if x.api.source.VersionScheme == "Segment" && x.api.source.Version != "" {
		u.Path += "/" + x.api.source.Version
	}
	e.Header.Add("WWW-Authenticate", `AzureApiManagementKey realm="`+u.String()+`",name="`+x.api.keyHeader+`",type="header"`)
	return e
}
