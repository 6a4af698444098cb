package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/kind"
)

// quotas answers the management API from the counters of this process's gateways. Each gateway counts apart and refuses by what it has counted itself, so
// what is told of a period is the most that one of them has counted, and what is set is set at each.
type quotas struct{ *server }

var _ apim.QuotaCounters = quotas{}

func (q quotas) Quota(ctx context.Context, home arm.ID, key string) ([]apim.QuotaPeriod, error) {
	service, workspace := quotaHome(home)
	found, err := q.gateways.Quotas(ctx, service, workspace, key)
	return periodsOf(found, ""), err
}

func (q quotas) SetQuota(ctx context.Context, home arm.ID, key, period string, calls, bytes *int64) ([]apim.QuotaPeriod, error) {
	service, workspace := quotaHome(home)
	found, err := q.gateways.SetQuotas(ctx, service, workspace, key, calls, bytes, func(p counter.Period) bool {
		return period == "" || strings.EqualFold(period, apim.PeriodKey(p.Number, p.Length))
	})
	return periodsOf(found, period), err
}

// quotaHome is the service that a home lies in, and the workspace's name as gateways know it.
func quotaHome(home arm.ID) (service, workspace string) {
	if _, is := home.Ancestor(kind.Workspace); is {
		return home.Parent().String(), home.Name()
	}
	return home.String(), ""
}

// periodsOf joins what gateways hold to the periods that they hold it for; only the named one, unless that is "".
func periodsOf(found []gateway.Quota, only string) []apim.QuotaPeriod {
	byKey := map[string]*apim.QuotaPeriod{}
	note := func(p *counter.Period) *apim.QuotaPeriod {
		key := apim.PeriodKey(p.Number, p.Length)
		if byKey[key] == nil {
			byKey[key] = &apim.QuotaPeriod{Key: key, Start: p.Start, End: p.End}
		}
		return byKey[key]
	}
	for _, g := range found {
		if g.Calls != nil {
			p := note(g.Calls)
			p.Calls = max(p.Calls, g.Calls.Used)
		}
		if g.Bytes != nil {
			p := note(g.Bytes)
			p.Bytes = max(p.Bytes, g.Bytes.Used)
		}
	}
	var out []apim.QuotaPeriod
	for key, p := range byKey {
		if only == "" || strings.EqualFold(only, key) {
			out = append(out, *p)
		}
	}
	slices.SortFunc(out, func(a, b apim.QuotaPeriod) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Key, b.Key)) })
	return out
}
