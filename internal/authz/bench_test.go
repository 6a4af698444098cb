package authz

import (
	"fmt"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
)

// crowd is an index of 10,000 assignments: 500 workspaces of one service, 20 principals or groups in each, with the built-in roles.
func crowd(b *testing.B) *Index {
	b.Helper()
	roles := []string{WorkspaceContributor, WorkspaceReader, WorkspaceAPIDeveloper, WorkspaceAPIProductManager, Reader}
	assignments := make([]Assignment, 10_000)
	for i := range assignments {
		assignments[i] = Assignment{
			Name:             fmt.Sprintf("00000000-0000-0000-0000-%012d", i),
			PrincipalID:      member(i % 2000),
			RoleDefinitionID: RoleDefinition{Name: roles[i%len(roles)]}.ID(arm.Root),
			Scope:            scope(fmt.Sprintf("{svc}/workspaces/w%d", i%500)),
		}
	}
	return mustNew(b, nil, assignments...)
}

func member(i int) string { return fmt.Sprintf("aaaaaaaa-0000-0000-0000-%012d", i) }

func BenchmarkDecide(b *testing.B) {
	x := crowd(b)
	one := mustOne(b, x)
	operation := scope("{svc}/workspaces/w7/apis/orders/operations/get-order")
	var groups []string
	for i := range 20 {
		groups = append(groups, member(100+i))
	}
	for _, c := range []struct {
		name   string
		index  *Index
		who    Principal
		action string
		want   bool
	}{
		{"allowed", x, Principal{ID: member(7)}, "Microsoft.ApiManagement/service/workspaces/apis/operations/read", true},
		{"refused", x, Principal{ID: member(8)}, "Microsoft.ApiManagement/service/workspaces/apis/operations/read", false},
		{"refused-20-groups", x, Principal{ID: member(8), Groups: groups}, "Microsoft.ApiManagement/service/workspaces/apis/operations/read", false},
		{"allowed-by-last-of-21-groups", x, Principal{ID: member(8), Groups: append(groups[:20:20], member(7))}, "Microsoft.ApiManagement/service/workspaces/apis/operations/read", true},
		{"unlisted-action", x, Principal{ID: member(7)}, "Microsoft.ApiManagement/service/workspaces/novelties/read", true},
		{"one-principal-holds-all", one, Principal{ID: alice}, "Microsoft.ApiManagement/service/workspaces/apis/operations/write", false},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if c.index.Decide(c.who, c.action, operation).Allowed != c.want {
					b.Fatal("the decision is wrong")
				}
			}
		})
	}
}

func BenchmarkDecideUnderCondition(b *testing.B) {
	a := Assignment{
		Name: first, PrincipalID: alice, RoleDefinitionID: RoleDefinition{Name: AccessControlAdministrator}.ID(arm.Root), Scope: scope("{svc}"),
		Condition: "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" + Owner + ", " + Reader + "}))",
	}
	x := mustNew(b, nil, a)
	p := Principal{ID: alice, Facts: &Facts{Request: Assignment{RoleDefinitionID: builtinReader, PrincipalID: bob}.Facts(User)}}
	b.ReportAllocs()
	for b.Loop() {
		if !x.Decide(p, WriteAssignments, a.Scope).Allowed {
			b.Fatal("the decision is wrong")
		}
	}
}

// mustOne gives all the assignments to one principal.
func mustOne(b *testing.B, x *Index) *Index {
	b.Helper()
	one := mustNew(b, nil)
	for a := range x.Assignments() {
		a.PrincipalID, a.RoleDefinitionID = alice, builtinReader
		var err error
		if one, err = one.WithAssignment(a); err != nil {
			b.Fatal(err)
		}
	}
	return one
}

var builtinReader = RoleDefinition{Name: Reader}.ID(arm.Root)

func BenchmarkHoldsWithin(b *testing.B) {
	x := crowd(b)
	p, at := Principal{ID: member(7)}, scope("{svc}")
	b.ReportAllocs()
	for b.Loop() {
		if !x.HoldsWithin(p, at) {
			b.Fatal("the answer is wrong")
		}
	}
}

func BenchmarkChangeOneAssignment(b *testing.B) {
	x := crowd(b)
	a, _ := x.Assignment("00000000-0000-0000-0000-000000000042")
	for name, x := range map[string]*Index{"crowd": x, "one-principal-holds-all": mustOne(b, x)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x.WithAssignment(a); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	var all []Assignment
	for a := range crowd(b).Assignments() {
		all = append(all, a)
	}
	b.ReportAllocs()
	for b.Loop() {
		mustNew(b, nil, all...)
	}
}
