package control_test

import (
	"context"
	"encoding/json"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// slowBench is a control plane whose only kind prepares until it is let go.
func slowBench(t *testing.T, dir string, letGo <-chan error) *bench {
	t.Helper()
	st, err := sqlite.Open(context.Background(), filepath.Join(dir, "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	reg, err := kind.NewRegistry(kind.Entity[box]{
		Namespace: "Test.Shelf", Type: "boxes", Noun: "Box", Slow: true,
		Brief: func(w *kind.Typed[box]) bool { return w.New.Title == "brief" },
		Prepare: func(ctx context.Context, w *kind.Typed[box]) error {
			if _, works := ctx.Deadline(); works == (w.New.Title == "brief") {
				t.Errorf("box %q is prepared under a deadline of its own: %v", w.New.Title, works)
			}
			return <-letGo
		},
	}.Kind())
	if err != nil {
		t.Fatal(err)
	}
	x, err := authz.New(nil, []authz.Assignment{{
		Name: "22222222-2222-2222-2222-222222222222", PrincipalID: "ann", Scope: arm.Root,
		RoleDefinitionID: arm.MustID("/providers/Microsoft.Authorization/roleDefinitions/" + authz.Owner),
	}})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := control.NewFeed(context.Background(), st)
	if err != nil {
		t.Fatal(err)
	}
	c := control.New(control.Options{
		Registry: reg, Store: st, Access: authz.NewLive(x), Directory: nobody{}, Sealer: upside{}, Feed: feed, Patience: time.Millisecond,
	})
	return &bench{c, t, &control.Call{ObjectID: "ann", Query: url.Values{}, BaseURL: "https://here"}}
}

// Only what may have to wait is worked on beside its request.
func TestABriefWriteOfASlowKindEndsInItsRequest(t *testing.T) {
	t.Parallel()
	letGo := make(chan error, 1)
	b := slowBench(t, t.TempDir(), letGo)
	letGo <- nil
	a := b.put(id("a"), `{"properties":{"title":"brief"}}`)
	if a.Status != 201 || a.Header != nil || !strings.Contains(string(a.Body), `"brief"`) {
		t.Errorf("%d %v %s; want the resource, and no operation to ask for", a.Status, a.Header, a.Body)
	}
}

// ask polls an operation until it says something else than that it goes on.
func ask(t *testing.T, b *bench, id arm.ID) (status string, e *arm.Error) {
	t.Helper()
	for {
		changed := b.Store.Changed()
		a, err := b.OperationStatus(context.Background(), b.call, id)
		if err != nil {
			t.Fatal(err)
		}
		var s struct {
			Status string
			Error  *arm.Error
		}
		if err := json.Unmarshal(a.Body, &s); err != nil {
			t.Fatal(err)
		}
		if s.Status != "InProgress" {
			return s.Status, s.Error
		}
		<-changed
	}
}

func operationOf(t *testing.T, a *control.Answer) arm.ID {
	t.Helper()
	var asked string
	for name, values := range a.Header { // http.Header.Get would look for another casing
		if strings.EqualFold(name, "Azure-AsyncOperation") {
			asked = values[0]
		}
	}
	u, err := url.Parse(asked)
	if err != nil || u.Host != "here" || a.Header.Get("Location") == "" || a.Header.Get("Retry-After") == "" {
		t.Fatalf("a write that goes on answers %v", a.Header)
	}
	return arm.MustID(u.Path)
}

func TestWorkThatOutlastsItsRequestIsAnOperation(t *testing.T) {
	t.Parallel()
	letGo := make(chan error)
	b, ctx := slowBench(t, t.TempDir(), letGo), context.Background()
	a := b.put(id("a"), `{"properties":{"title":"one"}}`)
	op := operationOf(t, a)
	if a.Status != 201 || !strings.Contains(string(a.Body), `"provisioningState":"InProgress"`) {
		t.Errorf("the PUT answers %d %s", a.Status, a.Body)
	}
	result := arm.MustID(strings.Replace(op.String(), "operationStatuses", "operationResults", 1))
	if got := status(b.OperationResult(ctx, b.call, result)); got != "202" {
		t.Errorf("the result while it runs: %s", got)
	}
	letGo <- nil
	if got, _ := ask(t, b, op); got != "Succeeded" {
		t.Errorf("the operation is %s", got)
	}
	done, err := b.OperationResult(ctx, b.call, result)
	if err != nil || done.Status != 200 || !strings.Contains(string(done.Body), `"title":"one"`) {
		t.Errorf("the result is %v, %v", done, err)
	}
	stranger := &control.Call{ObjectID: "bob", Query: url.Values{}}
	if got := status(b.OperationStatus(ctx, stranger, op)); got != "403 AuthorizationFailed" {
		t.Errorf("a stranger asks: %s", got)
	}
}

func TestAFailedOperationSaysWhy(t *testing.T) {
	t.Parallel()
	letGo := make(chan error)
	b := slowBench(t, t.TempDir(), letGo)
	op := operationOf(t, b.put(id("a"), `{"properties":{"title":"one"}}`))
	letGo <- arm.InvalidField("value", "value: it does not answer.")
	got, e := ask(t, b, op)
	if got != "Failed" || e == nil || e.Details[0].Target != "value" {
		t.Errorf("the operation is %s, %v", got, e)
	}
	if got := status(b.Get(context.Background(), b.call, id("a"))); got != "404 ResourceNotFound" {
		t.Errorf("what failed left something behind: %s", got)
	}
}

func TestOperationsOfAStoppedServerHaveFailed(t *testing.T) {
	t.Parallel()
	dir, letGo := t.TempDir(), make(chan error)
	b := slowBench(t, dir, letGo)
	op := operationOf(t, b.put(id("a"), `{"properties":{"title":"one"}}`))
	next := slowBench(t, dir, letGo) // the process that comes after
	if err := next.Abandon(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got, e := ask(t, next, op); got != "Failed" || e == nil || e.Code != "OperationAbandoned" {
		t.Errorf("the operation is %s, %v", got, e)
	}
	letGo <- arm.Conflict("x", "x") // let the work of the first go
}
