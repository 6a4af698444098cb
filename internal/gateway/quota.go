package gateway

import (
	"context"
	"strings"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// Quota is what one gateway has counted for a key of quota-by-key in the window that lasts now. Calls and bytes have a window each; a policy that limits
// only one of them leaves the other nil.
type Quota struct {
	Gateway      string // resource id
	Calls, Bytes *counter.Period
}

// Quotas returns what the gateways of a service have counted for a key in documents of a workspace, "" for the service's own. Gateways that know no such
// counter are left out.
func (s *Set) Quotas(ctx context.Context, serviceID, workspace, key string) ([]Quota, error) {
	return s.eachQuota(serviceID, workspace, key, func(l counter.Ledger, k counter.Key, _ bool) (counter.Period, bool, error) {
		return l.Current(ctx, k)
	})
}

// SetQuotas makes calls and bytes what the gateways of a service have counted for a key, where they count them in the window that wanted accepts; nil leaves
// a counter as it is. It returns what the gateways hold then.
func (s *Set) SetQuotas(ctx context.Context, serviceID, workspace, key string, calls, bytes *int64, wanted func(counter.Period) bool) ([]Quota, error) {
	return s.eachQuota(serviceID, workspace, key, func(l counter.Ledger, k counter.Key, isCalls bool) (counter.Period, bool, error) {
		p, ok, err := l.Current(ctx, k)
		to := bytes
		if isCalls {
			to = calls
		}
		if err != nil || !ok || to == nil || !wanted(p) {
			return p, ok, err
		}
		return l.Set(ctx, k, *to)
	})
}

// eachQuota asks the counters of a key on each gateway of a service.
func (s *Set) eachQuota(serviceID, workspace, key string, ask func(l counter.Ledger, k counter.Key, isCalls bool) (counter.Period, bool, error)) ([]Quota, error) {
	calls, bytes := policies.KeyedQuotaCounters(workspace, key)
	var out []Quota
	for _, m := range s.members() {
		if !strings.EqualFold(m.serves.ServiceID, serviceID) {
			continue
		}
		q := Quota{Gateway: m.serves.ID}
		for _, c := range []struct {
			key  counter.Key
			into **counter.Period
		}{{calls, &q.Calls}, {bytes, &q.Bytes}} {
			p, ok, err := ask(m.gateway.counters, c.key, c.into == &q.Calls)
			if err != nil {
				return nil, err
			}
			if ok {
				*c.into = &p
			}
		}
		if q.Calls != nil || q.Bytes != nil {
			out = append(out, q)
		}
	}
	return out, nil
}

// members are the gateways that are in force now.
func (s *Set) members() []*member {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*member, 0, len(s.gateways))
	for _, m := range s.gateways {
		out = append(out, m)
	}
	return out
}
