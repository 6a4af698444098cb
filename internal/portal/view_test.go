package portal

import (
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// services is an installation that holds nothing else.
type services struct {
	kind.Lookup
	all []*kind.Resource
}

func (s services) Below(arm.ID, string) []*kind.Resource { return s.all }

func TestThePortalIsThatOfTheOldestService(t *testing.T) {
	t.Parallel()
	service := func(name string, day int) *kind.Resource {
		at := time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)
		return &kind.Resource{ID: arm.MustID("/services/" + name), Value: &apim.Service{CreatedAtUTC: &at}}
	}
	for _, c := range []struct {
		want string
		all  []*kind.Resource
	}{
		{"", nil},
		{"a", []*kind.Resource{service("a", 2)}},
		{"b", []*kind.Resource{service("a", 2), service("b", 1), service("c", 3)}},
		{"a", []*kind.Resource{service("a", 1), service("b", 1)}},
	} {
		id, _, ok := serviceOf(services{all: c.all})
		if id.Name() != c.want || ok != (c.want != "") {
			t.Errorf("of %d services the portal serves %q, want %q", len(c.all), id.Name(), c.want)
		}
	}
}
