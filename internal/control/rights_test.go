package control_test

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// withOwner makes a control over the kinds given and whoever holds Owner at the root.
func withOwner(t *testing.T, owner string, kinds ...*kind.Kind) *control.Control {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	reg, err := kind.NewRegistry(kinds...)
	if err != nil {
		t.Fatal(err)
	}
	x, err := authz.New(nil, []authz.Assignment{{
		Name: "33333333-3333-3333-3333-333333333333", PrincipalID: owner, RoleDefinitionID: arm.Root.Provider(authz.Namespace, "roleDefinitions", authz.Owner),
	}})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := control.NewFeed(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	return control.New(control.Options{Registry: reg, Store: st, Access: authz.NewLive(x), Directory: nobody{}, Sealer: upside{}, Feed: feed})
}

func as(who string, groups ...string) *control.Call {
	return &control.Call{ObjectID: who, Name: who, Groups: groups, Query: url.Values{}}
}

func refusal(err error) string {
	var e *arm.Error
	if errors.As(err, &e) {
		return e.Code + " " + e.Action
	}
	return ""
}

func TestGroupsOfATokenCountLikeThoseOfTheDirectory(t *testing.T) {
	t.Parallel()
	c := withOwner(t, "staff", kind.Entity[box]{Namespace: "Test.Shelf", Type: "boxes", Noun: "Box"}.Kind())
	body := []byte(`{"properties":{"title":"x"}}`)
	if _, err := c.Put(context.Background(), as("ann"), id("a"), body); refusal(err) != "AuthorizationFailed Test.Shelf/boxes/write" {
		t.Errorf("without the group: %v", err)
	}
	if _, err := c.Put(context.Background(), as("ann", "staff"), id("a"), body); err != nil {
		t.Errorf("with the group: %v", err)
	}
}

func TestAKindMayNameItsWritersInsteadOfARole(t *testing.T) {
	t.Parallel()
	keeper := func(c kind.Caller) bool { return c.ObjectID == "keeper" }
	c := withOwner(t, "owner", kind.Entity[box]{Namespace: "Test.Shelf", Type: "boxes", Noun: "Box", WrittenBy: keeper}.Kind())
	body := []byte(`{"properties":{"title":"x"}}`)
	if _, err := c.Put(context.Background(), as("owner"), id("a"), body); refusal(err) != "AuthorizationFailed Test.Shelf/boxes/write" {
		t.Errorf("a role writes: %v", err)
	}
	if _, err := c.Put(context.Background(), as("keeper"), id("a"), body); err != nil {
		t.Errorf("the keeper doesn't: %v", err)
	}
	for _, who := range []string{"keeper", "owner"} {
		if _, err := c.Get(context.Background(), as(who), id("a")); err != nil {
			t.Errorf("%s doesn't read: %v", who, err)
		}
		if _, err := c.List(context.Background(), as(who), arm.Root, boxType); err != nil {
			t.Errorf("%s doesn't list: %v", who, err)
		}
	}
	if _, err := c.Get(context.Background(), as("stranger"), id("a")); refusal(err) != "AuthorizationFailed Test.Shelf/boxes/read" {
		t.Errorf("a stranger reads: %v", err)
	}
	if _, err := c.Delete(context.Background(), as("owner"), id("a")); refusal(err) != "AuthorizationFailed Test.Shelf/boxes/delete" {
		t.Errorf("a role deletes: %v", err)
	}
	if _, err := c.Delete(context.Background(), as("keeper"), id("a")); err != nil {
		t.Errorf("the keeper doesn't delete: %v", err)
	}
}
