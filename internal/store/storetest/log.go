package storetest

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/store"
)

func changeLog(t *testing.T, s store.Store) {
	put(t, s, store.Write{Row: row(api("Echo"), "{ \"n\": 1.50 }")})
	if err := remove(s, api("echo")); err != nil {
		t.Fatal(err)
	}
	got := changes(t, s)
	if len(got) != 2 {
		t.Fatalf("%d entries, want 2", len(got))
	}
	for i, c := range got {
		if c.Seq != uint64(i+1) || c.Actor != actor || c.ID != api("Echo").String() || c.Kind != "Microsoft.ApiManagement/service/apis" || c.Time.IsZero() {
			t.Errorf("entry %d: %+v", i, c)
		}
	}
	if got[0].Verb != store.VerbPut || string(got[0].Body) != "{ \"n\": 1.50 }" {
		t.Errorf("put: %s %s", got[0].Verb, got[0].Body)
	}
	if got[1].Verb != store.VerbDelete || got[1].Body != nil {
		t.Errorf("delete: %s %s", got[1].Verb, got[1].Body)
	}
	if list, err := s.Changes(context.Background(), 1, 0); err != nil || len(list) != 1 || list[0].Seq != 2 {
		t.Errorf("after 1: %v, %v", list, err)
	}
}

func chain(t *testing.T, s store.Store) {
	if got := whole(t, s); got != 0 {
		t.Errorf("an empty log has %d entries", got)
	}
	putRows(t, s, numbered("a", 20)...)
	if got := whole(t, s); got != 20 {
		t.Errorf("the log has %d entries, want 20", got)
	}
	// Whoever has the exported lines can check them without the store, in any indentation.
	verify := store.NewChain()
	for _, c := range changes(t, s) {
		line, err := json.MarshalIndent(c, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		var back store.Change
		if err := json.Unmarshal(line, &back); err != nil {
			t.Fatal(err)
		}
		if !verify.Next(back) {
			t.Fatalf("entry %d does not follow", c.Seq)
		}
	}
}

func oddText(t *testing.T, s store.Store) {
	bodies := []string{"{\"a\":\"<&>\u2028\"}", "[1, 2.50, 1e400]", "\"\\ud800\"", "\"\xff\"", "{\"b\":1,\"a\":1,\"b\":2}", "null"}
	for i, body := range bodies {
		odd := store.Actor{Name: "\xffann <\u2029> \ufffd", Request: "\x00\n"}
		if _, err := s.Update(context.Background(), odd, func(x store.Tx) error {
			return x.Put(store.Write{Row: row(api(string(rune('a'+i))), body)})
		}); err != nil {
			t.Fatalf("body %q: %v", body, err)
		}
	}
	if got := whole(t, s); got != uint64(len(bodies)) {
		t.Errorf("%d entries, want %d", got, len(bodies))
	}
	for i, c := range changes(t, s) {
		if diff := cmp.Diff(bodies[i], string(c.Body)); diff != "" {
			t.Errorf("body %d (-put +got):\n%s", i, diff)
		}
	}
}

func changed(t *testing.T, s store.Store) {
	before := s.Changed()
	select {
	case <-before:
		t.Fatal("closed before any commit")
	default:
	}
	putRows(t, s, api("a"))
	select {
	case <-before:
	default:
		t.Error("still open although the update was answered")
	}
	select {
	case <-s.Changed():
		t.Error("the new channel is closed already")
	default:
	}
	// A change from elsewhere wakes whoever waits.
	next := s.Changed()
	go putRows(t, s, api("b"))
	<-next
}
