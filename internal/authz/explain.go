package authz

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Grant is one assignment that allows an action, and how.
type Grant struct {
	Assignment Assignment
	Role       RoleDefinition
	Pattern    string // of the role, in its own casing
	Through    string // id under which the principal holds it: its own, or a group's
	// Unmet is the part of the assignment's condition that keeps it from allowing the action; "" when nothing does. Unanswered says that this is because
	// what the part asks for is not known.
	Unmet      string
	Unanswered bool
}

// Explanation is a decision with everything that bears on it, for people. It is slower than a decision by far.
type Explanation struct {
	Decision
	DenyPattern string           // of the deny assignment that decided
	Grants      []Grant          // every assignment that allows the action, whether or not a deny assignment forbids it
	Withheld    []Grant          // every assignment that would allow the action, were its condition met
	Least       []RoleDefinition // when nothing allows it: roles that would at this scope, the one that permits least first
}

// Explain decides as Decide does, or as DecideOwn when members may read what the action names, and says why.
func (x *Index) Explain(p Principal, action string, scope arm.ID) Explanation {
	e := Explanation{Decision: x.Decide(p, action, scope)}
	if MembersRead(action, scope) {
		e.Decision = x.DecideOwn(p, action, scope)
	}
	if e.Deny != nil {
		e.DenyPattern, _ = decidingPattern(e.Deny.Permissions, action)
	}
	for _, g := range x.grants(p, action, scope) {
		if g.Unmet == "" {
			e.Grants = append(e.Grants, g)
		} else {
			e.Withheld = append(e.Withheld, g)
		}
	}
	if !e.Allowed && len(e.Grants)+len(e.Withheld) == 0 {
		e.Least = x.leastRoles(action, scope)
	}
	return e
}

// MembersRead says whether the rule for members (DecideOwn) covers the action: the envelope of a workspace, and of a subscription, which lead there.
func MembersRead(action string, scope arm.ID) bool {
	switch strings.ToLower(scope.Type()) {
	case strings.ToLower(typeWorkspace):
		return strings.EqualFold(action, ReadWorkspace)
	case strings.ToLower(arm.TypeSubscription):
		return strings.EqualFold(action, arm.TypeSubscription+"/read")
	}
	return false
}

const typeWorkspace = "Microsoft.ApiManagement/service/workspaces"

func (x *Index) grants(p Principal, action string, scope arm.ID) []Grant {
	var out []Grant
	for h := range x.heldAt(p, scope) {
		role := x.numbered[h.role].definition
		pattern, ok := decidingPattern(role.Permissions, action)
		if !ok {
			continue
		}
		g := Grant{Assignment: *h.assignment, Role: role, Pattern: pattern, Through: h.assignment.PrincipalID}
		if h.condition != nil {
			g.Unmet, g.Unanswered = h.condition.Why(lower(action), p.Facts)
		}
		out = append(out, g)
	}
	return out
}

// decidingPattern is the pattern by which a list of permissions covers the action: the first that matches in an entry that takes nothing of it away.
func decidingPattern(entries []Permission, action string) (string, bool) {
	op, _ := FindOperation(action)
	for _, e := range entries {
		some, not := e.Actions, e.NotActions
		if op.IsDataAction {
			some, not = e.DataActions, e.NotDataActions
		}
		if anyText(not, action) != "" {
			continue
		}
		if text := anyText(some, action); text != "" {
			return text, true
		}
	}
	return "", false
}

func anyText(patterns []string, action string) string {
	for _, text := range patterns {
		if p, err := ParsePattern(text); err == nil && p.Matches(action) {
			return text
		}
	}
	return ""
}

// maxLeast is how many roles an explanation names.
const maxLeast = 3

// leastRoles are roles that would allow the action at the scope, those first that permit the fewest operations beside it.
func (x *Index) leastRoles(action string, scope arm.ID) []RoleDefinition {
	want := wantedOf(action)
	var fit []*role
	for _, r := range x.numbered {
		if r != nil && r.rules.permit(want) && (r.definition.AssignableAt(scope) || x.placedWithin(scope, r.definition)) {
			fit = append(fit, r)
		}
	}
	slices.SortStableFunc(fit, func(a, b *role) int {
		return cmp.Or(cmp.Compare(a.rules.size(), b.rules.size()), cmp.Compare(a.definition.RoleName, b.definition.RoleName))
	})
	var out []RoleDefinition
	for _, r := range fit[:min(len(fit), maxLeast)] {
		out = append(out, r.definition)
	}
	return out
}

// size is how many operations of the catalogue the rules permit.
func (r *rules) size() int {
	n := 0
	for _, word := range r.granted {
		n += bits.OnesCount64(word)
	}
	return n
}
