package authz

import (
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz/condition"
)

// Namespace is the resource provider of roles and assignments.
const Namespace = "Microsoft.Authorization"

// The two kinds of role, as properties.type says them.
const (
	BuiltInRole = "BuiltInRole"
	CustomRole  = "CustomRole"
)

// RoleDefinition is a named list of permissions. The JSON form is that of a role definition's properties; Name is outside of them.
type RoleDefinition struct {
	Name             string       `json:"-"` // a GUID
	RoleName         string       `json:"roleName"`
	Description      string       `json:"description"`
	Type             string       `json:"type"` // BuiltInRole or CustomRole
	AssignableScopes []arm.ID     `json:"assignableScopes"`
	Permissions      []Permission `json:"permissions"`
	CreatedOn        *time.Time   `json:"createdOn"`
	UpdatedOn        *time.Time   `json:"updatedOn"`
	CreatedBy        *string      `json:"createdBy"`
	UpdatedBy        *string      `json:"updatedBy"`
}

// ID is the role as seen from a scope; a built-in role has one id under every scope, and one without any (arm.Root).
func (d RoleDefinition) ID(scope arm.ID) arm.ID {
	return scope.Provider(Namespace, "roleDefinitions", d.Name)
}

// AssignableAt says whether the role may be assigned at the scope: at or below one of its assignable scopes.
func (d RoleDefinition) AssignableAt(scope arm.ID) bool {
	scope = ScopeOf(scope)
	for _, s := range d.AssignableScopes {
		if scope.Within(ScopeOf(s)) {
			return true
		}
	}
	return false
}

// Complete is the role with empty lists in the place of absent ones, as it is shown to clients.
func (d RoleDefinition) Complete() RoleDefinition {
	permissions := make([]Permission, len(d.Permissions))
	for i, p := range d.Permissions {
		permissions[i] = p.Complete()
	}
	d.Permissions = permissions
	if d.AssignableScopes == nil {
		d.AssignableScopes = []arm.ID{}
	}
	return d
}

// RoleName returns the GUID in a role definition's id, which may stand under any scope or under none, and whether the id is one.
func RoleName(id arm.ID) (string, bool) {
	segments := id.Segments()
	n := len(segments)
	if n < 4 || !strings.EqualFold(segments[n-4], "providers") || !strings.EqualFold(segments[n-3], Namespace) ||
		!strings.EqualFold(segments[n-2], "roleDefinitions") {
		return "", false
	}
	return segments[n-1], true
}

// ScopeOf is the scope that an id stands for in access control: the id itself, except that every revision of an API is the API.
func ScopeOf(id arm.ID) arm.ID {
	if !strings.Contains(id.Key(), revisionMark) {
		return id
	}
	// Dropping a suffix of a segment cannot make a valid id invalid: the segment is a name and stays non-empty.
	cut, err := arm.ParseID(withoutRevision(id.String()))
	if err != nil {
		return id
	}
	return cut
}

const revisionMark = ";rev="

// withoutRevision drops ";rev=n" from the names of APIs in the text of an id.
func withoutRevision(text string) string {
	segments := strings.Split(text, "/")
	for i := 1; i < len(segments); i++ {
		if at := strings.Index(lower(segments[i]), revisionMark); at > 0 && lower(segments[i-1]) == "apis" {
			segments[i] = segments[i][:at]
		}
	}
	return strings.Join(segments, "/")
}

// isGUID says whether s is written as 8-4-4-4-12 hexadecimal digits.
func isGUID(s string) bool { return condition.IsGUID(strings.ToLower(s)) }
