package access

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Kinds are the declarations over an index, and the directory's answer to who belongs to which groups.
func Kinds(live *authz.Live, groups func(objectID string) []string) []*kind.Kind {
	r := &rules{live, groups}
	return []*kind.Kind{r.roleDefinition(), r.roleAssignment()}
}

// rules are what the declarations share.
type rules struct {
	live   *authz.Live
	groups func(objectID string) []string
}

func (r *rules) caller(c kind.Caller) authz.Caller {
	return authz.Caller{Name: c.Name, Principal: authz.Principal{ID: c.ObjectID, Groups: r.groups(c.ObjectID)}}
}

// scopeOf is the scope that an extension resource stands in.
func scopeOf(id arm.ID) arm.ID { return id.Parent() }

// Resolve maps every id of a role definition to the one under which it is stored: roles belong to the tenant and are named from any scope.
func Resolve(id arm.ID) arm.ID {
	if name, ok := authz.RoleName(id); ok {
		return arm.Root.Provider(authz.Namespace, "roleDefinitions", name)
	}
	return id
}

// Permissions are the entries of the roles that the caller holds at a scope, and what the rule for members of a workspace adds.
func Permissions(live *authz.Live, groups func(objectID string) []string, c kind.Caller, scope arm.ID) []authz.Permission {
	x, p := live.Load(), authz.Principal{ID: c.ObjectID, Groups: groups(c.ObjectID)}
	out := []authz.Permission{}
	for _, e := range x.Permissions(p, scope) {
		out = append(out, e.Complete())
	}
	if strings.EqualFold(scope.Type(), kind.Workspace) && x.HoldsWithin(p, scope) {
		out = append(out, authz.OwnWorkspace())
	}
	return out
}
