package control_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

func TestARevisionThatNobodySeesKeepsTheTag(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), t.Context()
	at := id("a").Child("notes", "n")
	b.must(201)(b.Put(ctx, b.call, id("a"), []byte(`{"properties":{"title":"x"}}`)))
	b.must(201)(b.Put(ctx, b.call, at, []byte(`{"properties":{"text":"t","secret":"one"}}`)))
	tag := func() string {
		a, err := b.Get(ctx, b.call, at)
		if err != nil {
			t.Fatal(err)
		}
		return a.ETag
	}
	first := tag()
	change := func(f func(*note)) error {
		return b.Revise(ctx, "somebody", at, func(_ kind.Lookup, v any) error { f(v.(*note)); return nil })
	}
	if err := change(func(n *note) { n.Secret = "two" }); err != nil {
		t.Fatal(err)
	}
	if tag() != first {
		t.Error("a secret that nobody sees changed the tag")
	}
	if got := b.must(200)(b.Act(ctx, b.call, at, "reveal", nil)); !strings.Contains(got, "two") {
		t.Errorf("the secret is %s", got)
	}
	if err := change(func(n *note) { n.Text = "other" }); err != nil {
		t.Fatal(err)
	}
	if tag() == first {
		t.Error("a text that everybody sees left the tag as it was")
	}
}

func TestARevisionCanLeaveEverythingAsItIs(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), t.Context()
	b.must(201)(b.Put(ctx, b.call, id("a"), []byte(`{"properties":{"title":"x"}}`)))
	version := func() (n uint64) {
		_ = b.Store.View(ctx, func(r store.Reader) error { n = r.Version(); return nil })
		return n
	}
	before := version()
	if err := b.Revise(ctx, "somebody", id("a"), func(kind.Lookup, any) error { return control.ErrStays }); err != nil || version() != before {
		t.Errorf("%v, version %d after %d", err, version(), before)
	}
	if err := b.Revise(ctx, "somebody", id("none"), func(kind.Lookup, any) error { return nil }); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what isn't there: %v", err)
	}
}
