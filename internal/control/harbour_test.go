package control_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// A second small catalogue: ships that can be had back after they were deleted, with crates that point at each other, a lamp that every ship has from
// the start, and the weather, which is no resource.

type ship struct {
	Flag  string `json:"flag,omitempty"`
	Raise string `json:"raise,omitempty"` // the wreck to bring back
}

type crate struct {
	Next   string `json:"next,omitempty"`
	Secret string `json:"secret,omitempty"`
}

type lamp struct {
	Lit bool `json:"lit"`
}

type wreck struct {
	Ship  string `json:"ship"`
	Token string `json:"token"`
}

const shipType = "Test.Harbour/ships"

func shipID(name string) arm.ID  { return arm.Root.Provider("Test.Harbour", "ships", name) }
func wreckID(name string) arm.ID { return arm.Root.Provider("Test.Harbour", "wrecks", name) }

func harbour() []*kind.Kind {
	return []*kind.Kind{
		kind.Entity[wreck]{Namespace: "Test.Harbour", Type: "wrecks", Noun: "Wreck", Derived: true, Deleted: true}.Kind(),
		kind.Entity[ship]{
			Namespace: "Test.Harbour", Type: "ships", Noun: "Ship",
			Actions: []kind.Action{
				{Name: "store", Reach: func(ctx context.Context, c *kind.ActionCall) (any, error) {
					b, err := c.State.Dump(ctx, c.ID)
					return map[string]string{"dump": string(b)}, err
				}},
				{Name: "unload", Shows: true, Reach: func(ctx context.Context, c *kind.ActionCall) (any, error) {
					return nil, c.State.Reinstate(ctx, c.ID, c.Body)
				}},
			},
			Succeed: func(w *kind.Typed[ship]) ([]kind.Extra, bool, error) {
				token := fmt.Sprintf("token of %s under %s", w.ID.Name(), w.Old.Flag)
				return []kind.Extra{{ID: wreckID(w.ID.Name()), Value: &wreck{Ship: w.ID.String(), Token: token}}}, false, nil
			},
			Revive: func(w *kind.Typed[ship]) (*kind.Revival, error) {
				v, ok := kind.Of[wreck](w.Lookup, wreckID(w.New.Raise))
				if w.New.Raise == "" {
					return nil, nil
				}
				if !ok {
					return nil, arm.NotFound("Wreck")
				}
				return &kind.Revival{From: arm.MustID(v.Ship), Record: wreckID(w.New.Raise), Token: v.Token}, nil
			},
		}.Kind(),
		kind.Entity[crate]{
			Type: "crates", Noun: "Crate", Under: []string{shipType},
			Secrets: func(c *crate) []*string { return []*string{&c.Secret} },
			Refs: func(w *kind.Typed[crate]) []kind.Ref {
				if w.New.Next == "" {
					return nil
				}
				return []kind.Ref{{To: arm.MustID(w.New.Next), Field: "next"}}
			},
			Actions: []kind.Action{{Name: "open", Do: func(c *kind.ActionCall) (any, error) { return c.Value, nil }}},
		}.Kind(),
		kind.Entity[lamp]{
			Type: "lamps", Noun: "Lamp", Under: []string{shipType}, Names: kind.Names{Among: []string{"port", "starboard"}}, PatchStatus: http.StatusNoContent,
			Standing: func(id arm.ID) *lamp {
				if n := id.Name(); n != "port" && n != "starboard" {
					return nil
				}
				return &lamp{}
			},
		}.Kind(),
		kind.Entity[lamp]{Type: "anchors", Noun: "Anchor", Under: []string{shipType}, Permanent: true}.Kind(),
		kind.Endpoint{Type: "weather", Noun: "Weather", Under: []string{shipType}, Methods: map[string]*kind.Method{
			http.MethodGet: {Do: func(_ context.Context, c *kind.EndpointCall) (any, error) {
				return map[string]any{"at": c.ID.Name(), "named": c.Named}, nil
			}},
			http.MethodPost: {As: func(id arm.ID) (arm.ID, string) { return id, "store" }},
		}}.Kind(),
	}
}

