package authz

import (
	"iter"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Role is the role of that GUID, built-in or custom.
func (x *Index) Role(name string) (RoleDefinition, bool) {
	r, ok := x.byGUID.get(lower(name))
	if !ok {
		return RoleDefinition{}, false
	}
	return r.definition, true
}

// Roles yields the built-in roles, then the custom ones in the order in which they came.
func (x *Index) Roles() iter.Seq[RoleDefinition] {
	return func(yield func(RoleDefinition) bool) {
		for _, r := range x.numbered {
			if r != nil && !yield(r.definition) {
				return
			}
		}
	}
}

// RoleAssigned says whether anyone holds the role. It looks at every assignment.
func (x *Index) RoleAssigned(name string) bool {
	for a := range x.Assignments() {
		if a.role() == lower(name) {
			return true
		}
	}
	return false
}

// Assignment is the assignment of that GUID.
func (x *Index) Assignment(name string) (Assignment, bool) {
	a, ok := x.byName.get(lower(name))
	if !ok {
		return Assignment{}, false
	}
	return *a, true
}

// Assignments yields every assignment, in no order.
func (x *Index) Assignments() iter.Seq[Assignment] {
	return func(yield func(Assignment) bool) {
		for _, a := range x.byName.all() {
			if !yield(*a) {
				return
			}
		}
	}
}

// AssignmentsOf yields what the principal holds, itself and through its groups, at any scope.
func (x *Index) AssignmentsOf(p Principal) iter.Seq[Assignment] {
	return func(yield func(Assignment) bool) {
		for id := range p.ids() {
			h, ok := x.byPrincipal.get(id)
			if !ok {
				continue
			}
			for _, list := range h.at.all() {
				for _, held := range list {
					if !yield(*held.assignment) {
						return
					}
				}
			}
		}
	}
}

// SeesOwn is HoldsWithin unless the service that the scope lies in, or is, has the rule for members switched off. On this rest the rule that members
// may read the envelope of their own workspace, and the list of a service's workspaces.
func (x *Index) SeesOwn(p Principal, scope arm.ID) bool {
	if !x.HoldsWithin(p, scope) {
		return false
	}
	if x.strict.size == 0 {
		return true
	}
	for key := range keysAbove(scopeKey(scope)) {
		if off, _ := x.strict.get(key); off {
			return false
		}
	}
	return true
}

// HoldsWithin says whether the principal, itself or through a group, holds any assignment at the scope or beneath it.
func (x *Index) HoldsWithin(p Principal, scope arm.ID) bool {
	key := scopeKey(scope)
	for id := range p.ids() {
		if h, ok := x.byPrincipal.get(id); ok {
			if n, _ := h.below.get(key); n > 0 || h.boundWithin(scope, p.Facts) {
				return true
			}
		}
	}
	return false
}

// boundWithin says whether an assignment with a condition counts at the scope: one there or beneath it that would allow its holder to read.
func (h *holder) boundWithin(scope arm.ID, f *Facts) bool {
	for _, held := range h.bound {
		if held.assignment.Scope.Within(ScopeOf(scope)) && held.condition.Judge(lower(ReadWorkspace), f).Met {
			return true
		}
	}
	return false
}

// ScopesWithin yields the scopes at or beneath scope at which the principal holds an assignment, for lists that show a caller only what
// it has access to. A scope may come more than once; assignments with a condition don't count.
func (x *Index) ScopesWithin(p Principal, scope arm.ID) iter.Seq[arm.ID] {
	return func(yield func(arm.ID) bool) {
		if !x.HoldsWithin(p, scope) {
			return
		}
		for a := range x.AssignmentsOf(p) {
			if a.Condition == "" && a.Scope.Within(ScopeOf(scope)) && !yield(a.Scope) {
				return
			}
		}
	}
}

// heldAt are the assignments that the principal holds at the scope or above, by itself or a group.
func (x *Index) heldAt(p Principal, scope arm.ID) iter.Seq[*held] {
	return func(yield func(*held) bool) {
		chain := x.chainOf(scope, nil)
		for id := range p.ids() {
			h, ok := x.byPrincipal.get(id)
			if !ok {
				continue
			}
			for _, at := range chain {
				list, _ := h.at.find(at.hash, at.key)
				for i := range list {
					if !yield(&list[i]) {
						return
					}
				}
			}
		}
	}
}

// HeldPermission is an entry of a role that somebody holds, with the condition under which it is held.
type HeldPermission struct {
	Permission
	Condition        string `json:"condition,omitempty"`
	ConditionVersion string `json:"conditionVersion,omitempty"`
}

// Permissions are the entries of all roles that the principal holds at the scope, by assignments there or above.
func (x *Index) Permissions(p Principal, scope arm.ID) []HeldPermission {
	entries := []HeldPermission{}
	for h := range x.heldAt(p, scope) {
		for _, e := range x.numbered[h.role].definition.Permissions {
			entries = append(entries, HeldPermission{e.Complete(), h.assignment.Condition, h.assignment.ConditionVersion})
		}
	}
	return entries
}
