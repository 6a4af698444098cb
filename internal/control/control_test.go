package control_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// The tests below use a small catalogue of their own: boxes that hold notes, and labels that point at notes.

type box struct {
	Title string `json:"title" rule:"required,max=10"`
}

type note struct {
	Text   string `json:"text,omitempty"`
	Secret string `json:"secret,omitempty"`
	Size   int    `json:"size,omitempty" rule:"max=5"`
	Unique string `json:"unique,omitempty"`
}

type label struct {
	NoteID string `json:"noteId" rule:"required"`
	Keep   bool   `json:"keep,omitempty"`
}

const boxType, noteType = "Test.Shelf/boxes", "Test.Shelf/boxes/notes"

func kinds() []*kind.Kind {
	return []*kind.Kind{
		kind.Entity[box]{Namespace: "Test.Shelf", Type: "boxes", Noun: "Box", Filters: "name title", Guarded: true}.Kind(),
		kind.Entity[note]{
			Type: "notes", Noun: "Note", Under: []string{boxType}, Filters: "name text size",
			Secrets: func(n *note) []*string { return []*string{&n.Secret} },
			Default: func(w *kind.Typed[note]) error {
				if w.Old != nil && !w.Supplied["secret"] {
					w.New.Secret = w.Old.Secret
				}
				return nil
			},
			Claims: func(w *kind.Typed[note]) []kind.Claim {
				if w.New.Unique == "" {
					return nil
				}
				return []kind.Claim{{Space: "notes", Value: w.New.Unique, Field: "unique", Message: "unique is taken"}}
			},
			Actions: []kind.Action{
				{Name: "reveal", Do: func(c *kind.ActionCall) (any, error) { return map[string]string{"secret": c.Value.(*note).Secret}, nil }},
				{Name: "rotate", Mutates: true, Status: http.StatusNoContent, Do: func(c *kind.ActionCall) (any, error) {
					c.Value.(*note).Secret += "+"
					return nil, nil
				}},
			},
		}.Kind(),
		kind.Entity[label]{
			Type: "labels", Noun: "Label", Under: []string{boxType},
			Linked: func(w *kind.Typed[label]) []kind.Access {
				id, _ := arm.ParseID(w.New.NoteID)
				return []kind.Access{{Action: noteType + "/read", Scope: id}}
			},
			Refs: func(w *kind.Typed[label]) []kind.Ref {
				id, _ := arm.ParseID(w.New.NoteID)
				return []kind.Ref{{To: id, Field: "noteId", Cascade: !w.New.Keep}}
			},
		}.Kind(),
		marked(),
	}
}

// upside seals by turning a text around, so that a sealed one can be told from a plain one.
type upside struct{}

func turn(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func (upside) Seal(plain, _ string) (string, error)  { return turn(plain), nil }
func (upside) Open(sealed, _ string) (string, error) { return turn(sealed), nil }

type nobody struct{}

func (nobody) Groups(string) []string          { return nil }
func (nobody) Principal(string) (string, bool) { return "", false }

type bench struct {
	*control.Control
	t    *testing.T
	call *control.Call
}

func open(t *testing.T) *bench {
	t.Helper()
	st, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	reg, err := kind.NewRegistry(kinds()...)
	if err != nil {
		t.Fatal(err)
	}
	x, err := authz.New([]authz.RoleDefinition{{
		Name: "11111111-1111-1111-1111-111111111111", RoleName: "reader of notes", Type: authz.CustomRole, AssignableScopes: []arm.ID{arm.Root},
		Permissions: []authz.Permission{{Actions: []string{noteType + "/read", "Test.Shelf/boxes/labels/*"}}},
	}}, []authz.Assignment{{
		Name: "22222222-2222-2222-2222-222222222222", PrincipalID: "ann", Scope: id("a"),
		RoleDefinitionID: arm.MustID("/providers/Microsoft.Authorization/roleDefinitions/11111111-1111-1111-1111-111111111111"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := control.NewFeed(context.Background(), st)
	if err != nil {
		t.Fatal(err)
	}
	c := control.New(control.Options{Registry: reg, Store: st, Access: authz.NewLive(x), Directory: nobody{}, Sealer: upside{}, Feed: feed})
	return &bench{c, t, &control.Call{System: true, Query: url.Values{}, BaseURL: "https://here"}}
}

// id is the box of that name.
func id(name string) arm.ID { return arm.Root.Provider("Test.Shelf", "boxes", name) }

func (b *bench) put(at arm.ID, body string) *control.Answer {
	b.t.Helper()
	a, err := b.Put(context.Background(), b.call, at, []byte(body))
	if err != nil {
		b.t.Fatalf("PUT %s: %v", at, err)
	}
	return a
}

// status is what a caller would get.
func status(a *control.Answer, err error) string {
	var e *arm.Error
	switch {
	case errors.As(err, &e):
		return fmt.Sprintf("%d %s", e.Status, e.Code)
	case err != nil:
		return "fault: " + err.Error()
	}
	return fmt.Sprint(a.Status)
}

func TestPutCreatesReplacesAndGuardsByETag(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), context.Background()
	if got := b.put(id("a"), `{"properties":{"title":"one"}}`); got.Status != 201 {
		t.Errorf("creation answers %d", got.Status)
	}
	second := b.put(id("A"), `{"properties":{"title":"two"}}`)
	if second.Status != 200 || !strings.Contains(string(second.Body), `"name":"a"`) {
		t.Errorf("replacement in another casing answers %d %s; want 200 with the first casing kept", second.Status, second.Body)
	}
	for _, c := range []struct{ match, want string }{
		{`"` + second.ETag + `"`, "200"},
		{`"stale"`, "412 PreconditionFailed"},
		{"*", "200"},
		{"", "200"},
	} {
		call := *b.call
		call.IfMatch = c.match
		if got := status(b.Put(ctx, &call, id("a"), []byte(`{"properties":{"title":"x"}}`))); got != c.want {
			t.Errorf("PUT with If-Match %s: %s, want %s", c.match, got, c.want)
		}
	}
	call := *b.call
	call.IfMatch = `"any"`
	if got := status(b.Put(ctx, &call, id("new"), []byte(`{"properties":{"title":"x"}}`))); got != "412 PreconditionFailed" {
		t.Errorf("PUT of something new with a concrete tag: %s", got)
	}
}

func TestTheAnswerToAWriteIsWhatAReadShows(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), context.Background()
	b.put(id("a"), `{"properties":{"title":"one"}}`)
	at := id("a").Child("notes", "n")
	for _, body := range []string{`{"properties":{"text":"<t>","secret":"s","size":3}}`, `{"properties":{"text":"u"}}`, `{}`} {
		written := b.put(at, body)
		read, err := b.Get(ctx, b.call, at)
		if err != nil || string(read.Body) != string(written.Body) || read.ETag != written.ETag || strings.Contains(string(read.Body), "secret") {
			t.Errorf("PUT %s answers %s, GET %s, %v", body, written.Body, read.Body, err)
		}
		kept, err := b.Act(ctx, b.call, at, "reveal", nil)
		if err != nil || string(kept.Body) != `{"secret":"s"}` {
			t.Errorf("after PUT %s the secret is %s, %v", body, kept.Body, err)
		}
	}
}

func TestRefusedWritesLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), context.Background()
	b.put(id("a"), `{"properties":{"title":"one"}}`)
	b.put(id("a").Child("notes", "n"), `{"properties":{"unique":"u"}}`)
	for _, c := range []struct {
		name       string
		at         arm.ID
		body, want string
	}{
		{"a required field is missing", id("b"), `{"properties":{}}`, "400 ValidationError"},
		{"a field is too long", id("b"), `{"properties":{"title":"12345678901"}}`, "400 ValidationError"},
		{"a field has the wrong type", id("b"), `{"properties":{"title":1}}`, "400 ValidationError"},
		{"the body is no JSON", id("b"), `{`, "400 InvalidRequestContent"},
		{"a value that must be unique is taken", id("a").Child("notes", "m"), `{"properties":{"unique":"u"}}`, "400 ValidationError"},
		{"the parent is missing", id("z").Child("notes", "m"), `{"properties":{}}`, "404 ResourceNotFound"},
		{"a reference points nowhere", id("a").Child("labels", "l"), `{"properties":{"noteId":"/providers/Test.Shelf/boxes/a/notes/none"}}`, "400 ValidationError"},
		{"there is no such kind", arm.Root.Provider("Test.Shelf", "bags", "x"), `{}`, "404 InvalidResourceType"},
	} {
		before := version(b)
		if got := status(b.Put(ctx, b.call, c.at, []byte(c.body))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if after := version(b); after != before {
			t.Errorf("%s: the change log went from %d to %d", c.name, before, after)
		}
	}
}

func version(b *bench) (v uint64) {
	_ = b.Store.View(context.Background(), func(r store.Reader) error { v = r.Version(); return nil })
	return v
}

func TestSecretsAreSealedAtRestBlankInAnswersAndShownByTheirActionAlone(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), context.Background()
	b.put(id("a"), `{"properties":{"title":"one"}}`)
	n := id("a").Child("notes", "n")
	put := b.put(n, `{"properties":{"text":"t","secret":"hunter2"}}`)
	get, err := b.Get(ctx, b.call, n)
	if err != nil {
		t.Fatal(err)
	}
	list, err := b.List(ctx, b.call, id("a"), noteType)
	if err != nil {
		t.Fatal(err)
	}
	for what, body := range map[string][]byte{"PUT": put.Body, "GET": get.Body, "list": list.Body} {
		if strings.Contains(string(body), "hunter2") || strings.Contains(string(body), "2retnuh") {
			t.Errorf("%s shows the secret: %s", what, body)
		}
	}
	changes, err := b.Store.Changes(ctx, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if logged, _ := json.Marshal(changes); strings.Contains(string(logged), "hunter2") {
		t.Error("the change log holds the secret in clear")
	}
	b.put(n, `{"properties":{"text":"changed"}}`) // clients send back what they read: no secret
	shown, err := b.Act(ctx, b.call, n, "REVEAL", nil)
	if err != nil || string(shown.Body) != `{"secret":"hunter2"}` {
		t.Errorf("the action shows %s, %v", shown.Body, err)
	}
	if got := status(b.Act(ctx, b.call, n, "rotate", nil)); got != "204" {
		t.Errorf("rotate: %s", got)
	}
	if shown, _ = b.Act(ctx, b.call, n, "reveal", nil); string(shown.Body) != `{"secret":"hunter2+"}` {
		t.Errorf("after rotation the action shows %s", shown.Body)
	}
	if got := status(b.Patch(ctx, b.call, n, []byte(`{"properties":{"text":"patched"}}`))); got != "200" {
		t.Errorf("patch: %s", got)
	}
	if shown, _ = b.Act(ctx, b.call, n, "reveal", nil); string(shown.Body) != `{"secret":"hunter2+"}` {
		t.Errorf("after a patch of another member the action shows %s", shown.Body)
	}
}

func TestPatchMergesAndNeverLosesAnotherWriter(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), context.Background()
	b.put(id("a"), `{"properties":{"title":"one"}}`)
	n := id("a").Child("notes", "n")
	b.put(n, `{"properties":{"text":"t","secret":"s","size":1}}`)
	if got := status(b.Patch(ctx, b.call, n, []byte(`{"properties":{"size":9}}`))); got != "400 ValidationError" {
		t.Errorf("a patch that breaks a rule: %s", got)
	}
	if got := status(b.Patch(ctx, b.call, id("a").Child("notes", "none"), []byte(`{}`))); got != "404 ResourceNotFound" {
		t.Errorf("a patch of nothing: %s", got)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			field := "text"
			value := `"x"`
			if i%2 == 0 {
				field, value = "size", "3"
			}
			if got := status(b.Patch(ctx, b.call, n, fmt.Appendf(nil, `{"properties":{%q:%s}}`, field, value))); got != "200" {
				t.Errorf("patch: %s", got)
			}
		})
	}
	wg.Wait()
	got, err := b.Get(ctx, b.call, n)
	if err != nil || !strings.Contains(string(got.Body), `"text":"x"`) || !strings.Contains(string(got.Body), `"size":3`) {
		t.Errorf("after patches of both fields: %s, %v", got.Body, err)
	}
}

func TestDeleteTakesWhatIsBelowAndWhatPointsThere(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), context.Background()
	b.put(id("a"), `{"properties":{"title":"one"}}`)
	b.put(id("b"), `{"properties":{"title":"two"}}`)
	n := id("a").Child("notes", "n")
	b.put(n, `{"properties":{}}`)
	b.put(id("b").Child("labels", "goes"), fmt.Sprintf(`{"properties":{"noteId":%q}}`, n))
	b.put(id("b").Child("labels", "keeps"), fmt.Sprintf(`{"properties":{"noteId":%q,"keep":true}}`, n))
	if got := status(b.Delete(ctx, b.call, id("a"))); got != "400 ValidationError" {
		t.Errorf("deletion of what is in use: %s", got)
	}
	if got := status(b.Delete(ctx, b.call, id("b").Child("labels", "keeps"))); got != "204" {
		t.Errorf("deletion: %s", got)
	}
	if got := status(b.Delete(ctx, b.call, id("a"))); got != "204" {
		t.Errorf("deletion of a tree: %s", got)
	}
	for _, gone := range []arm.ID{id("a"), n, id("b").Child("labels", "goes")} {
		if got := status(b.Get(ctx, b.call, gone)); got != "404 ResourceNotFound" {
			t.Errorf("%s: %s", gone, got)
		}
	}
	if got := status(b.Delete(ctx, b.call, id("a"))); got != "204" {
		t.Errorf("deletion of nothing: %s", got)
	}
}

