package control_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// trade makes two notes of its box exchange what they claim; when it is deleted it leaves a note, or stays.
type trade struct {
	One    string `json:"one"`
	Other  string `json:"other"`
	Stays  bool   `json:"stays,omitempty"`
	Unique string `json:"unique,omitempty"` // claimed in the space of notes
}

func trades() *kind.Kind {
	return kind.Entity[trade]{
		Type: "trades", Noun: "Trade", Under: []string{boxType},
		Claims: func(w *kind.Typed[trade]) []kind.Claim {
			if w.New.Unique == "" {
				return nil
			}
			return []kind.Claim{{Space: "notes", Value: w.New.Unique, Field: "unique", Message: "unique is taken"}}
		},
		Expand: func(w *kind.Typed[trade]) ([]kind.Extra, error) {
			a, b := w.ID.Parent().Child("notes", w.New.One), w.ID.Parent().Child("notes", w.New.Other)
			x, okX := kind.Of[note](w.Lookup, a)
			y, okY := kind.Of[note](w.Lookup, b)
			if !okX || !okY {
				return nil, arm.NotFound("Note")
			}
			x.Unique, y.Unique = y.Unique, x.Unique
			if w.New.Unique != "" { // the trade takes what the first note had
				y.Unique = ""
			}
			return []kind.Extra{{ID: a, Value: x, Kept: true}, {ID: b, Value: y, Kept: true}}, nil
		},
		Succeed: func(w *kind.Typed[trade]) ([]kind.Extra, bool, error) {
			return []kind.Extra{{ID: w.ID.Parent().Child("notes", "left"), Value: &note{Text: "after " + w.ID.Name()}}}, w.Old.Stays, nil
		},
		Export: func(r *kind.Rendering, v *trade) (*kind.Export, error) {
			return &kind.Export{Format: "text-link", Type: "text/plain", File: "trade.txt", Body: []byte(v.One + " for " + v.Other), Link: r.Query.Get("format") == "text-link"}, nil
		},
	}.Kind()
}

// market is a bench with trades, at a time that can be set.
func market(t *testing.T, now *time.Time) *bench {
	t.Helper()
	st, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	reg, err := kind.NewRegistry(append(kinds(), trades())...)
	if err != nil {
		t.Fatal(err)
	}
	x, err := authz.New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	feed, err := control.NewFeed(context.Background(), st)
	if err != nil {
		t.Fatal(err)
	}
	c := control.New(control.Options{
		Registry: reg, Store: st, Access: authz.NewLive(x), Directory: nobody{}, Sealer: upside{}, Feed: feed,
		Now: func() time.Time { return *now },
	})
	b := &bench{c, t, &control.Call{System: true, Query: url.Values{}, BaseURL: "https://here"}}
	b.put(id("a"), `{"properties":{"title":"one"}}`)
	b.put(id("a").Child("notes", "n"), `{"properties":{"unique":"x","secret":"kept"}}`)
	b.put(id("a").Child("notes", "m"), `{"properties":{"unique":"y"}}`)
	b.put(id("a").Child("notes", "free"), `{"properties":{"text":"t"}}`)
	return b
}

// asking is the bench's call with a query.
func (b *bench) asking(query string) *control.Call {
	call := *b.call
	call.Query, _ = url.ParseQuery(query)
	return &call
}

func (b *bench) noteOf(name string) (n note, tag string) {
	b.t.Helper()
	a, err := b.Get(context.Background(), b.call, id("a").Child("notes", name))
	if err != nil {
		b.t.Fatal(err)
	}
	var doc struct{ Properties note }
	if err := json.Unmarshal(a.Body, &doc); err != nil {
		b.t.Fatal(err)
	}
	return doc.Properties, a.ETag
}

func TestWhatAWriteBringsMayExchangeWhatItClaims(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b, ctx := market(t, &now), context.Background()
	_, tag := b.noteOf("free")
	b.put(id("a").Child("trades", "t"), `{"properties":{"one":"n","other":"m"}}`)
	n, _ := b.noteOf("n")
	m, _ := b.noteOf("m")
	if n.Unique != "y" || m.Unique != "x" {
		t.Errorf("after the trade n has %q and m %q", n.Unique, m.Unique)
	}
	if shown, _ := b.Act(ctx, b.call, id("a").Child("notes", "n"), "reveal", nil); string(shown.Body) != `{"secret":"kept"}` {
		t.Errorf("the secret of what was kept became %s", shown.Body)
	}
	if got := status(b.Put(ctx, b.call, id("a").Child("notes", "o"), []byte(`{"properties":{"unique":"x"}}`))); got != "400 ValidationError" {
		t.Errorf("what changed hands is free for others: %s", got)
	}
	// What stays as it is keeps its tag.
	b.put(id("a").Child("trades", "t"), `{"properties":{"one":"free","other":"free"}}`)
	if _, after := b.noteOf("free"); after != tag {
		t.Errorf("a value that is kept unchanged has tag %q, before %q", after, tag)
	}
}

func TestAWriteMayClaimWhatItsOwnExtrasGiveUp(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b, ctx := market(t, &now), context.Background()
	b.put(id("a").Child("trades", "t"), `{"properties":{"one":"n","other":"m","unique":"x"}}`)
	if n, _ := b.noteOf("n"); n.Unique != "y" {
		t.Errorf("n has %q", n.Unique)
	}
	if got := status(b.Put(ctx, b.call, id("a").Child("trades", "u"), []byte(`{"properties":{"one":"free","other":"free","unique":"x"}}`))); got != "400 ValidationError" {
		t.Errorf("a claim that nobody gives up: %s", got)
	}
	if _, err := b.Get(ctx, b.call, id("a").Child("trades", "u")); err == nil {
		t.Error("the refused write is there")
	}
}

