package access

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
)

func (r *rules) roleDefinition() *kind.Kind {
	k := kind.Entity[authz.RoleDefinition]{
		Namespace: authz.Namespace, Type: "roleDefinitions", Noun: "Role definition", Anywhere: true, Names: kind.Names{Min: 36, Max: 36},
		PutOnly: true, Deleted: true, UpdateStatus: http.StatusCreated, Filters: "roleName type atScopeAndBelow",
		View:    kind.View{One: "Role", Many: "Roles", Summary: "A named list of permissions.", Columns: []string{"roleName", "type"}},
		Virtual: roleCollection{r},
		Default: func(w *kind.Typed[authz.RoleDefinition]) error {
			d, now, by := w.New, time.Now().UTC(), w.Caller.ObjectID
			d.Name, d.Type = w.ID.Name(), authz.CustomRole
			d.CreatedOn, d.CreatedBy, d.UpdatedOn, d.UpdatedBy = &now, &by, &now, &by
			if w.Old != nil {
				d.CreatedOn, d.CreatedBy = w.Old.CreatedOn, w.Old.CreatedBy
			}
			return nil
		},
		Validate: func(w *kind.Typed[authz.RoleDefinition]) error {
			x := r.live.Load()
			if err := authz.CheckRole(x, *w.New); err != nil {
				return err
			}
			versions := []authz.RoleDefinition{*w.New}
			if w.Old != nil {
				versions = append(versions, *w.Old)
			}
			if w.Caller.ObjectID == "" {
				return nil
			}
			return authz.CheckRoleRights(x, r.caller(w.Caller), roleDefinitionType+"/write", versions...).OrNil()
		},
		Claims: func(w *kind.Typed[authz.RoleDefinition]) []kind.Claim {
			return []kind.Claim{{
				Space: "roleDefinitions|roleName", Value: strings.ToLower(w.New.RoleName),
				Refusal: arm.Conflict("RoleDefinitionWithSameNameExists", "A custom role with the name '%s' exists already in this directory. Choose another name.", w.New.RoleName),
			}}
		},
		Remove: func(w *kind.Typed[authz.RoleDefinition]) error {
			x, d := r.live.Load(), *w.Old
			d.Name = w.ID.Name()
			if err := authz.CheckRoleDelete(x, d); err != nil {
				return err
			}
			return authz.CheckRoleRights(x, r.caller(w.Caller), roleDefinitionType+"/delete", d).OrNil()
		},
	}
	return k.Kind()
}

// roleCollection reads roles: the built-in ones and the custom ones, under whatever scope they are named.
type roleCollection struct{ *rules }

func (c roleCollection) Get(_ kind.Lookup, id arm.ID) (*kind.Resource, bool) {
	d, ok := c.live.Load().Role(id.Name())
	if !ok {
		return nil, false
	}
	return c.resource(d, scopeOf(id)), true
}

// List returns the roles that may be assigned at the scope; with atScopeAndBelow() also those that may be assigned below it only.
func (c roleCollection) List(_ kind.Lookup, scope arm.ID, q kind.ListQuery) []kind.Listed {
	deep := q.Filter.Names("atScopeAndBelow")
	var out []kind.Listed
	for d := range c.live.Load().Roles() {
		below := func(s arm.ID) bool { return s.Within(scope) }
		if d.AssignableAt(scope) || deep && slices.ContainsFunc(d.AssignableScopes, below) {
			out = append(out, kind.Listed{Resource: c.resource(d, scope), Fields: map[string]any{"atscopeandbelow": true}})
		}
	}
	return out
}

func (c roleCollection) resource(d authz.RoleDefinition, scope arm.ID) *kind.Resource {
	whole := d.Complete()
	return &kind.Resource{ID: d.ID(scope), Value: &whole}
}
