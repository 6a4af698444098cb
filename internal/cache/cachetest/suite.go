package cachetest

import (
	"context"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/cache"
)

// Run runs the suite; open makes an empty store that reads the time from now.
func Run(t *testing.T, open func(t *testing.T, now func() time.Time) cache.Store) {
	t.Helper()
	ctx, now := context.Background(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := open(t, func() time.Time { return now })
	a := cache.Key{Workspace: "a", Space: "b", Name: "c"}
	want := func(promise string, k cache.Key, value string, found bool) {
		t.Helper()
		got, ok, err := s.Get(ctx, k)
		if err != nil || ok != found || string(got) != value {
			t.Errorf("%s: got %q, %v, %v; want %q, %v", promise, got, ok, err, value, found)
		}
	}
	set := func(k cache.Key, value string, keep time.Duration) {
		t.Helper()
		if err := s.Set(ctx, k, []byte(value), keep); err != nil {
			t.Fatal(err)
		}
	}
	want("an empty store has nothing", a, "", false)
	set(a, "1", time.Minute)
	want("a value is there until its time is over", a, "1", true)
	want("no choice of names reaches another workspace's value", cache.Key{Workspace: "ab", Name: "c"}, "", false)
	want("nor another space's", cache.Key{Workspace: "a", Space: "bc"}, "", false)
	now = now.Add(time.Minute - 1)
	want("a value is there until its time is over", a, "1", true)
	now = now.Add(1)
	want("and not a moment longer", a, "", false)
	set(a, "2", time.Minute)
	set(a, "3", time.Minute)
	want("the last value counts", a, "3", true)
	if err := s.Delete(ctx, a); err != nil {
		t.Fatal(err)
	}
	want("a deleted value is gone", a, "", false)
	if err := s.Delete(ctx, a); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
	if err := s.Set(ctx, a, nil, 0); err == nil {
		t.Error("a value without a time was accepted")
	}
}
