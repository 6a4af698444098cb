package access

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

const readOwn = "Atelier.Workspaces.ReadOwn"

var (
	contoso  = arm.MustID("/subscriptions/s/resourceGroups/g").Provider(arm.NamespaceAPIM, "service", "contoso")
	payments = contoso.Child("workspaces", "payments")
)

// byKind is a state of the store.
type byKind struct {
	store.Reader
	rows map[string][]store.Row
}

func (b byKind) List(q store.Query) ([]store.Row, error) { return b.rows[q.Kind], nil }

func denyChange(body string) store.Change {
	return store.Change{Seq: 1, Verb: store.VerbPut, Kind: denyAssignmentType, ID: payments.Provider(authz.Namespace, "denyAssignments", first).String(), Body: []byte(body)}
}

func serviceChange(value string) store.Change {
	return store.Change{Seq: 2, Verb: store.VerbPut, Kind: kind.Service, ID: contoso.String(), Body: []byte(`{"properties":{"customProperties":{"` + readOwn + `":"` + value + `"}}}`)}
}

const freeze = `{"properties":{"denyAssignmentName":"Freeze","scope":"/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/contoso/workspaces/payments",
	"permissions":[{"actions":["*/write"]}],"principals":[{"id":"00000000-0000-0000-0000-000000000000","type":"SystemDefined"}]}}`

// TestWhatForbidsHoldsAfterAStartAndAfterAChange follows the same state both ways.
func TestWhatForbidsHoldsAfterAStartAndAfterAChange(t *testing.T) {
	t.Parallel()
	state := byKind{rows: map[string][]store.Row{}}
	changes := []store.Change{denyChange(freeze), serviceChange("False"), change(3, first, ann, authz.Owner), change(4, other, bob, authz.WorkspaceReader)}
	changes[3].ID = payments.Provider(authz.Namespace, "roleAssignments", other).String()
	changes[3].Body = []byte(strings.Replace(string(changes[3].Body), `"scope":"/"`, `"scope":"`+payments.String()+`"`, 1))
	for _, c := range changes {
		state.rows[c.Kind] = append(state.rows[c.Kind], store.Row{ID: arm.MustID(c.ID), Kind: c.Kind, Body: c.Body})
	}
	started, followed := live(t), live(t)
	if err := (Follower{Live: started, ReadOwn: readOwn}).Load(state); err != nil {
		t.Fatal(err)
	}
	f := Follower{Live: followed, ReadOwn: readOwn}
	if err := f.Apply(changes); err != nil {
		t.Fatal(err)
	}
	write := kind.Workspace + "/apis/write"
	for name, l := range map[string]*authz.Live{"after a start": started, "after a change": followed} {
		if d := l.Load().Decide(authz.Principal{ID: ann}, write, payments); d.Deny == nil || d.Deny.Name != first {
			t.Errorf("%s the owner's write is %s", name, d)
		}
		if d := l.Load().DecideOwn(authz.Principal{ID: bob}, authz.ReadWorkspace, payments); d.Allowed {
			t.Errorf("%s a member reads the workspace of a service that says no", name)
		}
	}
	gone := denyChange("")
	gone.Verb, gone.Body = store.VerbDelete, nil
	if err := f.Apply([]store.Change{gone, serviceChange("true")}); err != nil {
		t.Fatal(err)
	}
	x := followed.Load()
	if !x.Decide(authz.Principal{ID: ann}, write, payments).Allowed || !x.DecideOwn(authz.Principal{ID: bob}, authz.ReadWorkspace, payments).Allowed {
		t.Error("what forbade is gone and still forbids")
	}
}

func TestDenyAssignmentsThatCannotBeHonouredEndTheStart(t *testing.T) {
	t.Parallel()
	c := denyChange(strings.Replace(freeze, `*/write`, ``, 1))
	state := byKind{rows: map[string][]store.Row{denyAssignmentType: {{ID: arm.MustID(c.ID), Kind: c.Kind, Body: c.Body}}}}
	if err := (Follower{Live: live(t)}).Load(state); err == nil {
		t.Error("the start goes on and allows what is forbidden")
	}
}
