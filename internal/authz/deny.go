package authz

import (
	"fmt"
	"iter"
)

// denial is a deny assignment ready to decide with.
type denial struct {
	definition DenyAssignment
	rules      *rules
	principals map[string]bool // in lower case; true forbidden, false exempt
	everyone   bool
}

// WithDeny is the index with the deny assignment in the place of any of the same name.
func (x *Index) WithDeny(d DenyAssignment) (*Index, error) {
	compiled, err := compileRules(d.Permissions)
	if err != nil {
		return nil, fmt.Errorf("deny assignment %s: %w", d.Name, err)
	}
	d.Scope = ScopeOf(d.Scope)
	deny := &denial{definition: d, rules: compiled, principals: map[string]bool{}}
	for _, p := range d.Principals {
		deny.principals[lower(p.ID)] = true
		deny.everyone = deny.everyone || p.ID == Everyone
	}
	for _, p := range d.ExcludePrincipals {
		deny.principals[lower(p.ID)] = false
	}
	next := *x.WithoutDeny(d.Name)
	list, _ := next.denials.get(d.Scope.Key())
	next.denials = next.denials.with(d.Scope.Key(), append(list[:len(list):len(list)], deny))
	return &next, nil
}

// WithoutDeny is the index without the deny assignment of that name. It is x itself when there is none.
func (x *Index) WithoutDeny(name string) *Index {
	for key, list := range x.denials.all() {
		for i, deny := range list {
			if lower(deny.definition.Name) != lower(name) {
				continue
			}
			next := *x
			if len(list) == 1 {
				next.denials = x.denials.without(key)
			} else {
				next.denials = x.denials.with(key, append(append([]*denial(nil), list[:i]...), list[i+1:]...))
			}
			return &next
		}
	}
	return x
}

// Deny is the deny assignment of that GUID.
func (x *Index) Deny(name string) (DenyAssignment, bool) {
	for d := range x.Denies() {
		if lower(d.Name) == lower(name) {
			return d, true
		}
	}
	return DenyAssignment{}, false
}

// Denies yields every deny assignment, in no order.
func (x *Index) Denies() iter.Seq[DenyAssignment] {
	return func(yield func(DenyAssignment) bool) {
		for _, list := range x.denials.all() {
			for _, deny := range list {
				if !yield(deny.definition) {
					return
				}
			}
		}
	}
}

// denied is the first deny assignment along the chain that forbids the action to the principal. own is the key of the scope in question.
func (x *Index) denied(p Principal, want wanted, own string, chain []place) *DenyAssignment {
	for i := range chain {
		list, _ := x.denials.find(chain[i].hash, chain[i].key)
		for _, deny := range list {
			if deny.definition.DoNotApplyToChildScopes && chain[i].key != own {
				continue
			}
			if deny.concerns(p) && deny.rules.permit(want) {
				return &deny.definition
			}
		}
	}
	return nil
}

// concerns says whether the principal is meant, itself or through a group, and neither it nor a group of it is exempt.
func (d *denial) concerns(p Principal) bool {
	meant := d.everyone
	for id := range p.ids() {
		forbidden, named := d.principals[id]
		if named && !forbidden {
			return false
		}
		meant = meant || named
	}
	return meant
}
