package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

var compareIDs = cmp.Comparer(func(a, b arm.ID) bool { return a.String() == b.String() })

func rowComesBack(t *testing.T, s store.Store) {
	want := row(api("Echo"), "{\n \"a\": 1.0, \"é\": \"<&>\u2028\"}")
	put(t, s, store.Write{Row: want})
	view(t, s, func(r store.Reader) {
		got, err := r.Get(want.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, compareIDs); diff != "" {
			t.Errorf("row (-put +got):\n%s", diff)
		}
	})
}

func absentRow(t *testing.T, s store.Store) {
	view(t, s, func(r store.Reader) {
		if _, err := r.Get(api("x")); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("get: %v", err)
		}
	})
	if err := remove(s, api("x")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("delete: %v", err)
	}
}

func casing(t *testing.T, s store.Store) {
	put(t, s, store.Write{Row: row(api("Echo"), `{}`), Claims: []store.Claim{{Space: "n", Value: "v"}}})
	put(t, s, store.Write{Row: row(api("other"), `{}`), Refs: []store.Ref{{To: api("ECHO"), Field: "f"}}})
	if !has(t, s, api("eCHO")) {
		t.Error("a row is not found under another casing")
	}
	if got := owner(t, s, "n", "v"); got != "/apis/Echo" {
		t.Errorf("the owner is called %q", got)
	}
	if got := names(t, s, store.Query{Parent: service, Kind: "MICROSOFT.apimanagement/service/APIS"}); !cmp.Equal(got, []string{"/apis/Echo", "/apis/other"}) {
		t.Errorf("list by kind in another casing: %q", got)
	}
	var refused *store.ReferencedError
	if err := remove(s, api("echo")); !errors.As(err, &refused) {
		t.Errorf("a reference in another casing does not hold its target: %v", err)
	}
}

func putReplaces(t *testing.T, s store.Store) {
	id := api("a")
	putRows(t, s, api("old"), api("new"))
	put(t, s, store.Write{
		Row: row(id, `{"n":1}`), Claims: []store.Claim{{Space: "path", Value: "one"}, {Space: "name", Value: "kept"}},
		Refs: []store.Ref{{To: api("old"), Field: "f"}},
	})
	put(t, s, store.Write{
		Row: row(id, `{"n":2}`), Claims: []store.Claim{{Space: "path", Value: "two"}, {Space: "name", Value: "kept"}},
		Refs: []store.Ref{{To: api("new"), Field: "f"}},
	})
	for value, want := range map[string]string{"one": "", "two": "/apis/a"} {
		if got := owner(t, s, "path", value); got != want {
			t.Errorf("path %s is held by %q, want %q", value, got, want)
		}
	}
	if got := owner(t, s, "name", "kept"); got != "/apis/a" {
		t.Errorf("a claim that both writes make is held by %q", got)
	}
	if err := remove(s, api("old")); err != nil {
		t.Errorf("the old reference still holds: %v", err)
	}
	if err := remove(s, api("new")); err == nil {
		t.Error("the new reference does not hold")
	}
}

func bodyIsJSON(t *testing.T, s store.Store) {
	for _, body := range []string{"", "{", "<policies/>"} {
		_, err := s.Update(context.Background(), actor, func(x store.Tx) error { return x.Put(store.Write{Row: row(api("a"), body)}) })
		if err == nil {
			t.Errorf("body %q was stored", body)
		}
	}
}

func rootIsNoRow(t *testing.T, s store.Store) {
	if _, err := s.Update(context.Background(), actor, func(x store.Tx) error { return x.Put(store.Write{Row: row(arm.Root, `{}`)}) }); err == nil {
		t.Error("the root was stored")
	}
}

