package apim

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// shelf is a Lookup over values that a test puts on it, by their ids below testService. What it doesn't have, a test must not ask.
type shelf struct {
	kind.Lookup
	values map[string]any
}

func (s shelf) all() []*kind.Resource {
	var out []*kind.Resource
	for path, v := range s.values {
		out = append(out, &kind.Resource{ID: arm.MustID(testService + path), Value: v})
	}
	slices.SortFunc(out, func(a, b *kind.Resource) int { return strings.Compare(a.ID.Key(), b.ID.Key()) })
	return out
}

func (s shelf) Get(id arm.ID) (*kind.Resource, bool) {
	for _, r := range s.all() {
		if r.ID.Equal(id) {
			return r, true
		}
	}
	return nil, false
}

func (s shelf) Children(parent arm.ID, typ string) []*kind.Resource {
	return slices.DeleteFunc(s.all(), func(r *kind.Resource) bool {
		return !r.ID.Parent().Equal(parent) || !strings.EqualFold(lastWord(r.ID.Type()), typ)
	})
}

func (s shelf) Below(scope arm.ID, fullType string) []*kind.Resource {
	return slices.DeleteFunc(s.all(), func(r *kind.Resource) bool { return !r.ID.Within(scope) || !strings.EqualFold(r.ID.Type(), fullType) })
}
