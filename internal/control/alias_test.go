package control_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// marks shows the notes of a box that carry a label: marks/{note} stands on labels/{note}.
type marks struct{}

func (marks) row(l kind.Lookup, id arm.ID) (arm.ID, bool) {
	at := id.Parent().Child("labels", id.Name())
	_, ok := l.Get(at)
	return at, ok
}

func (m marks) Get(l kind.Lookup, id arm.ID) (*kind.Resource, bool) {
	if _, ok := m.row(l, id); !ok {
		return nil, false
	}
	n, ok := l.Get(id.Parent().Child("notes", id.Name()))
	if !ok {
		return nil, false
	}
	return &kind.Resource{ID: id.Parent().Child("marks", n.ID.Name()), Value: n.Value, ETag: n.ETag}, true
}

func (m marks) List(l kind.Lookup, box arm.ID, _ kind.ListQuery) []kind.Listed {
	var out []kind.Listed
	for _, r := range l.Children(box, "labels") {
		if n, ok := m.Get(l, box.Child("marks", r.ID.Name())); ok {
			out = append(out, kind.Listed{Resource: n})
		}
	}
	return out
}

func marked() *kind.Kind {
	return kind.Entity[note]{
		Type: "marks", Noun: "Mark", Under: []string{boxType}, Mirror: true, Virtual: marks{}, HeadStatus: http.StatusNoContent,
		Secrets: func(n *note) []*string { return []*string{&n.Secret} },
		Alias: &kind.Alias{
			Row: marks{}.row,
			Make: func(l kind.Lookup, id arm.ID) (kind.Extra, error) {
				to := id.Parent().Child("notes", id.Name())
				if _, ok := l.Get(to); !ok {
					return kind.Extra{}, arm.NotFound("Note")
				}
				return kind.Extra{ID: id.Parent().Child("labels", id.Name()), Value: &label{NoteID: to.String()}}, nil
			},
		},
	}.Kind()
}

func TestAnAliasAndTheRowsItStandsOnAreTheSameFact(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), context.Background()
	b.put(id("a"), `{"properties":{"title":"one"}}`)
	b.put(id("a").Child("notes", "n"), `{"properties":{"text":"seen","secret":"hunter2"}}`)
	mark, row := id("a").Child("marks", "n"), id("a").Child("labels", "n")

	if got := status(b.Get(ctx, b.call, mark)); got != "404 ResourceNotFound" {
		t.Errorf("before it is put: %s", got)
	}
	first := b.put(mark, "")
	if first.Status != 201 || !strings.Contains(string(first.Body), `"text":"seen"`) || strings.Contains(string(first.Body), "hunter2") {
		t.Errorf("the first PUT: %d %s; want 201 and the note without its secret", first.Status, first.Body)
	}
	if again := b.put(mark, "{}"); again.Status != 200 {
		t.Errorf("the second PUT: %d", again.Status)
	}
	if got := status(b.Get(ctx, b.call, row)); got != "200" {
		t.Errorf("the row it stands on: %s", got)
	}
	if a, err := b.Get(ctx, b.call, mark); err != nil || a.Head != 204 {
		t.Errorf("HEAD: %+v, %v; want 204", a, err)
	}
	list, err := b.List(ctx, b.call, id("a"), boxType+"/marks")
	if err != nil || !strings.Contains(string(list.Body), `"count":1`) {
		t.Errorf("the list: %s, %v", list.Body, err)
	}

	if got := status(b.Delete(ctx, b.call, row)); got != "204" {
		t.Fatal(got)
	}
	if got := status(b.Get(ctx, b.call, mark)); got != "404 ResourceNotFound" {
		t.Errorf("after its row is deleted: %s", got)
	}
	b.put(mark, "")
	for _, want := range []string{"200", "204"} {
		if got := status(b.Delete(ctx, b.call, mark)); got != want {
			t.Errorf("DELETE: %s, want %s", got, want)
		}
	}
	if got := status(b.Get(ctx, b.call, id("a").Child("notes", "n"))); got != "200" {
		t.Errorf("what the alias showed: %s; want it to stay", got)
	}
}

func TestAnAliasOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	b, ctx := open(t), context.Background()
	b.put(id("a"), `{"properties":{"title":"one"}}`)
	for _, at := range []arm.ID{id("a").Child("marks", "nobody"), id("z").Child("marks", "n")} {
		if got := status(b.Put(ctx, b.call, at, nil)); got != "404 ResourceNotFound" {
			t.Errorf("PUT %s: %s, want 404", at, got)
		}
	}
	ann := *b.call
	ann.System, ann.ObjectID = false, "ann"
	if got := status(b.Put(ctx, &ann, id("a").Child("marks", "n"), nil)); got != "403 AuthorizationFailed" {
		t.Errorf("PUT without the right: %s", got)
	}
}