func sail(t *testing.T) *bench {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	reg, err := kind.NewRegistry(harbour()...)
	if err != nil {
		t.Fatal(err)
	}
	x, err := authz.New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	feed, err := control.NewFeed(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	c := control.New(control.Options{Registry: reg, Store: st, Access: authz.NewLive(x), Directory: nobody{}, Sealer: upside{}, Feed: feed})
	return &bench{c, t, &control.Call{System: true, Query: url.Values{}, BaseURL: "https://here"}}
}

// must is the answer to a verb that has to succeed with a status.
func (b *bench) must(status int) func(a *control.Answer, err error) string {
	return func(a *control.Answer, err error) string {
		b.t.Helper()
		if err != nil {
			b.t.Fatal(err)
		}
		if a.Status != status {
			b.t.Fatalf("status is %d, want %d: %s", a.Status, status, a.Body)
		}
		return string(a.Body)
	}
}

func TestADeletedResourceComesBackWithWhatLayBelow(t *testing.T) {
	t.Parallel()
	b, ctx := sail(t), t.Context()
	load(b)
	b.must(204)(b.Delete(ctx, b.call, shipID("vega")))
	b.must(201)(b.Put(ctx, b.call, shipID("vega"), []byte(`{"properties":{"raise":"vega"}}`)))
	if got := b.must(200)(b.Act(ctx, b.call, shipID("vega").Child("crates", "a"), "open", nil)); !strings.Contains(got, `"secret":"gold"`) {
		t.Errorf("the crate's secret did not come back: %s", got)
	}
	if _, err := b.Get(ctx, b.call, shipID("vega").Child("crates", "gone")); err == nil {
		t.Error("what had been deleted before came back")
	}
	if err := b.deletion(shipID("vega").Child("crates", "b")); err == nil {
		t.Error("the reference of a to b was lost: b could be deleted")
	}
	if _, err := b.Get(ctx, b.call, wreckID("vega")); err == nil {
		t.Error("the record of the deleted ship is still there")
	}
}

func TestADeletedResourceComesBackUnderAnotherName(t *testing.T) {
	t.Parallel()
	b, ctx := sail(t), t.Context()
	load(b)
	b.must(204)(b.Delete(ctx, b.call, shipID("vega")))
	b.must(201)(b.Put(ctx, b.call, shipID("vega"), []byte(`{"properties":{"flag":"new"}}`)))
	b.must(201)(b.Put(ctx, b.call, shipID("lyra"), []byte(`{"properties":{"raise":"vega"}}`)))
	got := b.must(200)(b.Act(ctx, b.call, shipID("lyra").Child("crates", "a"), "open", nil))
	if !strings.Contains(got, `"secret":"gold"`) || !strings.Contains(got, shipID("lyra").String()+"/crates/b") {
		t.Errorf("the crate does not point to where it is now: %s", got)
	}
	if _, err := b.Get(ctx, b.call, shipID("vega").Child("crates", "a")); err == nil {
		t.Error("the new ship of the old name is not empty")
	}
	if _, err := b.Put(ctx, b.call, shipID("again"), []byte(`{"properties":{"raise":"vega"}}`)); err == nil {
		t.Error("a wreck was raised twice")
	}
}

// load makes a ship with a crate that points at another one, and one that is gone before the ship is.
func load(b *bench) {
	b.t.Helper()
	ctx := b.t.Context()
	b.must(201)(b.Put(ctx, b.call, shipID("vega"), []byte(`{"properties":{"flag":"old"}}`)))
	b.must(201)(b.Put(ctx, b.call, shipID("vega").Child("crates", "gone"), nil))
	b.must(204)(b.Delete(ctx, b.call, shipID("vega").Child("crates", "gone")))
	b.must(201)(b.Put(ctx, b.call, shipID("vega").Child("crates", "b"), nil))
	b.must(201)(b.Put(ctx, b.call, shipID("vega").Child("crates", "a"), fmt.Appendf(nil, `{"properties":{"secret":"gold","next":%q}}`, shipID("vega").Child("crates", "b"))))
}

func (b *bench) deletion(id arm.ID) error {
	_, err := b.Delete(b.t.Context(), b.call, id)
	return err
}

func TestABackupIsTheResourceAsItWas(t *testing.T) {
	t.Parallel()
	b, ctx := sail(t), t.Context()
	load(b)
	got := b.must(200)(b.Act(ctx, b.call, shipID("vega"), "store", nil))
	if strings.Contains(got, "gold") {
		t.Fatalf("a backup shows a secret: %s", got)
	}
	var dump string
	if _, after, ok := strings.Cut(got, `"dump":`); ok {
		if _, err := fmt.Sscanf(after, "%q", &dump); err != nil {
			t.Fatal(err)
		}
	}
	b.must(201)(b.Put(ctx, b.call, shipID("vega").Child("crates", "later"), nil))
	if err := b.deletion(shipID("vega").Child("crates", "a")); err != nil {
		t.Fatal(err)
	}
	// Two crates that point at each other, and one of the backup that points at them now, don't stand in its way.
	one, two := shipID("vega").Child("crates", "one"), shipID("vega").Child("crates", "two")
	b.must(201)(b.Put(ctx, b.call, one, nil))
	b.must(201)(b.Put(ctx, b.call, two, fmt.Appendf(nil, `{"properties":{"next":%q}}`, one)))
	b.must(200)(b.Put(ctx, b.call, one, fmt.Appendf(nil, `{"properties":{"next":%q}}`, two)))
	b.must(200)(b.Put(ctx, b.call, shipID("vega").Child("crates", "b"), fmt.Appendf(nil, `{"properties":{"next":%q}}`, one)))
	b.must(200)(b.Act(ctx, b.call, shipID("vega"), "unload", []byte(dump)))
	if got := b.must(200)(b.Act(ctx, b.call, shipID("vega").Child("crates", "a"), "open", nil)); !strings.Contains(got, "gold") {
		t.Errorf("the backup did not bring the secret back: %s", got)
	}
	if _, err := b.Get(ctx, b.call, shipID("vega").Child("crates", "later")); err == nil {
		t.Error("what came after the backup is still there")
	}
	if got := b.must(200)(b.Get(ctx, b.call, shipID("vega").Child("crates", "b"))); strings.Contains(got, "one") {
		t.Errorf("b still points at what came later: %s", got)
	}
	if err := b.deletion(shipID("vega").Child("crates", "b")); err == nil {
		t.Error("the reference of a to b was lost: b could be deleted")
	}
	if _, err := b.Act(ctx, b.call, shipID("vega"), "unload", []byte(`{"scope":"/x/y","rows":[{"id":"/other/z"}]}`)); err == nil {
		t.Error("a backup that holds something foreign was taken")
	}
}

func TestWhatStandsFromTheStartIsReadWrittenAndReset(t *testing.T) {
	t.Parallel()
	b, ctx := sail(t), t.Context()
	port := shipID("vega").Child("lamps", "port")
	if _, err := b.Get(ctx, b.call, port); err == nil {
		t.Error("a lamp is there without its ship")
	}
	b.must(201)(b.Put(ctx, b.call, shipID("vega"), nil))
	first, err := b.Get(ctx, b.call, port)
	if got := b.must(200)(first, err); !strings.Contains(got, `"lit":false`) {
		t.Errorf("got %s", got)
	}
	stale := *b.call
	stale.IfMatch = "another"
	if _, err := b.Put(ctx, &stale, port, []byte(`{"properties":{"lit":true}}`)); err == nil {
		t.Error("a stale tag was taken for what nobody wrote")
	}
	fresh := *b.call
	fresh.IfMatch = first.ETag
	if got := b.must(204)(b.Patch(ctx, &fresh, port, []byte(`{"properties":{"lit":true}}`))); got != "" {
		t.Errorf("a 204 has a body: %s", got)
	}
	list := b.must(200)(b.List(ctx, b.call, shipID("vega"), shipType+"/lamps"))
	if !strings.Contains(list, `"lit":true`) || !strings.Contains(list, `"lit":false`) || !strings.Contains(list, `"count":2`) {
		t.Errorf("the list is %s", list)
	}
	if _, err := b.Put(ctx, b.call, shipID("vega").Child("lamps", "mast"), nil); err == nil {
		t.Error("a lamp that there isn't was written")
	}
	b.must(204)(b.Delete(ctx, b.call, port))
	if got := b.must(200)(b.Get(ctx, b.call, port)); !strings.Contains(got, `"lit":false`) {
		t.Errorf("a deletion did not bring the first value back: %s", got)
	}
}

func TestWritesThatAKindDoesNotHaveAreRefused(t *testing.T) {
	t.Parallel()
	b, ctx := sail(t), t.Context()
	b.must(201)(b.Put(ctx, b.call, shipID("vega"), nil))
	caller := *b.call
	caller.System = false
	for name, err := range map[string]error{
		"PUT of a record":     second(b.Put(ctx, &caller, wreckID("x"), nil)),
		"DELETE of an anchor": second(b.Delete(ctx, &caller, shipID("vega").Child("anchors", "x"))),
	} {
		var e *arm.Error
		if !errors.As(err, &e) || e.Status != http.StatusMethodNotAllowed {
			t.Errorf("%s: %v, want 405", name, err)
		}
	}
}

func second(_ *control.Answer, err error) error { return err }

func TestAnEndpointAnswersForWhatExistsToThoseWhoMay(t *testing.T) {
	t.Parallel()
	b, ctx := sail(t), t.Context()
	b.must(201)(b.Put(ctx, b.call, shipID("vega"), nil))
	ask := func(call *control.Call, method, path string) (*control.Answer, bool, error) {
		p, err := arm.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		return b.Endpoint(ctx, call, method, p, nil)
	}
	here := shipID("vega").String() + "/weather"
	if a, ok, err := ask(b.call, http.MethodGet, here); !ok || err != nil || !strings.Contains(string(a.Body), `"named":false`) {
		t.Errorf("got %v, %v, %v", a, ok, err)
	}
	if a, _, err := ask(b.call, http.MethodGet, here+"/tomorrow"); err != nil || !strings.Contains(string(a.Body), `"named":true`) {
		t.Errorf("got %v, %v", a, err)
	}
	if a, _, err := ask(b.call, http.MethodPost, here); err != nil || !strings.Contains(string(a.Body), "dump") {
		t.Errorf("the other name of an action: got %v, %v", a, err)
	}
	stranger := *b.call
	stranger.System = false
	for name, want := range map[string]struct {
		call   *control.Call
		method string
		path   string
		status int
	}{
		"no such ship":       {b.call, http.MethodGet, shipID("lost").String() + "/weather", 404},
		"no such method":     {b.call, http.MethodPut, here, 405},
		"without the right":  {&stranger, http.MethodGet, here, 403},
		"an action likewise": {&stranger, http.MethodPost, here, 403},
	} {
		_, ok, err := ask(want.call, want.method, want.path)
		var e *arm.Error
		if !ok || !errors.As(err, &e) || e.Status != want.status {
			t.Errorf("%s: %v, want %d", name, err, want.status)
		}
	}
	if _, ok, _ := ask(b.call, http.MethodGet, shipID("vega").String()+"/crates"); ok {
		t.Error("a collection was taken for an endpoint")
	}
}
