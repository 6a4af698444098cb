package authz

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/arm"
)

// TestBuiltInRolesGrantWhatAzureSays counts, for each role, the operations of API Management in Azure's current list that it grants.
func TestBuiltInRolesGrantWhatAzureSays(t *testing.T) {
	t.Parallel()
	want := map[string]int{
		"API Management Service Contributor":                   457,
		"API Management Service Operator Role":                 165,
		"API Management Service Reader Role":                   158,
		"API Management Service Workspace API Developer":       16,
		"API Management Service Workspace API Product Manager": 21,
		"API Management Workspace Contributor":                 127,
		"API Management Workspace Reader":                      42,
		"API Management Workspace API Developer":               108,
		"API Management Workspace API Product Manager":         79,
		"API Management Developer Portal Content Editor":       8,
		"Owner":                     472,
		"Contributor":               472,
		"Reader":                    167,
		"User Access Administrator": 167,
		"Role Based Access Control Administrator": 167,
		"Defender API Security":                   20,
	}
	got := map[string]int{}
	for _, d := range BuiltInRoles() {
		got[d.RoleName] = 0
		for _, o := range currentlyGranted(t, d) {
			if o.Provider() == "Microsoft.ApiManagement" {
				got[d.RoleName]++
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations granted (-want +got):\n%s", diff)
	}
}

// currentlyGranted are the operations of Azure's current lists that a role grants.
func currentlyGranted(t *testing.T, d RoleDefinition) (granted []Operation) {
	t.Helper()
	r, err := compileRules(d.Permissions)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range Operations() {
		if !o.Former && !o.Derived && r.permit(wantedOf(o.Name)) {
			granted = append(granted, o)
		}
	}
	return granted
}

// TestWorkspaceAPIDeveloperGrants141Operations also accounts for the 139 of an older list, which lacked two reads of Microsoft.Authorization.
func TestWorkspaceAPIDeveloperGrants141Operations(t *testing.T) {
	t.Parallel()
	d := builtIn(t, WorkspaceAPIDeveloper)
	if n := len(d.Permissions[0].Actions); n != 17 {
		t.Errorf("%d patterns, want 17", n)
	}
	all, data, older := 0, 0, 0
	byProvider := map[string]int{}
	for _, o := range currentlyGranted(t, d) {
		all++
		byProvider[o.Provider()]++
		if o.IsDataAction {
			data++
		}
		if o.Name != "Microsoft.Authorization/policyEnrollments/read" && o.Name != "Microsoft.Authorization/acquirePolicyToken/read" {
			older++
		}
	}
	if all != 141 || older != 139 || data != 0 {
		t.Errorf("grants %d operations, %d of the older list, %d data actions; want 141, 139, 0", all, older, data)
	}
	want := map[string]int{"Microsoft.ApiManagement": 108, "Microsoft.Authorization": 31, "Microsoft.Insights": 2}
	if diff := cmp.Diff(want, byProvider); diff != "" {
		t.Errorf("by provider (-want +got):\n%s", diff)
	}
}

func builtIn(t *testing.T, guid string) RoleDefinition {
	t.Helper()
	for _, d := range BuiltInRoles() {
		if d.Name == guid {
			return d
		}
	}
	t.Fatalf("no built-in role %s", guid)
	return RoleDefinition{}
}

func TestBuiltInRoleInJSON(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(builtIn(t, Reader))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"roleName":"Reader","description":"Reads everything and changes nothing. Secrets stay hidden.","type":"BuiltInRole","assignableScopes":["/"],` +
		`"permissions":[{"actions":["*/read"],"notActions":[],"dataActions":[],"notDataActions":[]}],"createdOn":null,"updatedOn":null,"createdBy":null,"updatedBy":null}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	dated, err := json.Marshal(builtIn(t, WorkspaceAPIDeveloper))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"createdOn":"2023-03-23T15:30:17.873Z"`, `"updatedOn":"2025-05-16T15:51:37.838Z"`, `"createdBy":null`} {
		if !strings.Contains(string(dated), want) {
			t.Errorf("%s lacks %s", dated, want)
		}
	}
}

func TestBuiltInRoles(t *testing.T) {
	t.Parallel()
	roles := BuiltInRoles()
	if len(roles) != 16 {
		t.Errorf("%d roles, want 16", len(roles))
	}
	for _, d := range roles {
		if !isGUID(d.Name) || d.Description == "" || !slices.Equal(d.AssignableScopes, []arm.ID{arm.Root}) || len(d.Permissions[0].DataActions) != 0 {
			t.Errorf("role %s is not as built-in roles are: %+v", d.RoleName, d)
		}
		if !d.AssignableAt(scope("{svc}/apis/a")) {
			t.Errorf("role %s is not assignable everywhere", d.RoleName)
		}
	}
	for _, guid := range []string{
		Owner, Contributor, Reader, UserAccessAdministrator, ServiceContributor, ServiceReader, ServiceWorkspaceAPIDeveloper, ServiceWorkspaceAPIProduct,
		WorkspaceContributor, WorkspaceReader, WorkspaceAPIDeveloper, WorkspaceAPIProductManager, DeveloperPortalContentEditor, AccessControlAdministrator,
	} {
		builtIn(t, guid)
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	if n := len(Operations()); n < 574 {
		t.Errorf("%d operations, want the 574 of Azure and our own", n)
	}
	o, ok := FindOperation("microsoft.apimanagement/SERVICE/apis/write")
	if !ok || o.Name != "Microsoft.ApiManagement/service/apis/write" || o.Verb() != "write" || o.Provider() != "Microsoft.ApiManagement" || o.IsDataAction {
		t.Errorf("got %+v, %v", o, ok)
	}
	if o, _ := FindOperation("Microsoft.ApiManagement/service/gateways/getConfiguration/action"); !o.IsDataAction {
		t.Error("a gateway's getConfiguration is a data action")
	}
	seen := map[string]bool{}
	for _, o := range Operations() {
		if seen[lower(o.Name)] {
			t.Errorf("%s is listed twice", o.Name)
		}
		seen[lower(o.Name)] = true
	}
}
