package authz

import (
	"iter"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz/condition"
)

// Principal is who asks: the object id, and the ids of all groups it belongs to, directly or through other groups.
type Principal struct {
	ID     string
	Groups []string
	// Facts are what conditions on assignments may ask about the question; nil knows nothing, and no condition that asks is met.
	Facts *Facts
}

// Facts are what is known of a question beside who, what and where.
type Facts = condition.Facts

// ids yields every id whose assignments count, in lower case.
func (p Principal) ids() iter.Seq[string] {
	return func(yield func(string) bool) {
		if p.ID != "" && !yield(lower(p.ID)) {
			return
		}
		for _, g := range p.Groups {
			if g != "" && !yield(lower(g)) {
				return
			}
		}
	}
}

// ReadWorkspace is the action that DecideOwn grants to the members of a workspace, and OwnWorkspace the permission that tells them so.
const ReadWorkspace = "Microsoft.ApiManagement/service/workspaces/read"

// OwnWorkspace is what a list of permissions at a workspace shows to those whom SeesOwn covers.
func OwnWorkspace() Permission { return Permission{Actions: []string{ReadWorkspace}}.Complete() }

// Decision is an answer and its reason. What it points to belongs to the index: do not change it.
type Decision struct {
	Allowed    bool
	Assignment *Assignment     // the assignment that allowed it
	Role       *RoleDefinition // the role it gives; nil when membership alone was enough (DecideOwn)
	Deny       *DenyAssignment // the deny assignment that forbade it
	Withheld   *Assignment     // when not allowed: an assignment that would allow it, were its condition met
	Open       bool            // when not allowed: a condition may be met once the facts that come later are known; the caller must ask again with them
}

// String is the answer in the words of checkAccess: Allowed, NotAllowed (no role grants it) or Denied (a deny assignment forbids it).
func (d Decision) String() string {
	switch {
	case d.Allowed:
		return "Allowed"
	case d.Deny != nil:
		return "Denied"
	}
	return "NotAllowed"
}

// Refusal is the 403 of a decision that did not allow. client is the name of the principal, action in catalogue casing.
func (d Decision) Refusal(client string, p Principal, action string, scope arm.ID) *arm.Error {
	switch {
	case d.Deny == nil && d.Withheld != nil:
		return arm.Errorf(http.StatusForbidden, "AuthorizationFailed",
			"The client '%s' with object id '%s' does not have authorization or an ABAC condition not fulfilled to perform action '%s' over scope '%s' or the scope is invalid. If access was recently granted, please refresh your credentials.",
			client, p.ID, action, scope).Over(action, scope)
	case d.Deny == nil:
		return arm.Forbidden(client, p.ID, action, scope)
	}
	return arm.Errorf(http.StatusForbidden, "DenyAssignmentAuthorizationFailed",
		"The client '%s' with object id '%s' has permission to perform action '%s' on scope '%s'; however, the access is denied because of the deny assignment with name '%s' and Id '%s' at scope '%s'.",
		client, p.ID, action, scope, d.Deny.DisplayName, d.Deny.Name, d.Deny.Scope).Over(action, scope)
}

// Decide says whether the principal may perform the action at the scope. A deny assignment that applies decides; otherwise one role
// assignment at the scope or above that grants the action, and whose condition is met if it has one, is enough; otherwise the answer is no.
// Whether the scope exists does not matter.
func (x *Index) Decide(p Principal, action string, scope arm.ID) Decision {
	var room [32]place
	chain := x.chainOf(scope, room[:0])
	want := wantedOf(action)
	if x.denials.size > 0 {
		if deny := x.denied(p, want, scopeKey(scope), chain); deny != nil {
			return Decision{Deny: deny}
		}
	}
	var d Decision
	if x.granted(&d, p.ID, &want, chain, p.Facts) {
		return d
	}
	for _, group := range p.Groups {
		if x.granted(&d, group, &want, chain, p.Facts) {
			return d
		}
	}
	return d
}

// DecideOwn is Decide with one rule added: who holds an assignment at the scope or beneath it is allowed, unless a deny assignment forbids
// it. It is for reading the envelope of a workspace, whose built-in roles lack that action.
func (x *Index) DecideOwn(p Principal, action string, scope arm.ID) Decision {
	d := x.Decide(p, action, scope)
	if d.Allowed || d.Deny != nil || !x.SeesOwn(p, scope) {
		return d
	}
	return Decision{Allowed: true}
}

// granted looks for an assignment of one id along the chain whose role permits the action, and makes it the decision. It notes there what only a
// condition keeps from that.
func (x *Index) granted(d *Decision, id string, want *wanted, chain []place, f *Facts) bool {
	if id == "" {
		return false
	}
	h, ok := x.byPrincipal.get(lower(id))
	if !ok {
		return false
	}
	for i := range chain {
		if h.sieve&sieveBit(chain[i].hash) == 0 {
			continue
		}
		list, _ := h.at.find(chain[i].hash, chain[i].key)
		for n := range list {
			held := &list[n]
			r := x.numbered[held.role]
			if !r.rules.permit(*want) || held.condition != nil && !d.meets(held, want, f) {
				continue
			}
			*d = Decision{Allowed: true, Assignment: held.assignment, Role: &r.definition}
			return true
		}
	}
	return false
}

// meets judges the condition of an assignment that allows the action otherwise.
func (d *Decision) meets(h *held, want *wanted, f *Facts) bool {
	v := h.condition.Judge(want.text(), f)
	if !v.Met && d.Withheld == nil {
		d.Withheld = h.assignment
	}
	d.Open = d.Open || v.Open
	return v.Met
}

// place is one scope on the way from the root to the scope in question, with the hash by which maps find it.
type place struct {
	hash uint64
	key  string
}

// maxManagementGroups bounds the height of the tree of management groups (Azure has six levels), and ends a circle.
const maxManagementGroups = 8

// chainOf is the scope and everything it lies in, appended to chain.
func (x *Index) chainOf(scope arm.ID, chain []place) []place {
	for key := range keysAbove(scopeKey(scope)) {
		chain = append(chain, place{hashOf(key), key})
	}
	if x.above.size == 0 || len(chain) < 2 {
		return chain
	}
	at := chain[1] // the subscription, or the first management group
	if len(chain) > 2 && strings.HasPrefix(scope.Key(), "/providers/") {
		at = chain[2] // /providers/Microsoft.Management is no scope, the group below it is
	}
	for range maxManagementGroups {
		group, ok := x.above.find(at.hash, at.key)
		if !ok {
			break
		}
		at = place{hashOf(group.Key()), group.Key()}
		chain = append(chain, at)
	}
	return chain
}

// scopeKey is the key of ScopeOf(id), without making an id.
func scopeKey(id arm.ID) string {
	key := id.Key()
	if strings.Contains(key, revisionMark) {
		return withoutRevision(key)
	}
	return key
}
