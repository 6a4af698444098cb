package authz

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/arm"
)

// indexOf holds assignments of built-in roles: who, role, scope.
func indexOf(t *testing.T, held ...[3]string) *Index {
	t.Helper()
	var all []Assignment
	for i, h := range held {
		all = append(all, Assignment{Name: strings.Repeat("0", i+1), PrincipalID: h[0], RoleDefinitionID: arm.Root.Provider(Namespace, "roleDefinitions", h[1]), Scope: scope(h[2])})
	}
	x, err := New(nil, all)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestExplanationsNameEveryGrantAndItsPattern(t *testing.T) {
	t.Parallel()
	x := indexOf(t, [3]string{"ann", WorkspaceAPIDeveloper, "{svc}/workspaces/w"}, [3]string{"team", Contributor, "{rg}"}, [3]string{"ann", Reader, "{sub}"})
	e := x.Explain(Principal{ID: "ann", Groups: []string{"team"}}, "microsoft.apimanagement/service/workspaces/apis/WRITE", scope("{svc}/workspaces/w/apis/a"))
	var got []string
	for _, g := range e.Grants {
		got = append(got, g.Role.RoleName+" by "+g.Pattern+" through "+g.Through)
	}
	want := []string{
		"API Management Workspace API Developer by Microsoft.ApiManagement/service/workspaces/apis/* through ann",
		"Contributor by * through team",
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || !e.Allowed || e.Least != nil {
		t.Errorf("allowed %v, least %v (-want +got):\n%s", e.Allowed, e.Least, diff)
	}
}

func TestExplanationsNameTheLeastRole(t *testing.T) {
	t.Parallel()
	x := indexOf(t, [3]string{"ann", WorkspaceReader, "{svc}/workspaces/w"})
	for action, want := range map[string]string{
		"Microsoft.ApiManagement/service/workspaces/apis/write":          "API Management Workspace API Developer",
		"Microsoft.ApiManagement/service/workspaces/subscriptions/write": "API Management Workspace API Product Manager",
		"Microsoft.ApiManagement/service/contentTypes/write":             "API Management Developer Portal Content Editor",
		"Microsoft.Authorization/roleAssignments/write":                  "Role Based Access Control Administrator",
		"Microsoft.Authorization/roleDefinitions/write":                  "User Access Administrator",
	} {
		e := x.Explain(Principal{ID: "ann"}, action, scope("{svc}/workspaces/w"))
		if e.Allowed || len(e.Least) == 0 || e.Least[0].RoleName != want {
			t.Errorf("%s: allowed %v, least %v, want %s", action, e.Allowed, e.Least, want)
		}
		for _, role := range e.Least {
			if !indexOf(t, [3]string{"ann", role.Name, "{svc}/workspaces/w"}).Decide(Principal{ID: "ann"}, action, scope("{svc}/workspaces/w")).Allowed {
				t.Errorf("%s: the role %s is recommended and doesn't allow it", action, role.RoleName)
			}
		}
	}
}

func TestExplanationsAgreeWithDecisions(t *testing.T) {
	t.Parallel()
	x := indexOf(t, [3]string{"p", ServiceReader, "{svc}"}, [3]string{"p", WorkspaceContributor, "{svc}/workspaces/w"})
	x, err := x.WithDeny(DenyAssignment{Name: "d", DisplayName: "Freeze", Scope: scope("{svc}"), Principals: []DenyTarget{{ID: Everyone, Type: SystemDefined}}, Permissions: []Permission{{Actions: []string{"*/delete"}, NotActions: []string{"*/tags/delete"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range Operations() {
		for _, at := range []string{"{svc}", "{svc}/workspaces/w", "{svc}/workspaces/v"} {
			d, e := x.Decide(Principal{ID: "p"}, o.Name, scope(at)), x.Explain(Principal{ID: "p"}, o.Name, scope(at))
			if MembersRead(o.Name, scope(at)) {
				d = x.DecideOwn(Principal{ID: "p"}, o.Name, scope(at))
			}
			switch {
			case d.String() != e.String():
				t.Errorf("%s at %s: explained as %s, decided %s", o.Name, at, e, d)
			case e.Deny != nil && e.DenyPattern != "*/delete":
				t.Errorf("%s at %s: forbidden by %q", o.Name, at, e.DenyPattern)
			case d.Role != nil && len(e.Grants) == 0:
				t.Errorf("%s at %s: no grant is named", o.Name, at)
			}
		}
	}
}

func TestDenyAssignmentsThatMeanNothingAreRefused(t *testing.T) {
	t.Parallel()
	const guid = "dddddddd-0000-4000-8000-000000000001"
	good := func() DenyAssignment {
		return DenyAssignment{Name: guid, DisplayName: "Freeze", Permissions: []Permission{{Actions: []string{"*"}}}, Principals: []DenyTarget{{ID: Everyone, Type: SystemDefined}}}
	}
	if err := CheckDeny(good()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*DenyAssignment){
		"a name that is no GUID":   func(d *DenyAssignment) { d.Name = "freeze" },
		"no name for people":       func(d *DenyAssignment) { d.DisplayName = " " },
		"a name too long":          func(d *DenyAssignment) { d.DisplayName = strings.Repeat("x", maxDenyName+1) },
		"nothing forbidden":        func(d *DenyAssignment) { d.Permissions = nil },
		"only exceptions":          func(d *DenyAssignment) { d.Permissions = []Permission{{NotActions: []string{"*"}}} },
		"an unknown action":        func(d *DenyAssignment) { d.Permissions[0].Actions = []string{"Microsoft.ApiManagement/bananas/read"} },
		"nobody":                   func(d *DenyAssignment) { d.Principals = nil },
		"everyone excluded":        func(d *DenyAssignment) { d.ExcludePrincipals = d.Principals },
		"everyone as a user":       func(d *DenyAssignment) { d.Principals[0].Type = User },
		"a user as system defined": func(d *DenyAssignment) { d.Principals[0].ID = guid },
		"a type that is none":      func(d *DenyAssignment) { d.Principals[0] = DenyTarget{guid, "Robot"} },
		"an id that is none":       func(d *DenyAssignment) { d.Principals[0] = DenyTarget{"ann", User} },
		"too many":                 func(d *DenyAssignment) { d.ExcludePrincipals = make([]DenyTarget, maxDenyPrincipals) },
	} {
		d := good()
		change(&d)
		if CheckDeny(d) == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestServicesSwitchTheRuleForMembersOff(t *testing.T) {
	t.Parallel()
	p, ws := Principal{ID: "ann"}, scope("{svc}/workspaces/w")
	x := indexOf(t, [3]string{"ann", WorkspaceReader, "{svc}/workspaces/w"})
	off := x.WithMembers(scope("{svc}"), false)
	for name, c := range map[string]struct {
		x    *Index
		want bool
	}{"on": {x, true}, "off": {off, false}, "on again": {off.WithMembers(scope("{svc}"), true), true}, "off elsewhere": {x.WithMembers(scope("{rg}").Provider("Microsoft.ApiManagement", "service", "other"), false), true}} {
		if got := c.x.DecideOwn(p, ReadWorkspace, ws).Allowed; got != c.want {
			t.Errorf("%s: the workspace is readable: %v, want %v", name, got, c.want)
		}
		if got := c.x.SeesOwn(p, scope("{svc}")); got != c.want {
			t.Errorf("%s: the list of workspaces is readable: %v, want %v", name, got, c.want)
		}
		if !c.x.SeesOwn(p, scope("{sub}")) {
			t.Errorf("%s: the subscription can't be found any more", name)
		}
	}
}

func TestDenyAssignmentsGoWithTheirScope(t *testing.T) {
	t.Parallel()
	x, err := indexOf(t).WithDeny(DenyAssignment{Name: "d", Scope: scope("{svc}/workspaces/w")})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := x.WithoutScope(scope("{svc}/workspaces/v")).Deny("D"); !ok {
		t.Error("it went with another scope")
	}
	if _, ok := x.WithoutScope(scope("{svc}")).Deny("d"); ok {
		t.Error("it outlived its scope")
	}
}

func TestExplanationsSayWhichConditionRefuses(t *testing.T) {
	t.Parallel()
	a := Assignment{
		Name: first, PrincipalID: "ann", RoleDefinitionID: builtIn(t, AccessControlAdministrator).ID(arm.Root), Scope: scope("{svc}"), ConditionVersion: "2.0",
		Condition: "!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}) OR @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEquals 'Group'",
	}
	x := mustNew(t, nil, a)
	p := Principal{ID: "ann", Facts: &Facts{Request: Assignment{}.Facts(User)}}
	e := x.Explain(p, WriteAssignments, scope("{svc}"))
	const part = "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEquals 'Group'"
	if e.Allowed || len(e.Grants) != 0 || len(e.Least) != 0 || len(e.Withheld) != 1 || e.Withheld[0].Unmet != part || e.Withheld[0].Unanswered {
		t.Errorf("%+v", e)
	}
	refusal := e.Refusal("Ann", p, WriteAssignments, scope("{svc}"))
	if refusal.Code != "AuthorizationFailed" || !strings.Contains(refusal.Message, "or an ABAC condition not fulfilled") {
		t.Errorf("the refusal is %v", refusal)
	}
	p.Facts = nil
	if e := x.Explain(p, WriteAssignments, scope("{svc}")); len(e.Withheld) != 1 || !e.Withheld[0].Unanswered {
		t.Errorf("without facts: %+v", e)
	}
	p.Facts = &Facts{Request: Assignment{}.Facts(Group)}
	if e := x.Explain(p, WriteAssignments, scope("{svc}")); !e.Allowed || len(e.Grants) != 1 || len(e.Withheld) != 0 {
		t.Errorf("for a group: %+v", e)
	}
	if held := x.Permissions(p, scope("{svc}")); len(held) == 0 || held[0].Condition != a.Condition || held[0].ConditionVersion != "2.0" {
		t.Errorf("the list of permissions hides the condition: %+v", held)
	}
}
