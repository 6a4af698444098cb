package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/store"
)

func reopen(t *testing.T, open Open) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, store.Write{
		Row: row(api("Echo"), `{"n":1}`), Claims: []store.Claim{{Space: "p", Value: "v", Field: "f"}},
		Refs: []store.Ref{{To: service, Field: "f"}},
	})
	putRows(t, s, service)
	before := changes(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, dir)
	defer s.Close()
	if diff := cmp.Diff(before, changes(t, s)); diff != "" {
		t.Errorf("log (-before +after):\n%s", diff)
	}
	if !has(t, s, api("echo")) || owner(t, s, "p", "v") != "/apis/Echo" {
		t.Error("the row or its claim is gone")
	}
	if err := remove(s, service); err != nil {
		t.Errorf("delete: %v", err) // what lies below goes with it
	}
	for i := range 3 {
		putRows(t, s, api(fmt.Sprint(i)))
	}
	if got := whole(t, s); got != 6 {
		t.Errorf("the log goes on at %d, want 6 entries", got)
	}
}
