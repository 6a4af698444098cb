package publish

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// breaker translates the rule of a backend; nil without one.
func breaker(v *apim.Backend) *snapshot.Breaker {
	rule, interval, trip := v.BreakerOf()
	if rule == nil {
		return nil
	}
	f := rule.FailureCondition
	b := &snapshot.Breaker{Interval: interval, Trip: trip, Reasons: f.ErrorReasons, RetryAfter: rule.AcceptRetryAfter != nil && *rule.AcceptRetryAfter}
	if f.Count != nil {
		b.Count = int(*f.Count)
	}
	if f.Percentage != nil {
		b.Percentage = int(*f.Percentage)
	}
	for _, s := range f.StatusCodeRanges {
		b.Statuses = append(b.Statuses, snapshot.StatusRange{Min: int(s.Min), Max: int(s.Max)})
	}
	return b
}

func member(s apim.BackendPoolItem) snapshot.Member {
	m := snapshot.Member{Name: lastWord(s.ID)}
	if s.Weight != nil {
		m.Weight = *s.Weight
	}
	if s.Priority != nil {
		m.Priority = *s.Priority
	}
	return m
}

// lastWord is the name in an id.
func lastWord(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }
