package authz

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Bounds on custom roles, those of Azure.
const (
	MaxCustomRoles      = 5000
	maxRoleName         = 512
	maxRoleDescription  = 2048
	maxAssignableScopes = 2000
	maxPermissions      = 100  // entries of one role; Azure writes one
	maxRoleActions      = 5000 // actions of all entries together
)

// Caller is who writes: the principal, and the name by which a refusal calls it.
type Caller struct {
	Name string
	Principal
}

// CheckRole judges a custom role that is about to be written, new or changed. It says nothing of the caller's rights: see CheckRoleRights.
func CheckRole(x *Index, d RoleDefinition) *arm.Error {
	if !isGUID(d.Name) {
		return arm.Errorf(http.StatusBadRequest, "InvalidRoleDefinitionId", "The role definition ID '%s' is not valid. The role definition ID must be a GUID.", clip(d.Name))
	}
	old, exists := x.Role(d.Name)
	if exists && old.Type == BuiltInRole {
		return builtInIsFixed(old)
	}
	if d.Type != "" && !strings.EqualFold(d.Type, CustomRole) {
		return arm.InvalidField("properties.type", "The type of a role that you write is '%s'; '%s' cannot be chosen.", CustomRole, clip(d.Type))
	}
	if err := checkRoleName(x, d, exists); err != nil {
		return err
	}
	if utf8.RuneCountInString(d.Description) > maxRoleDescription {
		return arm.InvalidField("properties.description", "The description has %d characters; %d are allowed.", utf8.RuneCountInString(d.Description), maxRoleDescription)
	}
	if err := checkAssignableScopes(d); err != nil {
		return err
	}
	return checkPermissions(d.Permissions)
}

func builtInIsFixed(d RoleDefinition) *arm.Error {
	return arm.Errorf(http.StatusBadRequest, "RoleDefinitionUpdateNotPermitted",
		"The role definition '%s' is built in and can be neither changed nor deleted. Create a custom role from it instead.", d.RoleName)
}

func checkRoleName(x *Index, d RoleDefinition, exists bool) *arm.Error {
	if strings.TrimSpace(d.RoleName) == "" {
		return arm.Errorf(http.StatusBadRequest, "MissingRoleName", "The role definition has no name. Set properties.roleName.")
	}
	if utf8.RuneCountInString(d.RoleName) > maxRoleName {
		return arm.InvalidField("properties.roleName", "The name has %d characters; %d are allowed.", utf8.RuneCountInString(d.RoleName), maxRoleName)
	}
	customs := 0
	for other := range x.Roles() {
		if other.Type == CustomRole {
			customs++
		}
		if strings.EqualFold(other.RoleName, d.RoleName) && !strings.EqualFold(other.Name, d.Name) {
			return arm.Conflict("RoleDefinitionWithSameNameExists", "A role definition named '%s' exists already. Choose another name.", d.RoleName)
		}
	}
	if !exists && customs >= MaxCustomRoles {
		return arm.Errorf(http.StatusBadRequest, "RoleDefinitionLimitExceeded", "There are %d custom roles, which is the limit. Delete one that is no longer assigned.", customs)
	}
	return nil
}

const managementGroups = "Microsoft.Management/managementGroups"

func checkAssignableScopes(d RoleDefinition) *arm.Error {
	const target = "properties.assignableScopes"
	if n := len(d.AssignableScopes); n == 0 || n > maxAssignableScopes {
		return arm.InvalidField(target, "A role needs 1 to %d assignable scopes; this one has %d.", maxAssignableScopes, n)
	}
	groups := 0
	for _, s := range d.AssignableScopes {
		if s.IsRoot() {
			return arm.InvalidField(target, "A custom role cannot be assignable at '/'. Name management groups, subscriptions, resource groups or resources.")
		}
		if strings.EqualFold(s.Type(), managementGroups) {
			groups++
		}
	}
	if groups > 1 {
		return arm.InvalidField(target, "A role can be assignable at one management group at most; this one names %d.", groups)
	}
	for _, p := range d.Permissions {
		if groups > 0 && len(p.DataActions)+len(p.NotDataActions) > 0 {
			return arm.InvalidField(target, "A role with data actions cannot be assignable at a management group.")
		}
	}
	return nil
}

func checkPermissions(entries []Permission) *arm.Error {
	if len(entries) > maxPermissions {
		return arm.InvalidField("properties.permissions", "A role can have %d permissions at most; this one has %d.", maxPermissions, len(entries))
	}
	total := 0
	for _, p := range entries {
		total += len(p.Actions) + len(p.NotActions) + len(p.DataActions) + len(p.NotDataActions)
		if total > maxRoleActions {
			return arm.InvalidField("properties.permissions", "A role can have %d actions at most.", maxRoleActions)
		}
		for _, list := range []struct {
			field string
			texts []string
			data  bool
		}{
			{"actions", p.Actions, false},
			{"notActions", p.NotActions, false},
			{"dataActions", p.DataActions, true},
			{"notDataActions", p.NotDataActions, true},
		} {
			for _, text := range list.texts {
				if err := checkAction(text, list.data); err != nil {
					err.Target = "properties.permissions." + list.field
					return err
				}
			}
		}
	}
	return nil
}

// checkAction accepts what stands for at least one operation of its plane, and whatever a built-in role contains.
func checkAction(text string, data bool) *arm.Error {
	const code = "InvalidActionOrNotAction"
	p, err := ParsePattern(text)
	if err != nil {
		return arm.Errorf(http.StatusBadRequest, code, "%s.", sentence(err.Error()))
	}
	switch {
	case text == "*", known().covers(p, data), !data && namedByBuiltIn()[lower(text)]:
		return nil
	case known().covers(p, !data) && data:
		return arm.Errorf(http.StatusBadRequest, code, "'%s' is not a data action. List it under actions or notActions.", text)
	case known().covers(p, !data):
		return arm.Errorf(http.StatusBadRequest, code, "'%s' is a data action. List it under dataActions or notDataActions.", text)
	}
	return arm.Errorf(http.StatusBadRequest, code,
		"'%s' does not match any of the actions supported by the providers. GET /providers/Microsoft.Authorization/providerOperations lists them.", text)
}

// CheckRoleDelete judges the deletion of a role that exists.
func CheckRoleDelete(x *Index, d RoleDefinition) *arm.Error {
	switch {
	case d.Type == BuiltInRole:
		return builtInIsFixed(d)
	case x.RoleAssigned(d.Name):
		return arm.Errorf(http.StatusBadRequest, "RoleDefinitionHasAssignments",
			"The role definition '%s' cannot be deleted because there are existing role assignments referencing it. Delete those first.", d.RoleName)
	}
	return nil
}

// CheckRoleRights says whether the caller may perform the action (roleDefinitions write or delete) on every assignable scope of the role
// as it will be and, when it exists, as it is.
func CheckRoleRights(x *Index, by Caller, action string, versions ...RoleDefinition) *arm.Error {
	for _, d := range versions {
		for _, scope := range d.AssignableScopes {
			if !x.Decide(by.Principal, action, scope).Allowed {
				return arm.LinkedForbidden(by.Name, by.ID, action, scope)
			}
		}
	}
	return nil
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func clip(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}
