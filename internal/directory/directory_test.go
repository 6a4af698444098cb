package directory_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// house is a directory on a store of its own, after its first start.
type house struct {
	*directory.Directory
	t     testing.TB
	store store.Store
	ring  *seal.Ring
	admin directory.Admin
	clock *clock
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

const adminPassword, adminSecret = "correct horse", "a client secret of some length"

func newHouse(t testing.TB) *house {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	ring, err := seal.NewRing(bytes.Repeat([]byte{1}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, store: s, ring: ring, clock: &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}}
	h.Directory = h.reopen()
	var made bool
	h.admin, made, err = h.Bootstrap(t.Context(), directory.Admin{Username: "ada@contoso", Password: adminPassword, ClientSecret: adminSecret})
	if err != nil || !made {
		t.Fatalf("bootstrap: made %v, %v", made, err)
	}
	return h
}

// reopen is a second directory on the same store, as another start or another control plane would have it.
func (h *house) reopen() *directory.Directory {
	h.t.Helper()
	d, err := directory.New(h.t.Context(), h.store, h.ring, directory.Options{Now: h.clock.Now})
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

var by = store.Actor{Name: "test"}

func (h *house) user(name string) string {
	h.t.Helper()
	p, err := h.CreateUser(h.t.Context(), by, directory.NewUser{DisplayName: name, UserPrincipalName: name + "@contoso", Password: name + " password"})
	h.must(err)
	return p.ObjectID
}

func (h *house) group(name string, members ...string) string {
	h.t.Helper()
	p, err := h.CreateGroup(h.t.Context(), by, directory.NewGroup{DisplayName: name})
	h.must(err)
	for _, m := range members {
		h.must(h.AddMember(h.t.Context(), by, p.ObjectID, m))
	}
	return p.ObjectID
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) refused(err error, part string) {
	h.t.Helper()
	var e *directory.Error
	if !errors.As(err, &e) || !strings.Contains(e.Error(), part) {
		h.t.Errorf("got %v, want a refusal with %q", err, part)
	}
}

func TestFirstStartMakesTwoAdministrators(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	person, err := h.AuthenticateUser(t.Context(), "ADA@contoso", adminPassword)
	h.must(err)
	program, err := h.AuthenticateApp(h.admin.ClientID, adminSecret)
	h.must(err)
	if person.Kind != directory.User || program.Kind != directory.ServicePrincipal || person.ObjectID != h.admin.User || program.ObjectID != h.admin.ServicePrincipal {
		t.Errorf("%+v, %+v", person, program)
	}
	if !h.Administrator(person.ObjectID) || !h.Administrator(program.ObjectID) || len(h.Administrators()) != 2 {
		t.Errorf("administrators: %v", h.Administrators())
	}
	if h.TenantID() != h.admin.TenantID || h.admin.TenantID == "" || h.admin.SubscriptionID == "" {
		t.Errorf("tenant %q, %+v", h.TenantID(), h.admin)
	}
	for name, d := range map[string]*directory.Directory{"again": h.Directory, "after a restart": h.reopen()} {
		if a, made, err := d.Bootstrap(t.Context(), directory.Admin{}); made || err != nil || a != (directory.Admin{}) {
			t.Errorf("%s: %+v, %v, %v", name, a, made, err)
		}
	}
}

func TestFirstStartRefusesBadChoices(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "db"), sqlite.Options{})
	h.must(err)
	defer s.Close()
	d, err := directory.New(t.Context(), s, h.ring, directory.Options{})
	h.must(err)
	for _, a := range []directory.Admin{{TenantID: "../x"}, {ClientID: "a/b"}, {SubscriptionID: "a b"}, {ClientSecret: "short"}, {Password: "short"}, {Username: "a b"}} {
		if _, made, err := d.Bootstrap(t.Context(), a); err == nil || made {
			t.Errorf("%+v was accepted", a)
		}
	}
	if d.TenantID() != "" {
		t.Error("a refused start left a tenant")
	}
}

func TestNoSecretIsStoredReadable(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, secret, err := h.AddSecret(t.Context(), by, h.Applications()[0].ObjectID, "second", time.Time{})
	h.must(err)
	list, err := h.store.Changes(t.Context(), 0, 0)
	h.must(err)
	for _, c := range list {
		for _, s := range []string{adminPassword, adminSecret, secret, "argon2id"} {
			if bytes.Contains(c.Body, []byte(s)) {
				t.Errorf("%s holds %q", c.ID, s)
			}
		}
	}
}

