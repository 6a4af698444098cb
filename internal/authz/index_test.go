package authz

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/arm"
)

func TestDecisionNamesItsReason(t *testing.T) {
	t.Parallel()
	a := Assignment{Name: first, PrincipalID: "team", RoleDefinitionID: builtIn(t, Reader).ID(arm.Root), Scope: scope("{rg}")}
	x := mustNew(t, nil, a)
	p := Principal{ID: alice, Groups: []string{"team"}}
	d := x.Decide(p, "Microsoft.ApiManagement/service/read", scope("{svc}"))
	if !d.Allowed || d.Assignment.Name != first || d.Role.RoleName != "Reader" {
		t.Errorf("got %+v", d)
	}
	got := x.Decide(p, "Microsoft.ApiManagement/service/write", scope("{svc}")).Refusal("Alice", p, "Microsoft.ApiManagement/service/write", scope("{svc}"))
	want := "403 AuthorizationFailed"
	if code(got) != want || !strings.Contains(got.Message, "'Alice' with object id '"+alice+"'") || !strings.Contains(got.Message, scope("{svc}").String()) {
		t.Errorf("refusal %v, want %s", got, want)
	}
	x, err := x.WithDeny(DenyAssignment{Name: second, DisplayName: "Locked", Scope: scope("{rg}"), Permissions: []Permission{{Actions: []string{"*"}}}, Principals: []DenyTarget{{ID: "team"}}})
	if err != nil {
		t.Fatal(err)
	}
	d = x.Decide(p, "Microsoft.ApiManagement/service/read", scope("{svc}"))
	got = d.Refusal("Alice", p, "Microsoft.ApiManagement/service/read", scope("{svc}"))
	if d.Deny.Name != second || code(got) != "403 DenyAssignmentAuthorizationFailed" || !strings.Contains(got.Message, "Locked") {
		t.Errorf("got %+v, %v", d, got)
	}
	if d := x.WithoutDeny(second).Decide(p, "Microsoft.ApiManagement/service/read", scope("{svc}")); !d.Allowed {
		t.Errorf("still %s after the deny assignment is gone", d)
	}
}

func TestPermissionsInForce(t *testing.T) {
	t.Parallel()
	at := func(name, who, role, where string) Assignment {
		return Assignment{Name: name, PrincipalID: who, RoleDefinitionID: builtIn(t, role).ID(arm.Root), Scope: scope(where)}
	}
	x := mustNew(t, nil, at("1", alice, Reader, "{rg}"), at("2", "team", WorkspaceContributor, "{svc}/workspaces/payments"), at("3", bob, Owner, "/"), at("4", alice, Owner, "{svc}/workspaces/catalog"))
	got := x.Permissions(Principal{ID: alice, Groups: []string{"team"}}, scope("{svc}/workspaces/payments"))
	var want []HeldPermission
	for _, e := range slices.Concat(builtIn(t, Reader).Permissions, builtIn(t, WorkspaceContributor).Permissions) {
		want = append(want, HeldPermission{Permission: e})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
	if got := x.Permissions(Principal{ID: "stranger"}, scope("{svc}")); got == nil || len(got) != 0 {
		t.Errorf("a stranger's permissions are %v, want an empty list", got)
	}
	var within []string
	for id := range x.ScopesWithin(Principal{ID: alice, Groups: []string{"team"}}, scope("{svc}")) {
		within = append(within, id.Name())
	}
	slices.Sort(within)
	if diff := cmp.Diff([]string{"catalog", "payments"}, within); diff != "" {
		t.Errorf("scopes within the service (-want +got):\n%s", diff)
	}
}

func TestIndexRefusesWhatItCannotHonour(t *testing.T) {
	t.Parallel()
	x := mustNew(t, []RoleDefinition{taggers()})
	good := Assignment{Name: second, PrincipalID: alice, RoleDefinitionID: taggers().ID(arm.Root), Scope: scope("{svc}")}
	for name, change := range map[string]func(*Assignment){
		"an unknown role":                func(a *Assignment) { a.RoleDefinitionID = RoleDefinition{Name: second}.ID(arm.Root) },
		"a role id that is none":         func(a *Assignment) { a.RoleDefinitionID = arm.Root },
		"a condition that can't be read": func(a *Assignment) { a.Condition = "x" },
		"no principal":                   func(a *Assignment) { a.PrincipalID = "" },
	} {
		a := good
		change(&a)
		if _, err := x.WithAssignment(a); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := x.WithRole(RoleDefinition{Name: Owner}); err == nil {
		t.Error("a built-in role was replaced")
	}
	if _, err := x.WithoutRole(Owner); err == nil {
		t.Error("a built-in role was deleted")
	}
	if _, err := x.WithRole(RoleDefinition{Name: second, Permissions: []Permission{{Actions: []string{""}}}}); err == nil {
		t.Error("an empty action was accepted")
	}
	if next, err := x.WithoutRole(first); err != nil {
		t.Error(err)
	} else if _, ok := next.Role(first); ok {
		t.Error("the role is still there")
	}
}

// TestVersionsBranch makes two versions from one: what one adds must not show in the other.
func TestVersionsBranch(t *testing.T) {
	t.Parallel()
	give := func(x *Index, name, role string) *Index {
		next, err := x.WithAssignment(Assignment{Name: name, PrincipalID: alice, RoleDefinitionID: builtIn(t, role).ID(arm.Root), Scope: scope("{svc}")})
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	base := give(give(give(mustNew(t, nil), "1", Reader), "2", ServiceReader), "3", WorkspaceReader)
	weak := give(base, "4", WorkspaceReader)
	strong := give(base, "5", Owner)
	for name, c := range map[string]struct {
		index *Index
		want  bool
	}{"base": {base, false}, "weak": {weak, false}, "strong": {strong, true}} {
		if got := c.index.Decide(Principal{ID: alice}, "Microsoft.ApiManagement/service/write", scope("{svc}")).Allowed; got != c.want {
			t.Errorf("%s: write = %v, want %v", name, got, c.want)
		}
	}
}

func TestDeletedScopeTakesItsAssignments(t *testing.T) {
	t.Parallel()
	role := builtIn(t, Reader).ID(arm.Root)
	x := mustNew(t, nil,
		Assignment{Name: "1", PrincipalID: alice, RoleDefinitionID: role, Scope: scope("{svc}/workspaces/w")},
		Assignment{Name: "2", PrincipalID: alice, RoleDefinitionID: role, Scope: scope("{svc}/workspaces/w/apis/a")},
		Assignment{Name: "3", PrincipalID: alice, RoleDefinitionID: role, Scope: scope("{svc}/workspaces/w2")},
	).WithoutScope(scope("{svc}/workspaces/w"))
	var left []string
	for a := range x.Assignments() {
		left = append(left, a.Name)
	}
	if diff := cmp.Diff([]string{"3"}, left); diff != "" {
		t.Errorf("assignments left (-want +got):\n%s", diff)
	}
}

// TestIndexAgreesWithPlainSearch makes random changes and compares every decision with a search through a plain list, also in older
// versions of the index, which must not have moved.
func TestIndexAgreesWithPlainSearch(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	someScope := func() arm.ID {
		return scope(pick("/", "{sub}", "{rg}", "{svc}", "{svc}/apis/a", "{svc}/apis/a;rev=2", "{svc}/workspaces/w", "{svc}/workspaces/w/apis/a", "{svc}/workspaces/w2", "{other}"))
	}
	type version struct {
		index *Index
		plain map[string]Assignment
	}
	const until = "@Environment[UtcNow] DateTimeLessThan '2027-01-01T00:00:00Z'"
	before, after := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	now := version{mustNew(t, nil), map[string]Assignment{}}
	var history []version
	for step := range 3000 {
		name := fmt.Sprint(random.IntN(40))
		plain := maps.Clone(now.plain)
		if random.IntN(3) == 0 {
			delete(plain, name)
			now = version{now.index.WithoutAssignment(name), plain}
		} else {
			a := Assignment{Name: name, PrincipalID: pick("a", "b", "g", "h"), RoleDefinitionID: builtIn(t, pick(Owner, Contributor, Reader, WorkspaceReader, ServiceReader)).ID(arm.Root), Scope: someScope()}
			if random.IntN(3) == 0 {
				a.Condition = until
			}
			next, err := now.index.WithAssignment(a)
			if err != nil {
				t.Fatal(err)
			}
			plain[name] = a
			now = version{next, plain}
		}
		if step%100 == 0 {
			history = append(history, now)
		}
		v := now
		if random.IntN(4) == 0 {
			v = history[random.IntN(len(history))]
		}
		clock := []time.Time{before, after}[random.IntN(2)]
		p := Principal{ID: pick("a", "b", "c"), Groups: []string{pick("g", "h", "none")}, Facts: &Facts{Now: func() time.Time { return clock }}}
		action, at := pick("Microsoft.ApiManagement/service/read", "Microsoft.ApiManagement/service/workspaces/apis/read", "Microsoft.Authorization/roleAssignments/write", "Contoso/x/read"), someScope()
		allowed, within := false, false
		for _, a := range v.plain {
			if a.PrincipalID != p.ID && !slices.Contains(p.Groups, a.PrincipalID) || a.Condition != "" && clock == after {
				continue
			}
			role, _ := v.index.Role(a.role())
			allowed = allowed || ScopeOf(at).Within(ScopeOf(a.Scope)) && allows(t, role, action)
			within = within || ScopeOf(a.Scope).Within(ScopeOf(at))
		}
		if got := v.index.Decide(p, action, at).Allowed; got != allowed {
			t.Fatalf("step %d: %v %s %s = %v, want %v", step, p, action, at, got, allowed)
		}
		if got := v.index.HoldsWithin(p, at); got != within {
			t.Fatalf("step %d: HoldsWithin %v %s = %v, want %v", step, p, at, got, within)
		}
	}
}

// allows reads a role by the naive matcher.
func allows(t *testing.T, d RoleDefinition, action string) bool {
	t.Helper()
	matches := func(pattern string) bool { return naive(pattern, action) }
	for _, p := range d.Permissions {
		if slices.ContainsFunc(p.Actions, matches) && !slices.ContainsFunc(p.NotActions, matches) {
			return true
		}
	}
	return false
}

func TestHamtAgreesWithMap(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	var m hamt[int]
	plain := map[string]int{}
	for step := range 20_000 {
		key := fmt.Sprint(random.IntN(3000))
		if random.IntN(2) == 0 {
			m, plain[key] = m.with(key, step), step
		} else {
			m = m.without(key)
			delete(plain, key)
		}
	}
	if m.size != len(plain) || !maps.Equal(maps.Collect(m.all()), plain) {
		t.Errorf("%d entries, want %d, or they differ", m.size, len(plain))
	}
	for key, want := range plain {
		if got, ok := m.get(key); !ok || got != want {
			t.Fatalf("get %s = %d, %v, want %d", key, got, ok, want)
		}
	}
	var fresh hamt[int]
	for key, value := range plain {
		fresh = fresh.with(key, value)
	}
	if !reflect.DeepEqual(m.root, fresh.root) {
		t.Error("the shape depends on how the content came about")
	}
	for key := range plain {
		m = m.without(key)
	}
	if m.root != nil || m.size != 0 {
		t.Errorf("%d entries left of none", m.size)
	}
}

// TestHamtKeepsKeysOfOneHash puts keys with one hash into one node, as happens by chance once in a very long while.
func TestHamtKeepsKeysOfOneHash(t *testing.T) {
	t.Parallel()
	var root *hamtNode[int]
	for i, key := range []string{"a", "b", "c"} {
		root, _ = root.with(0, hamtSlot[int]{hash: 42, key: key, value: i})
	}
	root, removed := root.without(0, 42, "b")
	m := hamt[int]{root: root}
	a, okA := m.find(42, "a")
	_, okB := m.find(42, "b")
	c, okC := m.find(42, "c")
	if !removed || !okA || okB || !okC || a != 0 || c != 2 {
		t.Errorf("a %d %v, b %v, c %d %v", a, okA, okB, c, okC)
	}
}

func TestLiveSwapsWholeVersions(t *testing.T) {
	t.Parallel()
	live := NewLive(mustNew(t, nil))
	role := builtIn(t, Reader).ID(arm.Root)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				err := live.Update(func(x *Index) (*Index, error) {
					return x.WithAssignment(Assignment{Name: fmt.Sprint(i, "-", j), PrincipalID: alice, RoleDefinitionID: role, Scope: scope("{svc}")})
				})
				if err != nil || !live.Load().Decide(Principal{ID: alice}, "Microsoft.ApiManagement/service/read", scope("{svc}")).Allowed {
					t.Errorf("update %d-%d is not in force: %v", i, j, err)
				}
			}
		})
	}
	wg.Wait()
	if got := live.Load().byName.size; got != 400 {
		t.Errorf("%d assignments, want 400: an update was lost", got)
	}
	before, fault := live.Load(), errors.New("fault")
	if err := live.Update(func(*Index) (*Index, error) { return nil, fault }); !errors.Is(err, fault) || live.Load() != before {
		t.Errorf("a failed update changed the index: %v", err)
	}
}
