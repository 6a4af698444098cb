package access

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

const (
	ann, bob     = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
	first, other = "bbbbbbbb-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
	missing      = "cccccccc-0000-4000-8000-000000000001"
)

func assignment(name, principal, role string, scope arm.ID) authz.Assignment {
	return authz.Assignment{Name: name, Scope: scope, RoleDefinitionID: arm.Root.Provider(authz.Namespace, "roleDefinitions", role), PrincipalID: principal}
}

func live(t *testing.T, held ...authz.Assignment) *authz.Live {
	t.Helper()
	x, err := authz.New(nil, held)
	if err != nil {
		t.Fatal(err)
	}
	return authz.NewLive(x)
}

// nobody is a directory without groups.
type nobody struct{}

func (nobody) Groups(string) []string    { return nil }
func (nobody) Administrator(string) bool { return false }

// change is a write of an assignment as the change log has it.
func change(seq uint64, name, principal, role string) store.Change {
	body := `{"properties":{"scope":"/","principalId":"` + principal + `","roleDefinitionId":"/providers/Microsoft.Authorization/roleDefinitions/` + role + `"}}`
	return store.Change{Seq: seq, Verb: store.VerbPut, ID: arm.Root.Provider(authz.Namespace, "roleAssignments", name).String(), Kind: roleAssignmentType, Body: []byte(body)}
}

func TestAChangeThatCannotBeTakenDoesNotHoldUpARevocation(t *testing.T) {
	t.Parallel()
	l := live(t, assignment(first, ann, authz.Owner, arm.Root))
	err := Follower{Live: l}.Apply([]store.Change{
		change(1, other, bob, missing),
		{Seq: 2, Verb: store.VerbDelete, ID: arm.Root.Provider(authz.Namespace, "roleAssignments", first).String(), Kind: roleAssignmentType},
	})
	if err == nil || !strings.Contains(err.Error(), "change 1") {
		t.Errorf("the fault of the first change is told as %v", err)
	}
	for _, who := range []string{ann, bob} {
		if l.Load().Decide(authz.Principal{ID: who}, "Microsoft.ApiManagement/service/read", arm.Root).Allowed {
			t.Errorf("%s has rights after an assignment that can't be honoured and a revocation", who)
		}
	}
}

// An assignment whose new form can't be honoured grants nothing, not what its old form granted.
func TestAnAssignmentThatBecomesUnreadableGrantsNothing(t *testing.T) {
	t.Parallel()
	l := live(t, assignment(first, ann, authz.Owner, arm.Root))
	bound := change(1, first, ann, authz.Owner)
	bound.Body = []byte(strings.Replace(string(bound.Body), `"principalId"`, `"condition":"of another version","principalId"`, 1))
	if err := (Follower{Live: l}).Apply([]store.Change{bound}); err == nil {
		t.Error("the fault is not told")
	}
	if l.Load().Decide(authz.Principal{ID: ann}, "Microsoft.ApiManagement/service/read", arm.Root).Allowed {
		t.Error("it grants what it granted without the condition")
	}
}

// rows is a state of the store of which a start reads the assignments.
type rows struct {
	store.Reader
	list []store.Row
}

func (r rows) List(q store.Query) ([]store.Row, error) {
	if q.Kind != roleAssignmentType {
		return nil, nil
	}
	return r.list, nil
}

func TestAnAssignmentThatCannotBeHonouredGrantsNothingAndKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	var state rows
	for _, c := range []store.Change{change(1, other, bob, missing), change(2, first, ann, authz.Owner)} {
		state.list = append(state.list, store.Row{ID: arm.MustID(c.ID), Kind: c.Kind, Body: c.Body})
	}
	l := live(t)
	if err := (Follower{Live: l}).Load(state); err != nil {
		t.Fatalf("the start fails: %v", err)
	}
	for who, want := range map[string]bool{ann: true, bob: false} {
		if got := l.Load().Decide(authz.Principal{ID: who}, "Microsoft.ApiManagement/service/read", arm.Root).Allowed; got != want {
			t.Errorf("%s is allowed: %v, want %v", who, got, want)
		}
	}
}

// lookup is a transaction in which some assignments are gone already that the index still has.
type lookup struct {
	kind.Lookup
	left []authz.Assignment
}

func (l lookup) Below(arm.ID, string) []*kind.Resource {
	var out []*kind.Resource
	for _, a := range l.left {
		out = append(out, &kind.Resource{ID: a.ID(), Value: &a})
	}
	return out
}

func TestOfTwoLastOwnersDeletedAtOnceOneStays(t *testing.T) {
	t.Parallel()
	a, b := assignment(first, ann, authz.Owner, arm.Root), assignment(other, bob, authz.Owner, arm.Root)
	k := (&rules{live: live(t, a, b), directory: nobody{}}).roleAssignment()
	for name, c := range map[string]struct {
		left []authz.Assignment
		want bool
	}{
		"beside another":             {[]authz.Assignment{a, b}, true},
		"after the other's deletion": {[]authz.Assignment{a}, false},
	} {
		err := k.Remove(&kind.Write{ID: a.ID(), Old: &a, Lookup: lookup{left: c.left}})
		if got := err == nil; got != c.want {
			t.Errorf("an owner may be deleted %s: %v (%v), want %v", name, got, err, c.want)
		}
	}
}

func TestAnAssignmentHoldsItsCustomRole(t *testing.T) {
	t.Parallel()
	k := (&rules{live: live(t), directory: nobody{}}).roleAssignment()
	custom := assignment(first, ann, missing, arm.MustID("/subscriptions/s"))
	refs := k.Refs(&kind.Write{ID: custom.ID(), New: &custom})
	if len(refs) != 1 || refs[0].Cascade || refs[0].Soft || !refs[0].To.Equal(arm.Root.Provider(authz.Namespace, "roleDefinitions", missing)) {
		t.Errorf("a custom role is referred to as %+v", refs)
	}
	builtIn := assignment(first, ann, authz.Owner, arm.Root)
	if refs := k.Refs(&kind.Write{ID: builtIn.ID(), New: &builtIn}); len(refs) != 0 {
		t.Errorf("a built-in role, which has no row, is referred to as %+v", refs)
	}
}
