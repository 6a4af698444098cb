package access

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
)

func (r *rules) roleAssignment() *kind.Kind {
	return kind.Entity[authz.Assignment]{
		Namespace: authz.Namespace, Type: "roleAssignments", Noun: "Role assignment", Anywhere: true, Names: kind.Names{Min: 36, Max: 36},
		PutOnly: true, Deleted: true, Filters: "principalId atScope assignedTo",
		View:    kind.View{One: "Role assignment", Many: "Role assignments", Summary: "Gives a role to a person, a group or a program.", Columns: []string{"principalId", "roleDefinitionId", "scope"}},
		Virtual: assignmentCollection{r},
		Facts: func(w *kind.Typed[authz.Assignment]) (request, resource map[string]string) {
			// A write is asked about by what it asks for, a deletion by what is there, as in Azure.
			if w.New != nil {
				return factsOf(w.Lookup, w.New), nil
			}
			return nil, factsOf(w.Lookup, w.Old)
		},
		Default: func(w *kind.Typed[authz.Assignment]) error {
			a, now, by := w.New, time.Now().UTC(), w.Caller.ObjectID
			a.Name, a.Scope = w.ID.Name(), authz.ScopeOf(scopeOf(w.ID))
			a.RoleDefinitionID = roleFrom(a.Scope, a.RoleDefinitionID)
			if a.PrincipalType == "" {
				a.PrincipalType, _ = w.Lookup.Principal(a.PrincipalID)
			}
			if a.Condition != "" && a.ConditionVersion == "" {
				a.ConditionVersion = authz.ConditionVersion
			}
			a.CreatedOn, a.CreatedBy, a.UpdatedOn, a.UpdatedBy = &now, &by, &now, &by
			if w.Old != nil {
				a.CreatedOn, a.CreatedBy = w.Old.CreatedOn, w.Old.CreatedBy
			}
			return nil
		},
		Validate: func(w *kind.Typed[authz.Assignment]) error {
			known, _ := w.Lookup.Principal(w.New.PrincipalID)
			x := r.live.Load()
			if err := authz.CheckAssignment(x, *w.New, known); err != nil {
				return err
			}
			if w.Old == nil {
				return nil
			}
			was := *w.Old
			was.Name = w.ID.Name()
			return authz.CheckAssignmentBound(x, was, *w.New, stored(w.Lookup)).OrNil()
		},
		Refs: func(w *kind.Typed[authz.Assignment]) []kind.Ref {
			// The index that Validate asks may be a moment old; the reference holds in the same transaction that the role is there, and stays.
			name, ok := authz.RoleName(w.New.RoleDefinitionID)
			if role, known := r.live.Load().Role(name); !ok || known && role.Type == authz.BuiltInRole {
				return nil
			}
			return []kind.Ref{{To: Resolve(w.New.RoleDefinitionID), Field: "roleDefinitionId"}}
		},
		Claims: func(w *kind.Typed[authz.Assignment]) []kind.Claim {
			role, _ := authz.RoleName(w.New.RoleDefinitionID)
			return []kind.Claim{
				{
					Space: "roleAssignments|grant", Value: strings.ToLower(w.New.PrincipalID + "|" + role + "|" + w.New.Scope.Key()),
					Refusal: arm.Conflict("RoleAssignmentExists", "The role assignment already exists."),
				},
				{
					Space: "roleAssignments|name", Value: strings.ToLower(w.ID.Name()),
					Refusal: arm.Errorf(400, "RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."),
				},
			}
		},
		Remove: func(w *kind.Typed[authz.Assignment]) error {
			a := *w.Old
			a.Name = w.ID.Name()
			return authz.CheckAssignmentDelete(r.live.Load(), a, stored(w.Lookup)).OrNil()
		},
	}.Kind()
}

func factsOf(l kind.Lookup, a *authz.Assignment) map[string]string {
	known, _ := l.Principal(a.PrincipalID)
	return a.Facts(known)
}

// stored yields every assignment as the transaction sees it: of two that are deleted at once, the second sees the first gone.
func stored(l kind.Lookup) iter.Seq[authz.Assignment] {
	return func(yield func(authz.Assignment) bool) {
		for _, res := range l.Below(arm.Root, roleAssignmentType) {
			a, ok := res.Value.(*authz.Assignment)
			if !ok {
				continue
			}
			named := *a
			named.Name = res.ID.Name()
			if !yield(named) {
				return
			}
		}
	}
}

// roleFrom gives the role's id under the assignment's subscription, the form in which it is shown.
func roleFrom(scope, role arm.ID) arm.ID {
	name, ok := authz.RoleName(role)
	if !ok {
		return role
	}
	root := arm.Root
	if segs := scope.Segments(); len(segs) >= 2 && strings.EqualFold(segs[0], "subscriptions") {
		root, _ = scope.Ancestor(arm.TypeSubscription)
		if strings.EqualFold(scope.Type(), arm.TypeSubscription) {
			root = scope
		}
	}
	return root.Provider(authz.Namespace, "roleDefinitions", name)
}

// assignmentCollection lists what holds at a scope: assignments there, above and below.
type assignmentCollection struct{ *rules }

func (c assignmentCollection) Get(_ kind.Lookup, id arm.ID) (*kind.Resource, bool) {
	a, ok := c.live.Load().Assignment(id.Name())
	if !ok || !a.Scope.Equal(authz.ScopeOf(scopeOf(id))) {
		return nil, false
	}
	return c.resource(a), true
}

func (c assignmentCollection) List(_ kind.Lookup, scope arm.ID, q kind.ListQuery) []kind.Listed {
	scope = authz.ScopeOf(scope)
	var who []string
	if id, ok := q.Filter.Value("assignedTo"); ok {
		who = append([]string{id}, c.directory.Groups(id)...)
	}
	var out []kind.Listed
	for a := range c.live.Load().Assignments() {
		above, below := scope.Within(a.Scope), a.Scope.Within(scope)
		if !above && !below {
			continue
		}
		fields := map[string]any{"atscope": above}
		if slices.ContainsFunc(who, func(id string) bool { return strings.EqualFold(id, a.PrincipalID) }) {
			fields["assignedto"] = who
		}
		out = append(out, kind.Listed{Resource: c.resource(a), Fields: fields})
	}
	slices.SortFunc(out, func(a, b kind.Listed) int { return strings.Compare(a.ID.Key(), b.ID.Key()) })
	return out
}

func (c assignmentCollection) resource(a authz.Assignment) *kind.Resource {
	return &kind.Resource{ID: a.ID(), Value: &a}
}
