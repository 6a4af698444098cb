package authz

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/arm"
)

//go:embed builtin_roles.jsonl
var builtinFile string

// GUIDs of the built-in roles that the product itself assigns or speaks of.
const (
	Owner                        = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
	Contributor                  = "b24988ac-6180-42a0-ab88-20f7382dd24c"
	Reader                       = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
	UserAccessAdministrator      = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
	ServiceContributor           = "312a565d-c81f-4fd8-895a-4e21e48d571c"
	ServiceReader                = "71522526-b88f-4d52-b57f-d31fc3546d0d"
	ServiceWorkspaceAPIDeveloper = "9565a273-41b9-4368-97d2-aeb0c976a9b3"
	ServiceWorkspaceAPIProduct   = "d59a3e9c-6d52-4a5a-aeed-6bf3cf0e31da"
	WorkspaceContributor         = "0c34c906-8d99-4cb7-8bb7-33f5b0a1a799"
	WorkspaceReader              = "ef1c2c96-4a77-49e8-b9a4-6179fe1d2fd2"
	WorkspaceAPIDeveloper        = "56328988-075d-4c6a-8766-d93edd6725b6"
	WorkspaceAPIProductManager   = "73c2c328-d004-4c5e-938c-35c6f5679a1f"
	DeveloperPortalContentEditor = "c031e6a8-4391-4de0-8d69-4706a7ed3729"
	AccessControlAdministrator   = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
)

// BuiltInRoles are the roles that exist everywhere and cannot be changed. The result is the caller's own.
func BuiltInRoles() []RoleDefinition {
	roles := make([]RoleDefinition, len(builtins()))
	copy(roles, builtins())
	return roles
}

// builtins panics on a file that does not read; a test reads it.
var builtins = sync.OnceValue(func() []RoleDefinition {
	var roles []RoleDefinition
	for line := range strings.Lines(builtinFile) {
		var named struct {
			Name string `json:"name"`
			RoleDefinition
		}
		if err := json.Unmarshal([]byte(line), &named); err != nil {
			panic(fmt.Sprintf("built-in role %d: %v", len(roles)+1, err))
		}
		role := named.RoleDefinition
		role.Name, role.Type, role.AssignableScopes = named.Name, BuiltInRole, []arm.ID{arm.Root}
		roles = append(roles, role.Complete())
	}
	return roles
})

// namedByBuiltIn says whether a built-in role contains the pattern. Those reach beyond the providers of the catalogue, and a role that
// starts as a copy of a built-in one must be accepted.
var namedByBuiltIn = sync.OnceValue(func() map[string]bool {
	named := map[string]bool{}
	for _, role := range builtins() {
		for _, p := range role.Permissions {
			for _, list := range [][]string{p.Actions, p.NotActions} {
				for _, text := range list {
					named[lower(text)] = true
				}
			}
		}
	}
	return named
})
