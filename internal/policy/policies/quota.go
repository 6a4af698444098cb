package policies

import (
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Quota limits the calls or bytes of each subscription of a product over long fixed windows. It does nothing for requests without one.
func Quota(env Env) policy.Spec {
	period := func() *policy.AttrShape { return policy.Attr("renewal-period", policy.Seconds(1, 1<<32, true)) }
	amounts := func() []policy.Part {
		return []policy.Part{
			policy.Attr("calls", policy.Count).Doc("Calls allowed in the period."),
			policy.Attr("bandwidth", policy.Count).Doc("Kilobytes of bodies, of requests and responses, allowed in the period."),
		}
	}
	child := func(more ...policy.Part) []policy.Part {
		parts := append(limitTargetAttrs(), amounts()...)
		return append(append(parts, period().Doc("Length of the period in seconds; the outer element's when left out.")), more...)
	}
	return policy.Spec{
		Name:     "quota",
		Doc:      "Limits the calls or the bandwidth of a subscription over a long period; beyond that callers get 403.",
		Sections: policy.In(policy.Inbound),
		Scopes:   policy.At(policy.ProductScope),
		Once:     policy.OncePerDocument,
		Shape: policy.Element(append(amounts(),
			period().Required().Doc("Length of the period in seconds, from the subscription's start on; 0 for one that never ends."),
			policy.Child("api", child(policy.Child("operation", child()...).Many())...).Many().Doc("A quota for one API of the product."),
		)...),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileQuota(env, a) },
	}
}

// allowance is what one element of quota allows.
type allowance struct {
	limitTarget       // none for quota itself
	calls       int64 // -1 for no limit
	bytes       int64 // -1 for no limit
	period      time.Duration
	inner       []allowance
}

func readAllowance(a *policy.Args, period time.Duration, inner ...string) (q allowance, err error) {
	q = allowance{calls: -1, bytes: -1, period: period}
	if !a.Set("calls") && !a.Set("bandwidth") {
		return q, a.Errorf("one of the attributes 'calls' and 'bandwidth' is required")
	}
	if a.Set("calls") {
		q.calls, _ = a.Int("calls").Literal()
	}
	if a.Set("bandwidth") {
		kilobytes, _ := a.Int("bandwidth").Literal()
		q.bytes = kilobytes * 1024
	}
	if a.Set("renewal-period") {
		n, _ := a.Int("renewal-period").Literal()
		q.period = time.Duration(n) * time.Second
	}
	if len(inner) == 0 {
		return q, nil
	}
	for _, child := range a.All(inner[0]) {
		c, err := readAllowance(child, q.period, inner[1:]...)
		if err != nil {
			return q, err
		}
		if c.limitTarget, err = readLimitTarget(child); err != nil {
			return q, err
		}
		q.inner = append(q.inner, c)
	}
	return q, nil
}

func compileQuota(env Env, a *policy.Args) (policy.Step, error) {
	q, err := readAllowance(a, 0, "api", "operation")
	if err != nil {
		return nil, err
	}
	workspace, product := a.Home().Workspace, a.Place().DocumentID
	return func(x *policy.Exchange) error {
		if x.Subscription == nil {
			return nil
		}
		if env.Counters == nil {
			return noCount(errNoCounters)
		}
		key := counter.Key{Workspace: workspace, Place: product, Name: x.Subscription.ID}
		if err := q.count(x, env.Counters, "quota", key); err != nil || x.API == nil {
			return err
		}
		return countChildren(x, env.Counters, q.inner, key)
	}, nil
}

// countChildren counts the request under the quotas of its API and operation.
func countChildren(x *policy.Exchange, store counter.Store, apis []allowance, key counter.Key) error {
	for i := range apis {
		api := &apis[i]
		if !api.matches(x.API.ID, x.API.Name) {
			continue
		}
		key.Place = x.API.ID
		if err := api.count(x, store, "quota/api", key); err != nil {
			return err
		}
		for j := range api.inner {
			op := &api.inner[j]
			if x.Operation == nil || !op.matches(x.Operation.ID, x.Operation.Name) {
				continue
			}
			key.Place = x.Operation.ID
			if err := op.count(x, store, "quota/operation", key); err != nil {
				return err
			}
		}
	}
	return nil
}

// count tests and counts. A call that a narrower limit refuses has counted under the wider ones, as with the rate limits.
func (q *allowance) count(x *policy.Exchange, store counter.Store, space string, key counter.Key) error {
	w := counter.Window{Length: q.period, Aligned: true, Start: quotaStart(x.Subscription)}
	if q.bytes >= 0 {
		key.Space = space + "/bandwidth"
		if err := countBandwidth(x, store, key, q.bytes, w); err != nil {
			return err
		}
	}
	key.Space = space + "/calls"
	if q.calls < 0 {
		return nil
	}
	r, err := store.Hit(x.Context, key, q.calls, w, 1)
	if err != nil {
		return noCount(err)
	}
	if !r.Allowed {
		return quotaExceeded("call volume", r.RetryAfter)
	}
	return nil
}

// countBandwidth tests what earlier exchanges have used and counts this one when its bodies have passed.
func countBandwidth(x *policy.Exchange, store counter.Store, key counter.Key, limit int64, w counter.Window) error {
	r, err := store.Peek(x.Context, key, limit, w)
	if err != nil {
		return noCount(err)
	}
	if !r.Allowed {
		return quotaExceeded("bandwidth", r.RetryAfter)
	}
	if !x.Once(key) {
		return nil
	}
	countTraffic(x, store, key, w)
	return nil
}

// countTraffic counts the bytes of both bodies once they have passed, whether their lengths were known before or not.
func countTraffic(x *policy.Exchange, store counter.Store, key counter.Key, w counter.Window) {
	x.Afterwards = append(x.Afterwards, func(x *policy.Exchange) {
		if n := x.Traffic.In + x.Traffic.Out; n > 0 {
			_ = store.Add(x.Context, key, w, n)
		}
	})
}

// quotaStart is when a subscription's first period begins: when it starts, or else when it was made.
func quotaStart(s *policy.Subscription) time.Time {
	if s.Start != nil {
		return *s.Start
	}
	return s.Created
}
