package apim

import (
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// transitions are the states that a subscription may go to from each. What was rejected or cancelled stays so: its consumer subscribes anew, and gets new
// keys. Staying in a state is always allowed.
var transitions = map[string][]string{
	"submitted": {"active", "rejected", "cancelled"},
	"active":    {"suspended", "cancelled", "expired"},
	"suspended": {"active", "cancelled", "expired"},
	"expired":   {"active", "cancelled"},
	"rejected":  nil,
	"cancelled": nil,
}

// checkState refuses a change of state that isn't one of the transitions. A new subscription may begin in any state: migrations bring theirs along.
func checkState(w *kind.Typed[Subscription]) error {
	if w.Old == nil || strings.EqualFold(w.Old.State, w.New.State) {
		return nil
	}
	from, to := strings.ToLower(w.Old.State), strings.ToLower(w.New.State)
	next := transitions[from]
	switch {
	case slices.Contains(next, to):
		return nil
	case len(next) == 0:
		return arm.InvalidField("state", "state: a subscription that is %s stays so; make a new one.", from)
	}
	return arm.InvalidField("state", "state: a subscription that is %s can become %s, not %s.", from, strings.Join(next, ", "), to)
}

// dateStates notes when a subscription's keys began and ceased to open something.
func dateStates(s, old *Subscription, now time.Time) {
	switch strings.ToLower(s.State) {
	case "active":
		if s.StartDate == nil {
			s.StartDate = &now
		}
		s.EndDate = nil
	case "cancelled", "expired", "rejected":
		if old == nil || !strings.EqualFold(old.State, s.State) || s.EndDate == nil {
			s.EndDate = &now
		}
	}
}

// checkLimit refuses one subscription more of an owner to a product than the product allows. Those that are over don't count.
func checkLimit(w *kind.Typed[Subscription]) error {
	target, err := scopeOf(w.ID, w.New.Scope)
	if err != nil || !target.product || w.New.OwnerID == "" || over(w.New.State) {
		return nil
	}
	p, ok := kind.Of[Product](w.Lookup, target.id)
	if !ok || p.SubscriptionsLimit == nil {
		return nil
	}
	held := 0
	for _, r := range w.Lookup.Children(homeOf(w.ID), "subscriptions") {
		s, ok := r.Value.(*Subscription)
		if ok && !r.ID.Equal(w.ID) && !over(s.State) && strings.EqualFold(s.OwnerID, w.New.OwnerID) && idOf(s.Scope).Equal(target.id) {
			held++
		}
	}
	if held >= *p.SubscriptionsLimit {
		return arm.InvalidField("scope", "scope: the product allows %d subscriptions to one owner, and this one has %d.", *p.SubscriptionsLimit, held)
	}
	return nil
}

// over says whether a subscription in that state is done with.
func over(state string) bool {
	switch strings.ToLower(state) {
	case "cancelled", "expired", "rejected":
		return true
	}
	return false
}
