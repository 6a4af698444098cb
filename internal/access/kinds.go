package access

import (
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Directory is what the declarations ask about principals.
type Directory interface {
	// Groups are the ids of all groups that the principal belongs to, directly or through others.
	Groups(objectID string) []string
	// Administrator says whether the principal may change the directory.
	Administrator(objectID string) bool
}

// Kinds are the declarations over an index and a directory.
func Kinds(live *authz.Live, d Directory) []*kind.Kind {
	r := &rules{live, d}
	return []*kind.Kind{r.roleDefinition(), r.roleAssignment(), r.denyAssignment()}
}

// rules are what the declarations share.
type rules struct {
	live      *authz.Live
	directory Directory
}

func (r *rules) caller(c kind.Caller) authz.Caller {
	return authz.Caller{Name: c.Name, Principal: principalOf(r.directory.Groups, c)}
}

// principalOf is the caller as decisions want it.
func principalOf(groups func(objectID string) []string, c kind.Caller) authz.Principal {
	return authz.Principal{ID: c.ObjectID, Groups: slices.Concat(groups(c.ObjectID), c.Groups), Facts: &authz.Facts{Now: time.Now}}
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
func Permissions(live *authz.Live, groups func(objectID string) []string, c kind.Caller, scope arm.ID) []authz.HeldPermission {
	x, p := live.Load(), principalOf(groups, c)
	out := x.Permissions(p, scope)
	if strings.EqualFold(scope.Type(), kind.Workspace) && x.SeesOwn(p, scope) {
		out = append(out, authz.HeldPermission{Permission: authz.OwnWorkspace()})
	}
	return out
}