func TestListsFilterPageAndCount(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), context.Background()
	b.put(id("a"), `{"properties":{"title":"one"}}`)
	for i := range 7 {
		b.put(id("a").Child("notes", fmt.Sprintf("n%d", i)), fmt.Sprintf(`{"properties":{"text":"t%d","size":%d}}`, i%2, i%5))
	}
	page := func(query string) (names []string, count int64, next string) {
		t.Helper()
		call := *b.call
		call.Path = "/x"
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		call.Query = q
		a, err := b.List(ctx, &call, id("a"), noteType)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		var p struct {
			Value    []struct{ Name string }
			Count    int64
			NextLink string
		}
		if err := json.Unmarshal(a.Body, &p); err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Value {
			names = append(names, v.Name)
		}
		return names, p.Count, p.NextLink
	}
	names, _, next := page("$top=3&$filter=text eq 't0'&api-version=1")
	if fmt.Sprint(names) != "[n0 n2 n4]" || next == "" {
		t.Errorf("the first page of four has %v, next %q", names, next)
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "here" || u.Query().Get("api-version") != "1" || u.Query().Get("$filter") == "" {
		t.Errorf("nextLink %q repeats neither host nor parameters", next)
	}
	names, count, next := page(u.RawQuery)
	if fmt.Sprint(names) != "[n6]" || count != 4 || next != "" {
		t.Errorf("the last page has %v of %d, next %q", names, count, next)
	}
	call := *b.call
	for _, bad := range []string{"$top=0", "$top=x", "$skip=-1", "$filter=colour eq 'x'", "$filter=text eq"} {
		call.Query, _ = url.ParseQuery(bad)
		if got := status(b.List(ctx, &call, id("a"), noteType)); !strings.HasPrefix(got, "400 ") {
			t.Errorf("%s: %s", bad, got)
		}
	}
}

func TestRightsAreAskedBeforeAnythingIsLookedAt(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), context.Background()
	b.put(id("a"), `{"properties":{"title":"one"}}`)
	b.put(id("b"), `{"properties":{"title":"two"}}`)
	mine, other := id("a").Child("notes", "n"), id("b").Child("notes", "n")
	b.put(mine, `{"properties":{}}`)
	b.put(other, `{"properties":{}}`)
	ann := &control.Call{ObjectID: "ann", Name: "ann", Query: url.Values{}}
	for _, c := range []struct {
		what, got, want string
	}{
		{"reading what is hers", status(b.Get(ctx, ann, mine)), "200"},
		{"reading another's", status(b.Get(ctx, ann, other)), "403 AuthorizationFailed"},
		{"reading another's that isn't there", status(b.Get(ctx, ann, id("b").Child("notes", "none"))), "403 AuthorizationFailed"},
		{"listing hers", status(b.List(ctx, ann, id("a"), noteType)), "200"},
		{"listing another's", status(b.List(ctx, ann, id("b"), noteType)), "403 AuthorizationFailed"},
		{"writing without the right", status(b.Put(ctx, ann, mine, []byte(`{`))), "403 AuthorizationFailed"},
		{"deleting without the right", status(b.Delete(ctx, ann, mine)), "403 AuthorizationFailed"},
		{"acting without the right", status(b.Act(ctx, ann, mine, "reveal", nil)), "403 AuthorizationFailed"},
		{"pointing at hers", status(b.Put(ctx, ann, id("a").Child("labels", "l"), fmt.Appendf(nil, `{"properties":{"noteId":%q}}`, mine))), "201"},
		{"pointing at another's", status(b.Put(ctx, ann, id("a").Child("labels", "m"), fmt.Appendf(nil, `{"properties":{"noteId":%q}}`, other))), "403 LinkedAuthorizationFailed"},
		{"pointing at another's that isn't there", status(b.Put(ctx, ann, id("a").Child("labels", "m"), []byte(`{"properties":{"noteId":"/providers/Test.Shelf/boxes/b/notes/x"}}`))), "403 LinkedAuthorizationFailed"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.what, c.got, c.want)
		}
	}
	all, err := b.List(ctx, ann, arm.Root, boxType)
	if err != nil || !strings.Contains(string(all.Body), `"value":[]`) {
		t.Errorf("a list across scopes shows %s, %v; ann may read no box", all.Body, err)
	}
}
