package directory_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/directory"
)

// TestTheIndexKeptCurrentEqualsOneReadAnew applies random changes and compares, after each, the directory that followed the log with
// one that reads the rows.
func TestTheIndexKeptCurrentEqualsOneReadAnew(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	random := rand.New(rand.NewPCG(1, 2))
	follower := h.reopen()
	var groups, apps []string
	pick := func(list []string) string {
		if len(list) == 0 {
			return "nobody"
		}
		return list[random.IntN(len(list))]
	}
	for step := range 120 {
		principals := append(slices.Clone(groups), h.admin.User, h.admin.ServicePrincipal)
		for _, a := range apps {
			app, _ := h.Application(a)
			if p, ok := h.ByAppID(app.AppID); ok {
				principals = append(principals, p.ObjectID)
			}
		}
		var err error
		switch random.IntN(7) {
		case 0, 1:
			groups = append(groups, h.group(fmt.Sprint("g", step)))
		case 2, 3:
			err = h.AddMember(t.Context(), by, pick(groups), pick(principals))
		case 4:
			g := pick(groups)
			if m := h.Members(g); len(m) > 0 {
				err = h.RemoveMember(t.Context(), by, g, m[random.IntN(len(m))].ObjectID)
			}
		case 5:
			app, e := h.CreateApplication(t.Context(), by, fmt.Sprint("a", step))
			h.must(e)
			_, err = h.CreateServicePrincipal(t.Context(), by, app.AppID)
			apps = append(apps, app.ObjectID)
		case 6:
			if len(apps) > 3 {
				app, _ := h.Application(apps[0])
				h.must(h.Delete(t.Context(), by, app.ResourceID()))
				apps = apps[1:]
			} else if len(groups) > 5 {
				g := pick(groups)
				h.must(h.Delete(t.Context(), by, mustFind(t, h, g)))
				groups = slices.DeleteFunc(groups, func(x string) bool { return x == g })
			}
		}
		_ = err // refusals are part of it: a member twice, nobody
		fresh := h.reopen()
		if diff := cmp.Diff(picture(fresh, principals), picture(follower, principals)); diff != "" {
			t.Fatalf("step %d (-read anew +followed):\n%s", step, diff)
		}
	}
}

// picture is all that a directory answers about some principals.
func picture(d *directory.Directory, principals []string) map[string]any {
	m := map[string]any{"apps": d.Applications(), "admins": d.Administrators(), "tenant": d.TenantID()}
	for _, id := range principals {
		p, ok := d.Principal(id)
		byApp, _ := d.ByAppID(p.AppID)
		m[id] = []any{p, ok, byApp, d.Groups(id), d.Members(id)}
	}
	return m
}

// BenchmarkGroups is asked on every authorized request.
func BenchmarkGroups(b *testing.B) {
	h := newHouse(b)
	ann := h.user("ann")
	inner := h.group("inner", ann)
	for i := range 20 {
		inner = h.group(fmt.Sprint("g", i), inner, ann)
	}
	b.ReportAllocs()
	for b.Loop() {
		if n := len(h.Groups(ann)); n != 21 {
			b.Fatal(n)
		}
	}
}

// BenchmarkFollow is what a look-up costs after a change elsewhere.
func BenchmarkFollow(b *testing.B) {
	h := newHouse(b)
	ann := h.user("ann")
	name := "Ann"
	for b.Loop() {
		b.StopTimer()
		h.must(h.Patch(b.Context(), by, h.admin.User, directory.UserPatch{DisplayName: &name}))
		b.StartTimer()
		if _, ok := h.Principal(ann); !ok {
			b.Fatal("gone")
		}
	}
}
