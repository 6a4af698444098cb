package gateway

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Serving is a gateway that is in force.
type Serving struct {
	ID, Name string
	Begun    time.Time // it came into force
	Changed  time.Time // it took its latest snapshot
	Answered time.Time // its latest call began; zero before the first, and where nobody reports
}

// Serving returns the gateways of a service that are in force, by their ids.
func (s *Set) Serving(serviceID string) []Serving {
	var out []Serving
	for _, m := range s.members() {
		if !strings.EqualFold(m.serves.ServiceID, serviceID) {
			continue
		}
		g := Serving{ID: m.serves.ID, Name: m.serves.Name, Begun: m.begun, Changed: m.changed}
		if m.gateway.meter != nil {
			g.Answered = m.gateway.meter.Last()
		}
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Serving) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
