package access

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
)

const denyAssignmentType = authz.Namespace + "/denyAssignments"

// denyAssignment forbids whatever roles say. In Azure the platform makes them; here directory administrators do, who no role and no deny
// assignment can keep from it: otherwise one that forbids everything to everybody could never be taken back.
func (r *rules) denyAssignment() *kind.Kind {
	return kind.Entity[authz.DenyAssignment]{
		Namespace: authz.Namespace, Type: "denyAssignments", Noun: "Deny assignment", Anywhere: true, Names: kind.Names{Min: 36, Max: 36},
		PutOnly: true, Deleted: true, Filters: "denyAssignmentName principalId gdprExportPrincipalId atScope",
		View:      kind.View{One: "Deny assignment", Many: "Deny assignments", Summary: "Forbids actions to people, groups or programs, whatever their roles.", Columns: []string{"denyAssignmentName", "scope"}},
		Virtual:   denyCollection{r},
		WrittenBy: func(c kind.Caller) bool { return r.directory.Administrator(c.ObjectID) },
		Default: func(w *kind.Typed[authz.DenyAssignment]) error {
			*w.New = w.New.Complete()
			w.New.Name, w.New.Scope, w.New.IsSystemProtected = w.ID.Name(), authz.ScopeOf(scopeOf(w.ID)), false
			return nil
		},
		Validate: func(w *kind.Typed[authz.DenyAssignment]) error { return authz.CheckDeny(*w.New).OrNil() },
		Claims: func(w *kind.Typed[authz.DenyAssignment]) []kind.Claim {
			return []kind.Claim{{
				Space: "denyAssignments|name", Value: strings.ToLower(w.ID.Name()),
				Refusal: arm.Conflict("DenyAssignmentExists", "A deny assignment with the ID '%s' exists at another scope. Use another ID.", w.ID.Name()),
			}}
		},
	}.Kind()
}

// denyCollection lists what holds at a scope: deny assignments there, above and below.
type denyCollection struct{ *rules }

func (c denyCollection) Get(_ kind.Lookup, id arm.ID) (*kind.Resource, bool) {
	d, ok := c.live.Load().Deny(id.Name())
	if !ok || !d.Scope.Equal(authz.ScopeOf(scopeOf(id))) {
		return nil, false
	}
	return &kind.Resource{ID: d.ID(), Value: &d}, true
}

func (c denyCollection) List(_ kind.Lookup, scope arm.ID, q kind.ListQuery) []kind.Listed {
	scope = authz.ScopeOf(scope)
	var out []kind.Listed
	for d := range c.live.Load().Denies() {
		above, below := scope.Within(d.Scope), d.Scope.Within(scope)
		if !above && !below {
			continue
		}
		fields := map[string]any{"atscope": above}
		for _, field := range []string{"principalId", "gdprExportPrincipalId"} {
			if id, ok := q.Filter.Value(field); ok && d.Names(append(slices.Clone(c.directory.Groups(id)), id)...) {
				fields[strings.ToLower(field)] = id
			}
		}
		out = append(out, kind.Listed{Resource: &kind.Resource{ID: d.ID(), Value: &d}, Fields: fields})
	}
	slices.SortFunc(out, func(a, b kind.Listed) int { return strings.Compare(a.ID.Key(), b.ID.Key()) })
	return out
}