func TestGroupsAreTransitive(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann, bob := h.user("ann"), h.user("bob")
	inner := h.group("inner", ann)
	outer := h.group("outer", inner, bob)
	top := h.group("top", outer)
	h.must(h.AddMember(t.Context(), by, inner, top)) // a circle
	ids := func(list ...string) map[string]bool {
		m := map[string]bool{}
		for _, id := range list {
			m[id] = true
		}
		return m
	}
	check := func(who string, want ...string) {
		t.Helper()
		for name, d := range map[string]*directory.Directory{"kept current": h.Directory, "read anew": h.reopen()} {
			if diff := cmp.Diff(ids(want...), ids(d.Groups(strings.ToUpper(who))...)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
	check(ann, inner, outer, top)
	check(bob, outer, top, inner)
	h.must(h.RemoveMember(t.Context(), by, inner, top))
	check(bob, outer, top)
	h.must(h.Delete(t.Context(), by, mustFind(t, h, outer)))
	check(ann, inner)
	check(bob)
	h.must(h.Delete(t.Context(), by, mustFind(t, h, ann)))
	check(ann)
	if got := h.Members(inner); len(got) != 0 {
		t.Errorf("a deleted person is still a member: %v", got)
	}
}

func TestMembershipsAreChecked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann := h.user("ann")
	g := h.group("g", ann)
	h.refused(h.AddMember(t.Context(), by, g, ann), "already exist")
	h.refused(h.AddMember(t.Context(), by, g, g), "itself")
	h.refused(h.AddMember(t.Context(), by, g, "nobody"), "does not exist")
	h.refused(h.AddMember(t.Context(), by, ann, ann), "does not exist")
	h.refused(h.AddMember(t.Context(), by, g+"/members/x", ann), "does not exist")
	h.refused(h.RemoveMember(t.Context(), by, g, "nobody"), "does not exist")
}

func TestChangesAreSeenByTheNextLookup(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := h.reopen() // another reader of the same store
	ann := h.user("ann")
	p, ok := other.ByUsername("Ann@Contoso")
	if !ok || p.ObjectID != ann || !p.Enabled {
		t.Fatalf("%+v, %v", p, ok)
	}
	no, name := false, "anna@contoso"
	h.must(h.Patch(t.Context(), by, ann, directory.UserPatch{AccountEnabled: &no, UserPrincipalName: &name}))
	if p, _ := other.Principal(ann); p.Enabled {
		t.Error("still enabled")
	}
	if _, ok := other.ByUsername("ann@contoso"); ok {
		t.Error("found under the old name")
	}
	if _, err := h.AuthenticateUser(t.Context(), name, "ann password"); !errors.Is(err, directory.ErrDisabled) {
		t.Errorf("disabled, right password: %v", err)
	}
	if _, err := h.AuthenticateUser(t.Context(), name, "wrong password"); !errors.Is(err, directory.ErrSecret) {
		t.Errorf("disabled, wrong password: %v", err)
	}
	h.must(h.Delete(t.Context(), by, mustFind(t, h, ann)))
	if _, ok := other.Principal(ann); ok {
		t.Error("found after the deletion")
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann := h.user("ann")
	before, _ := h.Principal(ann)
	for _, c := range []struct {
		name, password string
		want           error
	}{
		{"ann@contoso", "ann password", nil},
		{"ann@contoso", "ann passwore", directory.ErrSecret},
		{"ann@contoso", "", directory.ErrSecret},
		{"nobody", "ann password", directory.ErrUnknown},
		{"", "", directory.ErrUnknown},
		{"ann@contoso", strings.Repeat("x", 1<<20), directory.ErrSecret},
	} {
		if _, err := h.AuthenticateUser(t.Context(), c.name, c.password); !errors.Is(err, c.want) {
			t.Errorf("%q, %.20q: %v, want %v", c.name, c.password, err, c.want)
		}
	}
	h.clock.advance(time.Hour)
	next := "another password"
	h.must(h.Patch(t.Context(), by, ann, directory.UserPatch{Password: &next}))
	if _, err := h.AuthenticateUser(t.Context(), "ann@contoso", "ann password"); !errors.Is(err, directory.ErrSecret) {
		t.Errorf("the old password: %v", err)
	}
	if p, err := h.AuthenticateUser(t.Context(), "ann@contoso", next); err != nil || !p.PasswordChanged.After(before.PasswordChanged) {
		t.Errorf("the new password: %+v, %v", p, err)
	}
	for _, bad := range []string{"", "short", strings.Repeat("x", 257)} {
		_, err := h.CreateUser(t.Context(), by, directory.NewUser{DisplayName: "x", UserPrincipalName: "x", Password: bad})
		h.refused(err, "complexity")
	}
}

func TestNamesOfPeopleAreUnique(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.user("ann")
	_, err := h.CreateUser(t.Context(), by, directory.NewUser{DisplayName: "x", UserPrincipalName: "ANN@contoso", Password: "some password"})
	h.refused(err, "userPrincipalName already exists")
}

func TestClientSecrets(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	app, err := h.CreateApplication(t.Context(), by, "robot")
	h.must(err)
	c, secret, err := h.AddSecret(t.Context(), by, app.ObjectID, "ci", h.clock.Now().Add(time.Hour))
	h.must(err)
	if len(secret) != 43 || !strings.HasPrefix(secret, c.Hint) || len(c.Hint) > 3 {
		t.Errorf("secret of %d characters, hint %q", len(secret), c.Hint)
	}
	try := func(secret string, want error) {
		t.Helper()
		if _, err := h.AuthenticateApp(app.AppID, secret); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	try(secret, directory.ErrUnknown) // an application without a principal is nobody
	p, err := h.CreateServicePrincipal(t.Context(), by, app.AppID)
	h.must(err)
	try(secret, nil)
	try(secret+"x", directory.ErrSecret)
	try("", directory.ErrSecret)
	try(adminSecret, directory.ErrSecret)
	_, err = h.CreateServicePrincipal(t.Context(), by, app.AppID)
	h.refused(err, "appId already exists")
	_, err = h.CreateServicePrincipal(t.Context(), by, "nothing")
	h.refused(err, "does not reference a valid application")

	no, yes := false, true
	h.must(h.Patch(t.Context(), by, p.ObjectID, directory.UserPatch{AccountEnabled: &no}))
	try(secret, directory.ErrDisabled)
	try("wrong", directory.ErrSecret)
	h.must(h.Patch(t.Context(), by, p.ObjectID, directory.UserPatch{AccountEnabled: &yes}))
	_, second, err := h.AddSecret(t.Context(), by, app.ObjectID, "", time.Time{})
	h.must(err)
	h.clock.advance(2 * time.Hour)
	try(secret, directory.ErrExpired)
	try(second, nil)
	h.must(h.RemoveSecret(t.Context(), by, app.ObjectID, c.KeyID))
	try(secret, directory.ErrSecret)
	h.refused(h.RemoveSecret(t.Context(), by, app.ObjectID, c.KeyID), "No credentials")
	_, _, err = h.AddSecret(t.Context(), by, app.ObjectID, "", h.clock.Now().Add(-time.Second))
	h.refused(err, "past")

	h.must(h.Delete(t.Context(), by, app.ResourceID()))
	try(second, directory.ErrUnknown)
	if _, ok := h.Principal(p.ObjectID); ok {
		t.Error("the service principal outlives its application")
	}
}

func TestSomeoneMustAdminister(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	no := false
	h.must(h.RemoveAdministrator(t.Context(), by, h.admin.ServicePrincipal))
	h.refused(h.RemoveAdministrator(t.Context(), by, h.admin.User), "last enabled")
	h.refused(h.Patch(t.Context(), by, h.admin.User, directory.UserPatch{AccountEnabled: &no}), "last enabled")
	h.refused(h.Delete(t.Context(), by, mustFind(t, h, h.admin.User)), "last enabled")
	ann := h.user("ann")
	h.must(h.AddAdministrator(t.Context(), by, ann))
	h.must(h.Patch(t.Context(), by, ann, directory.UserPatch{AccountEnabled: &no}))
	h.refused(h.Delete(t.Context(), by, mustFind(t, h, h.admin.User)), "last enabled")
	h.refused(h.AddAdministrator(t.Context(), by, h.group("g")), "group")

	other := newHouse(t)
	h.must(other.RemoveAdministrator(t.Context(), by, other.admin.User))
	h.refused(other.Delete(t.Context(), by, other.Applications()[0].ResourceID()), "last enabled")
}

func TestHashesWaitTheirTurnAndAreBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.user("ann")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var wg sync.WaitGroup
	var mu sync.Mutex
	count := map[string]int{}
	for range 100 {
		wg.Go(func() {
			_, err := h.AuthenticateUser(ctx, "nobody", "x")
			mu.Lock()
			defer mu.Unlock()
			count[fmt.Sprint(err)]++
		})
	}
	wg.Wait()
	if _, err := h.AuthenticateUser(t.Context(), "ann@contoso", "ann password"); err != nil {
		t.Errorf("after the flood: %v (%v)", err, count)
	}
}

func mustFind(t testing.TB, h *house, objectID string) arm.ID {
	t.Helper()
	p, ok := h.Principal(objectID)
	if !ok {
		t.Fatalf("%s is not there", objectID)
	}
	return p.ResourceID()
}
