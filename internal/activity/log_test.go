package activity

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// box is a kind with a secret, standing in a shelf.
type box struct {
	Label string `json:"label"`
	Key   string `json:"key"`
}

// house is a log over a store of its own.
type house struct {
	*Log
	t *testing.T
}

func newHouse(t *testing.T) *house {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r, err := kind.NewRegistry(
		kind.Entity[struct{}]{Namespace: "Test", Type: "shelves", Noun: "Shelf"}.Kind(),
		kind.Entity[box]{Type: "boxes", Noun: "Box", Under: []string{"shelves"}, Secrets: func(b *box) []*string { return []*string{&b.Key} }}.Kind(),
	)
	if err != nil {
		t.Fatal(err)
	}
	return &house{NewLog(s, r, "tenant"), t}
}

func shelf(name string) arm.ID         { return arm.Root.Provider("Test", "shelves", name) }
func boxOn(shelfName, n string) arm.ID { return shelf(shelfName).Child("boxes", n) }

// put stores a box, or a shelf when the label is empty.
func (h *house) put(id arm.ID, label string) {
	h.t.Helper()
	body := `{"properties":{}}`
	if label != "" {
		body = fmt.Sprintf(`{"properties":{"label":%q,"key":"hidden"}}`, label)
	}
	h.write(func(tx store.Tx) error {
		return tx.Put(store.Write{Row: store.Row{ID: id, Kind: id.Type(), Body: []byte(body)}})
	})
}

func (h *house) remove(id arm.ID) {
	h.t.Helper()
	h.write(func(tx store.Tx) error { return tx.Delete(id) })
}

func (h *house) write(f func(store.Tx) error) {
	h.t.Helper()
	if _, err := h.store.Update(h.t.Context(), store.Actor{ObjectID: "o", Name: "ann", IP: "192.0.2.1", Request: "r"}, f); err != nil {
		h.t.Fatal(err)
	}
}

// page is what a query finds: operation's last word, resource's name, labels before and after.
func (h *house) page(q Query) (lines []string, next uint64) {
	h.t.Helper()
	if q.Allowed == nil {
		q.Allowed = func(arm.ID) bool { return true }
	}
	p, err := h.Page(h.t.Context(), q)
	if err != nil {
		h.t.Fatal(err)
	}
	label := func(e *Event, when string) string {
		var d struct{ Properties box }
		if json.Unmarshal([]byte(e.Properties[when]), &d) != nil {
			return e.Properties[when]
		}
		if d.Properties.Key != "" {
			h.t.Errorf("%s: the secret is told: %s", e.ResourceID, e.Properties[when])
		}
		return d.Properties.Label
	}
	for _, e := range p.Events {
		op := e.Operation.Value
		lines = append(lines, fmt.Sprintf("%s %s %s→%s", op[strings.LastIndexByte(op, '/')+1:], e.at.Name(), label(e, "before"), label(e, "after")))
	}
	return lines, p.Next
}

func TestChangesAreToldWithBeforeAndAfter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(shelf("s"), "")
	h.put(boxOn("s", "a"), "one")
	h.put(boxOn("s", "b"), "other")
	h.put(boxOn("s", "a"), "two")
	h.remove(boxOn("s", "a"))
	got, next := h.page(Query{Scope: boxOn("s", "a")})
	want := []string{"delete a two→", "write a one→two", "write a →one"}
	if diff := cmp.Diff(want, got); diff != "" || next != 0 {
		t.Errorf("(-want +got), next %d:\n%s", next, diff)
	}
}