func lists(t *testing.T, s store.Store) {
	a, w := api("a"), service.Child("workspaces", "w")
	putRows(t, s, service, a, api("B"), a.Child("operations", "get"), w, w.Child("apis", "c"), w.Child("apis", "c").Child("operations", "put"))
	const apis, operations = "Microsoft.ApiManagement/service/apis", "Microsoft.ApiManagement/service/apis/operations"
	for _, c := range []struct {
		name string
		q    store.Query
		want []string
	}{
		{"directly below", store.Query{Parent: service}, []string{"/apis/a", "/apis/B", "/workspaces/w"}},
		{"directly below, of a kind", store.Query{Parent: service, Kind: apis}, []string{"/apis/a", "/apis/B"}},
		{"anywhere below", store.Query{Parent: service, Under: true}, []string{"/apis/a", "/apis/a/operations/get", "/apis/B", "/workspaces/w", "/workspaces/w/apis/c", "/workspaces/w/apis/c/operations/put"}},
		{"anywhere below, of a kind", store.Query{Parent: service, Under: true, Kind: operations}, []string{"/apis/a/operations/get"}},
		{"of a kind in the whole tenant", store.Query{Under: true, Kind: apis}, []string{"/apis/a", "/apis/B"}},
		{"the first two", store.Query{Parent: service, Limit: 2}, []string{"/apis/a", "/apis/B"}},
		{"after a key", store.Query{Parent: service, AfterKey: a.Key()}, []string{"/apis/B", "/workspaces/w"}},
		{"after a key, below, one", store.Query{Parent: service, Under: true, AfterKey: a.Key(), Limit: 1}, []string{"/apis/a/operations/get"}},
		{"after a key that lies before the parent", store.Query{Parent: w, Under: true, AfterKey: a.Key(), Limit: 1}, []string{"/workspaces/w/apis/c"}},
		{"below a row that has nothing", store.Query{Parent: api("B"), Under: true}, nil},
		{"directly below the resource group", store.Query{Parent: service.Parent()}, []string{""}},
	} {
		if diff := cmp.Diff(c.want, names(t, s, c.q)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if got := len(names(t, s, store.Query{Under: true})); got != 7 {
		t.Errorf("below the root are %d rows, want all 7", got)
	}
}

func eachRowOfAKind(t *testing.T, s store.Store) {
	putRows(t, s, service, api("a"), api("B"), api("a").Child("operations", "get"))
	stop := errors.New("stop")
	view(t, s, func(r store.Reader) {
		seen := map[string]bool{}
		err := r.Each("microsoft.apimanagement/SERVICE/apis", func(row store.Row) error { seen[row.ID.Name()] = true; return nil })
		if err != nil || !cmp.Equal(seen, map[string]bool{"a": true, "B": true}) {
			t.Errorf("each API: %v, %v", seen, err)
		}
		calls := 0
		if err := r.Each("Microsoft.ApiManagement/service/apis", func(store.Row) error { calls++; return stop }); !errors.Is(err, stop) || calls != 1 {
			t.Errorf("after an error it went on to %d rows and ended with %v", calls, err)
		}
		if err := r.Each("Nothing/there", func(store.Row) error { return stop }); err != nil {
			t.Errorf("of a kind without rows: %v", err)
		}
	})
}

func listsStopAtSegments(t *testing.T, s store.Store) {
	putRows(t, s, api("a"), api("a-b"), api("a0"), api("a.b"), api("a").Child("operations", "x"))
	if got := names(t, s, store.Query{Parent: api("a"), Under: true}); !cmp.Equal(got, []string{"/apis/a/operations/x"}) {
		t.Errorf("below a: %q", got)
	}
	if err := remove(s, api("a")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"/apis/a-b", "/apis/a.b", "/apis/a0"}, names(t, s, store.Query{Parent: service, Under: true})); diff != "" {
		t.Errorf("after the deletion of a (-want +got):\n%s", diff)
	}
}

func pages(t *testing.T, s store.Store) {
	ids := numbered("a", 25)
	update(t, s, func(x store.Tx) error {
		for _, id := range ids {
			if err := x.Put(store.Write{Row: row(id, `{}`)}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, under := range []bool{false, true} {
		q := store.Query{Parent: service, Under: under, Limit: 10}
		var got []string
		sizes := []int{}
		for len(sizes) == 0 || sizes[len(sizes)-1] > 0 {
			page := names(t, s, q)
			sizes = append(sizes, len(page))
			got = append(got, page...)
			if len(page) > 0 {
				q.AfterKey = service.Key() + page[len(page)-1]
			}
		}
		q.AfterKey, q.Limit, q.Skip = "", 10, 20
		if got, want := names(t, s, q), got[20:]; !cmp.Equal(got, want) {
			t.Errorf("under %v: the page after 20 skipped rows is %v, want %v", under, got, want)
		}
		q.Limit, q.Skip = 0, 0
		if diff := cmp.Diff(names(t, s, q), got); diff != "" {
			t.Errorf("under %v: pages joined (-whole +joined):\n%s", under, diff)
		}
		if !cmp.Equal(sizes, []int{10, 10, 5, 0}) {
			t.Errorf("under %v: pages of %v", under, sizes)
		}
	}
}
