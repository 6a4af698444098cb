package authz

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz/condition"
)

// Index is everything that is in force at one moment: roles, assignments, deny assignments. It never changes, so any number of goroutines
// may read it without locks; each With method returns the next version and costs the same whatever the index holds. Live carries the
// version in force.
type Index struct {
	byGUID      hamt[*role]       // roles by GUID
	numbered    []*role           // roles by number; nil where one was deleted
	byName      hamt[*Assignment] // assignments by GUID
	byPrincipal hamt[*holder]
	denials     hamt[[]*denial] // deny assignments by the key of their scope
	strict      hamt[bool]      // services whose members don't see the envelope of their own workspace by membership, by key
	above       hamt[arm.ID]    // management group that a subscription or management group lies in, by key
}

// role is a definition ready to decide with.
type role struct {
	definition RoleDefinition
	rules      *rules
	number     int
}

// holder is what one principal holds.
type holder struct {
	at    hamt[[]held] // by the key of the scope
	below hamt[int]    // by the key of any scope: how many assignments without a condition are at or beneath it
	bound []held       // those with a condition
	sieve uint64       // sieveBit of every scope in at, and of some that were; spares most look-ups in at
}

// held is one assignment of a holder. It names its role by number, so that a changed role is in force at once for every assignment of it.
type held struct {
	assignment *Assignment
	role       int
	condition  *condition.Condition // nil for none
}

