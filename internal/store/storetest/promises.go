package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

func claims(t *testing.T, s store.Store) {
	path := func(v string) []store.Claim {
		return []store.Claim{{Space: "path", Value: v, Field: "properties.path"}}
	}
	put(t, s, store.Write{Row: row(api("a"), `{}`), Claims: path("echo")})
	// The same row may claim it again, other spaces and other casings are other claims.
	put(t, s, store.Write{Row: row(api("a"), `{}`), Claims: path("echo")})
	put(t, s, store.Write{Row: row(api("c"), `{}`), Claims: append(path("Echo"), store.Claim{Space: "name", Value: "echo"})})

	_, err := s.Update(context.Background(), actor, func(x store.Tx) error {
		return x.Put(store.Write{Row: row(api("b"), `{}`), Claims: path("echo")})
	})
	var taken *store.ClaimError
	if !errors.As(err, &taken) {
		t.Fatalf("a second claim: %v", err)
	}
	if !taken.Owner.Equal(api("a")) || taken.Claim != path("echo")[0] {
		t.Errorf("the error blames %+v", taken)
	}
	if err := remove(s, api("a")); err != nil {
		t.Fatal(err)
	}
	put(t, s, store.Write{Row: row(api("b"), `{}`), Claims: path("echo")})
	if got := owner(t, s, "path", "echo"); got != "/apis/b" {
		t.Errorf("after the deletion the claim is held by %q", got)
	}
}

func refusedPut(t *testing.T, s store.Store) {
	put(t, s, store.Write{Row: row(api("a"), `{}`), Claims: []store.Claim{{Space: "p", Value: "taken"}}})
	// Whoever goes on after the refusal keeps the rest of the transaction, and nothing of the refused put.
	update(t, s, func(x store.Tx) error {
		if err := x.Put(store.Write{Row: row(api("b"), `{}`), Claims: []store.Claim{{Space: "p", Value: "free"}, {Space: "p", Value: "taken"}}}); err == nil {
			t.Error("the claim was not refused")
		}
		return x.Put(store.Write{Row: row(api("c"), `{}`)})
	})
	if has(t, s, api("b")) || owner(t, s, "p", "free") != "" {
		t.Error("the refused put left something behind")
	}
	if diff := cmp.Diff([]string{"put /apis/a", "put /apis/c"}, log(t, s)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

func deletesBelow(t *testing.T, s store.Store) {
	a := api("a")
	op := a.Child("operations", "get")
	putRows(t, s, service, a)
	put(t, s, store.Write{Row: row(op, `{}`), Claims: []store.Claim{{Space: "o", Value: "get"}}, Refs: []store.Ref{{To: service, Field: "f"}}})
	if err := remove(s, a); err != nil {
		t.Fatal(err)
	}
	if has(t, s, op) || owner(t, s, "o", "get") != "" {
		t.Error("something below the deleted row is left")
	}
	if err := remove(s, service); err != nil {
		t.Errorf("the reference of a deleted row holds its target: %v", err)
	}
	if diff := cmp.Diff([]string{"put ", "put /apis/a", "put /apis/a/operations/get", "delete /apis/a", "delete "}, log(t, s)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

func restrict(t *testing.T, s store.Store) {
	product := service.Child("products", "p")
	putRows(t, s, api("a"), api("a").Child("operations", "get"))
	put(t, s, store.Write{Row: row(product, `{}`), Refs: []store.Ref{{To: api("a").Child("operations", "get"), Field: "properties.operationId"}}})
	err := remove(s, api("a"))
	var refused *store.ReferencedError
	if !errors.As(err, &refused) {
		t.Fatalf("delete: %v", err)
	}
	want := []store.Referrer{{From: product, To: api("a").Child("operations", "get"), Field: "properties.operationId", OnDelete: store.Restrict}}
	if diff := cmp.Diff(want, refused.Referrers, compareIDs); diff != "" || !refused.ID.Equal(api("a")) {
		t.Errorf("%v (-want +got):\n%s", refused, diff)
	}
	if !has(t, s, api("a")) || !has(t, s, api("a").Child("operations", "get")) {
		t.Error("the refused deletion took something")
	}
}

func restrictFromInside(t *testing.T, s store.Store) {
	a, link := api("a"), service.Child("links", "l")
	putRows(t, s, a)
	put(t, s,
		store.Write{Row: row(a.Child("operations", "x"), `{}`), Refs: []store.Ref{{To: a, Field: "f"}}},
		store.Write{Row: row(link, `{}`), Refs: []store.Ref{
			{To: a, Field: "owner", OnDelete: store.Cascade}, {To: a.Child("operations", "x"), Field: "strict"},
		}})
	if err := remove(s, a); err != nil {
		t.Fatalf("delete: %v", err)
	}
	if got := names(t, s, store.Query{Under: true}); got != nil {
		t.Errorf("left over: %q", got)
	}
}

func cascade(t *testing.T, s store.Store) {
	a, link, note := api("a"), service.Child("links", "l"), service.Child("notes", "n")
	putRows(t, s, a)
	put(t, s,
		store.Write{Row: row(link, `{}`), Refs: []store.Ref{{To: a, Field: "f", OnDelete: store.Cascade}}},
		store.Write{Row: row(link.Child("parts", "p"), `{}`)},
		store.Write{Row: row(note, `{}`), Refs: []store.Ref{{To: link.Child("parts", "p"), Field: "f", OnDelete: store.Cascade}}})
	if err := remove(s, a); err != nil {
		t.Fatal(err)
	}
	if got := names(t, s, store.Query{Under: true}); got != nil {
		t.Errorf("left over: %q", got)
	}
	if diff := cmp.Diff([]string{"delete /notes/n", "delete /links/l", "delete /apis/a"}, log(t, s)[4:]); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

func cascadeCircle(t *testing.T, s store.Store) {
	put(t, s,
		store.Write{Row: row(api("a"), `{}`), Refs: []store.Ref{{To: api("b"), Field: "f", OnDelete: store.Cascade}}},
		store.Write{Row: row(api("b"), `{}`), Refs: []store.Ref{{To: api("a"), Field: "f", OnDelete: store.Cascade}}})
	if err := remove(s, api("a")); err != nil {
		t.Fatal(err)
	}
	if has(t, s, api("b")) {
		t.Error("b is left")
	}
}

func referrers(t *testing.T, s store.Store) {
	a := api("a")
	in, out := a.Child("operations", "x"), service.Child("products", "p")
	putRows(t, s, a)
	put(t, s,
		store.Write{Row: row(in, `{}`), Refs: []store.Ref{{To: a, Field: "in"}}},
		store.Write{Row: row(out, `{}`), Refs: []store.Ref{{To: in, Field: "below"}, {To: a, Field: "at", OnDelete: store.Cascade}}})
	view(t, s, func(r store.Reader) {
		for _, c := range []struct {
			of   arm.ID
			want []store.Referrer
		}{
			{a, []store.Referrer{{From: out, To: a, Field: "at", OnDelete: store.Cascade}, {From: out, To: in, Field: "below"}}},
			{in, []store.Referrer{{From: out, To: in, Field: "below"}}},
			{out, nil},
			{arm.Root, nil},
		} {
			got, err := r.Referrers(c.of)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, compareIDs); diff != "" {
				t.Errorf("referrers of %s (-want +got):\n%s", c.of, diff)
			}
		}
	})
}