func TestWhatWentWithItsParentIsNotBefore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(shelf("s"), "")
	h.put(boxOn("s", "a"), "old")
	h.remove(shelf("s"))
	h.put(shelf("s"), "")
	h.put(boxOn("s", "a"), "new")
	got, _ := h.page(Query{Scope: boxOn("s", "a")})
	if diff := cmp.Diff([]string{"write a →new", "write a →old"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLogIsReadPageByPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(shelf("s"), "")
	h.write(func(tx store.Tx) error {
		for n := range 450 {
			if err := tx.Put(store.Write{Row: store.Row{ID: boxOn("s", fmt.Sprint(n)), Kind: "Test/shelves/boxes", Body: []byte(`{"properties":{}}`)}}); err != nil {
				return err
			}
		}
		return nil
	})
	var sizes []int
	seen := map[string]bool{}
	for before := uint64(0); ; {
		got, next := h.page(Query{Scope: shelf("s"), Before: before})
		sizes = append(sizes, len(got))
		for _, line := range got {
			seen[line] = true
		}
		if before = next; next == 0 {
			break
		}
	}
	if !slices.Equal(sizes, []int{200, 200, 51}) || len(seen) != 451 {
		t.Errorf("pages of %v, %d entries", sizes, len(seen))
	}
}

func TestLogShowsWhatTheCallerMaySeeAndAskedFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(shelf("s"), "")
	h.put(boxOn("s", "a"), "one")
	h.put(boxOn("s", "b"), "two")
	NewRecorder(h.store, nil).Record(t.Context(), store.Actor{Name: "eve"}, Happening{
		Category: Administrative, Operation: "Test/shelves/boxes/write", Resource: boxOn("s", "a").String(), Outcome: Failed, Code: "AuthorizationFailed", Message: "no",
	})
	for _, c := range []struct {
		filter string
		want   []string
	}{
		{"", []string{"write a →", "write b →two", "write a →one", "write s →"}},
		{"status eq 'Failed'", []string{"write a →"}},
		{"caller eq 'ann' and resourceUri eq '/providers/Test/shelves/s/boxes/b'", []string{"write b →two"}},
		{"eventTimestamp ge '2999-01-01T00:00:00Z'", nil},
		{"eventTimestamp le '2999-01-01T00:00:00Z' and resourceType eq 'Test/shelves'", []string{"write s →"}},
		{"correlationId eq 'r' and not (operationName eq 'Test/shelves/write')", []string{"write b →two", "write a →one"}},
	} {
		got, _ := h.page(Query{Scope: arm.Root, Filter: c.filter})
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.filter, diff)
		}
	}
	got, _ := h.page(Query{Scope: arm.Root, Allowed: func(id arm.ID) bool { return id.Name() == "b" }})
	if diff := cmp.Diff([]string{"write b →two"}, got); diff != "" {
		t.Errorf("allowed only b (-want +got):\n%s", diff)
	}
	if _, err := h.Page(context.Background(), Query{Scope: arm.Root, Filter: "colour eq 'red'"}); err == nil {
		t.Error("an unknown field is accepted")
	}
}

func TestRecorderLeavesOutWhatIsTooMuchAndSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := NewRecorder(h.store, func() time.Time { return at })
	happen := func(who string, n int) {
		for range n {
			r.Record(t.Context(), store.Actor{ObjectID: who}, Happening{Category: SignIn, Operation: "x/action", Resource: "/", Outcome: Failed})
		}
	}
	happen("loud", maxPerMinute+7)
	happen("quiet", 1)
	if got, _ := h.page(Query{Scope: arm.Root}); len(got) != maxPerMinute+1 {
		t.Errorf("%d entries, want %d", len(got), maxPerMinute+1)
	}
	at = at.Add(time.Minute)
	happen("loud", 1)
	p, err := h.Page(t.Context(), Query{Scope: arm.Root, Allowed: func(arm.ID) bool { return true }})
	if err != nil || p.Events[0].Properties["unrecordedBefore"] != "7" {
		t.Errorf("%v, %v", p.Events[0], err)
	}
	var rows int
	if err := h.store.View(t.Context(), func(v store.Reader) (err error) { rows, err = v.Count(store.Query{Under: true}); return err }); err != nil || rows > slots {
		t.Errorf("%d rows, want at most %d: %v", rows, slots, err)
	}
}