// New is the index that holds the built-in roles, the given custom ones and the given assignments.
func New(custom []RoleDefinition, assignments []Assignment) (*Index, error) {
	x := &Index{}
	var err error
	for _, d := range builtins() {
		if x, err = x.withRole(d); err != nil {
			return nil, err
		}
	}
	for _, d := range custom {
		if x, err = x.WithRole(d); err != nil {
			return nil, err
		}
	}
	for _, a := range assignments {
		if x, err = x.WithAssignment(a); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// WithRole is the index in which the custom role is as given, whether it is new or changed.
func (x *Index) WithRole(d RoleDefinition) (*Index, error) {
	if old, ok := x.byGUID.get(lower(d.Name)); ok && old.definition.Type == BuiltInRole {
		return nil, fmt.Errorf("role %s: a built-in role cannot be changed", d.Name)
	}
	d.Type = CustomRole
	return x.withRole(d)
}

func (x *Index) withRole(d RoleDefinition) (*Index, error) {
	compiled, err := compileRules(d.Permissions)
	if err != nil {
		return nil, fmt.Errorf("role %s: %w", d.Name, err)
	}
	r := &role{definition: d.Complete(), rules: compiled, number: len(x.numbered)}
	if old, ok := x.byGUID.get(lower(d.Name)); ok {
		r.number = old.number
	}
	next := *x
	next.numbered = make([]*role, max(len(x.numbered), r.number+1))
	copy(next.numbered, x.numbered)
	next.numbered[r.number] = r
	next.byGUID = x.byGUID.with(lower(d.Name), r)
	return &next, nil
}

// ErrRoleAssigned refuses the deletion of a role that someone holds.
var ErrRoleAssigned = errors.New("the role is assigned")

// WithoutRole is the index without a custom role. It is x itself when there is no such role.
func (x *Index) WithoutRole(name string) (*Index, error) {
	r, ok := x.byGUID.get(lower(name))
	switch {
	case !ok:
		return x, nil
	case r.definition.Type == BuiltInRole:
		return nil, fmt.Errorf("role %s: a built-in role cannot be deleted", name)
	case x.RoleAssigned(name):
		return nil, fmt.Errorf("role %s: %w", name, ErrRoleAssigned)
	}
	next := *x
	next.numbered = append([]*role(nil), x.numbered...)
	next.numbered[r.number] = nil
	next.byGUID = x.byGUID.without(lower(name))
	return &next, nil
}

// WithAssignment is the index with the assignment in the place of any of the same name. An assignment that could not be honoured to the
// letter (an unknown role, a condition that can't be read) is an error, never a wider grant.
func (x *Index) WithAssignment(a Assignment) (*Index, error) {
	r, ok := x.byGUID.get(a.role())
	switch {
	case !ok:
		return nil, fmt.Errorf("role assignment %s: role %q does not exist", a.Name, a.RoleDefinitionID)
	case a.PrincipalID == "":
		return nil, fmt.Errorf("role assignment %s: no principal", a.Name)
	}
	given := held{&a, r.number, nil}
	if a.Condition != "" {
		var err error
		if given.condition, err = condition.Compile(a.Condition, patterns); err != nil {
			return nil, fmt.Errorf("role assignment %s: its condition can't be read: %w", a.Name, err)
		}
	}
	next := *x.WithoutAssignment(a.Name)
	a.Scope = ScopeOf(a.Scope)
	next.byName = next.byName.with(lower(a.Name), &a)

	h := holder{}
	if old, ok := next.byPrincipal.get(lower(a.PrincipalID)); ok {
		h = *old
	}
	list, _ := h.at.get(a.Scope.Key())
	h.sieve |= sieveBit(hashOf(a.Scope.Key()))
	h.at = h.at.with(a.Scope.Key(), append(list[:len(list):len(list)], given))
	if given.condition == nil {
		h.below = counted(h.below, a.Scope, +1)
	} else {
		h.bound = append(h.bound[:len(h.bound):len(h.bound)], given)
	}
	next.byPrincipal = next.byPrincipal.with(lower(a.PrincipalID), &h)
	return &next, nil
}

// WithoutAssignment is the index without the assignment of that name. It is x itself when there is none.
func (x *Index) WithoutAssignment(name string) *Index {
	a, ok := x.byName.get(lower(name))
	if !ok {
		return x
	}
	next := *x
	next.byName = x.byName.without(lower(name))

	old, _ := x.byPrincipal.get(lower(a.PrincipalID))
	h := *old
	list, _ := h.at.get(a.Scope.Key())
	rest := without(list, a)
	if a.Condition == "" {
		h.below = counted(h.below, a.Scope, -1)
	} else {
		h.bound = without(h.bound, a)
	}
	if rest != nil {
		h.at = h.at.with(a.Scope.Key(), rest)
	} else {
		h.at = h.at.without(a.Scope.Key())
	}
	if h.at.size == 0 {
		next.byPrincipal = x.byPrincipal.without(lower(a.PrincipalID))
	} else {
		next.byPrincipal = x.byPrincipal.with(lower(a.PrincipalID), &h)
	}
	return &next
}

// without is the list less the assignment; nil when nothing is left.
func without(list []held, a *Assignment) (rest []held) {
	for _, other := range list {
		if other.assignment != a {
			rest = append(rest, other)
		}
	}
	return rest
}

// patterns reads what conditions name as actions, as roles do.
func patterns(text string) (func(string) bool, error) {
	p, err := ParsePattern(text)
	return p.matches, err
}

// WithoutScope is the index after the deletion of a scope: assignments and deny assignments at it and beneath it are gone. It looks at every one.
func (x *Index) WithoutScope(scope arm.ID) *Index {
	for a := range x.Assignments() {
		if a.Scope.Within(scope) {
			x = x.WithoutAssignment(a.Name)
		}
	}
	for d := range x.Denies() {
		if d.Scope.Within(scope) {
			x = x.WithoutDeny(d.Name)
		}
	}
	return x
}

// WithPlacement is the index in which a subscription or management group lies in the given management group, whose assignments it inherits.
func (x *Index) WithPlacement(child, group arm.ID) *Index {
	next := *x
	next.above = x.above.with(child.Key(), group)
	return &next
}

// WithMembers is the index in which members of a service's workspaces see the envelope of their own by membership alone, or don't (DecideOwn).
func (x *Index) WithMembers(service arm.ID, see bool) *Index {
	if _, strict := x.strict.get(service.Key()); strict == !see {
		return x
	}
	next := *x
	if see {
		next.strict = x.strict.without(service.Key())
	} else {
		next.strict = x.strict.with(service.Key(), true)
	}
	return &next
}

// sieveBit is one of 64 bits, by those bits of a hash that a hamt uses last.
func sieveBit(hash uint64) uint64 { return 1 << (hash >> 58) }

// counted adds by to the count of the scope and of everything it lies in.
func counted(m hamt[int], scope arm.ID, by int) hamt[int] {
	for key := range keysAbove(scope.Key()) {
		n, _ := m.get(key)
		if n+by == 0 {
			m = m.without(key)
		} else {
			m = m.with(key, n+by)
		}
	}
	return m
}

// keysAbove yields the keys of the scopes that contain key, from the root down to key itself. Every scope is a run of pairs (type and name,
// "providers" and namespace), so only every second slash ends one.
func keysAbove(key string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield("") || key == "" {
			return
		}
		slashes := 0
		for at := 1; ; {
			i := strings.IndexByte(key[at:], '/')
			if i < 0 {
				break
			}
			at += i
			if slashes++; slashes%2 == 0 && !yield(key[:at]) {
				return
			}
			at++
		}
		yield(key)
	}
}