func TestADeletionMayLeaveSomethingOrBeReplacedByIt(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b, ctx := market(t, &now), context.Background()
	for name, stays := range map[string]string{"goes": "false", "remains": "true"} {
		at := id("a").Child("trades", name)
		b.put(at, `{"properties":{"one":"free","other":"free","stays":`+stays+`}}`)
		if got := status(b.Delete(ctx, b.call, at)); got != "204" {
			t.Errorf("delete %s: %s", name, got)
		}
		if n, _ := b.noteOf("left"); n.Text != "after "+name {
			t.Errorf("%s left %q", name, n.Text)
		}
		if _, err := b.Get(ctx, b.call, at); (err == nil) != (stays == "true") {
			t.Errorf("%s: after the deletion a GET says %v", name, err)
		}
	}
}

func TestAPreviewSaysWhatWouldChangeAndChangesNothing(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b, ctx := market(t, &now), context.Background()
	at := id("a").Child("trades", "t")
	a, err := b.Put(ctx, b.asking("preview=true"), at, []byte(`{"properties":{"one":"n","other":"m"}}`))
	if err != nil || a.Status != 200 {
		t.Fatalf("preview: %v, %v", a, err)
	}
	var p control.Preview
	if err := json.Unmarshal(a.Body, &p); err != nil {
		t.Fatal(err)
	}
	if !p.Creates || len(p.Changed) != 2 || len(p.Added)+len(p.Removed)+p.Unchanged != 0 || strings.Join(p.Changed[0].Members, ",") != "unique" {
		t.Errorf("the preview says %s", a.Body)
	}
	if n, _ := b.noteOf("n"); n.Unique != "x" {
		t.Errorf("the preview gave n %q", n.Unique)
	}
	if _, err := b.Get(ctx, b.call, at); err == nil {
		t.Error("the preview stored the trade")
	}
	for what, got := range map[string]string{
		"a deletion": status(b.Delete(ctx, b.asking("preview=true"), id("a"))),
		"an action":  status(b.Act(ctx, b.asking("preview=true"), id("a").Child("notes", "n"), "rotate", nil)),
		"a mark":     status(b.Put(ctx, b.asking("preview=true"), id("a").Child("marks", "n"), nil)),
	} {
		if got != "400 InvalidQueryParameterValue" {
			t.Errorf("a preview of %s: %s", what, got)
		}
	}
}

func TestALinkGivesOutOneExportForFiveMinutes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	b, ctx := market(t, &now), context.Background()
	at := id("a").Child("trades", "t")
	b.put(at, `{"properties":{"one":"n","other":"m"}}`)
	inline, err := b.Get(ctx, b.asking("export=true"), at)
	if err != nil || !strings.Contains(string(inline.Body), `"value":"n for m"`) {
		t.Errorf("inline: %s, %v", inline.Body, err)
	}
	a, err := b.Get(ctx, b.asking("export=true&format=text-link"), at)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Value struct{ Link string } }
	if err := json.Unmarshal(a.Body, &doc); err != nil {
		t.Fatal(err)
	}
	ticket, ok := strings.CutPrefix(doc.Value.Link, "https://here"+control.ExportPath)
	if !ok {
		t.Fatalf("the link is %q", doc.Value.Link)
	}
	if e, err := b.Linked(ctx, ticket); err != nil || string(e.Body) != "n for m" {
		t.Errorf("the link leads to %v, %v", e, err)
	}
	for _, wrong := range []string{"", "x", ticket[:len(ticket)-4], base64.RawURLEncoding.EncodeToString([]byte(`{"id":"` + at.String() + `"}`))} {
		if _, err := b.Linked(ctx, wrong); err == nil || !strings.Contains(err.Error(), "link") {
			t.Errorf("the ticket %q gives %v", wrong, err)
		}
	}
	now = now.Add(5 * time.Minute)
	if _, err := b.Linked(ctx, ticket); err == nil {
		t.Error("the link still works after five minutes")
	}
}

// listened counts the changes of each call.
type listened struct{ calls []int }

func (l *listened) Load(store.Reader) error { return nil }

func (l *listened) Apply(changes []store.Change) error {
	l.calls = append(l.calls, len(changes))
	return nil
}

func TestWhatIsWrittenTogetherComesIntoForceTogether(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	l := &listened{}
	feed, err := control.NewFeed(ctx, st, l)
	if err != nil {
		t.Fatal(err)
	}
	const many = 2500
	version, err := st.Update(ctx, store.Actor{}, func(tx store.Tx) error {
		for i := range many {
			row := store.Row{ID: id(fmt.Sprintf("b%d", i)), Kind: boxType, Body: []byte(`{}`), ETag: "t", Created: time.Now(), Modified: time.Now()}
			if err := tx.Put(store.Write{Row: row}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := feed.Sync(ctx, version); err != nil {
		t.Fatal(err)
	}
	if len(l.calls) != 1 || l.calls[0] != many {
		t.Errorf("%d changes of one write came in parts of %v", many, l.calls)
	}
}
