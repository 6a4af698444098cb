package policies

import (
	"errors"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/policy"
)

// QuotaByKey limits calls or bytes of a key over long fixed windows.
func QuotaByKey(env Env) policy.Spec {
	return policy.Spec{
		Name:     "quota-by-key",
		Doc:      "Limits the calls or the bandwidth of a key over a long period; beyond that callers get 403.",
		Sections: policy.In(policy.Inbound),
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("calls", policy.Count).Doc("Calls allowed in the period."),
			policy.Attr("bandwidth", policy.Count).Doc("Kilobytes of bodies, of requests and responses, allowed in the period."),
			policy.Attr("renewal-period", policy.Seconds(300, 1<<32, true)).Required().Doc("Length of the period in seconds, at least 300; 0 for one that never ends."),
			policy.Attr("counter-key", policy.Text).Required().Expr().Doc("What is counted apart."),
			policy.Attr("increment-condition", policy.Bool).Default("true").Expr().Doc("Whether the call counts; as an expression, asked when the response is known."),
			policy.Attr("increment-count", policy.Count).Default("1").Expr().Doc("How much the call counts; as an expression, asked when the response is known."),
			policy.Attr("first-period-start", policy.Instant).Default("0001-01-01T00:00:00Z").Doc("Beginning of the first period; the others follow without a gap."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileQuotaByKey(env, a) },
	}
}

// keyedQuota is one use of quota-by-key.
type keyedQuota struct {
	store     counter.Store
	workspace string
	key       policy.TextValue
	calls     int64 // -1 for no limit
	bytes     int64 // -1 for no limit
	window    counter.Window
	increment increment
}

func compileQuotaByKey(env Env, a *policy.Args) (policy.Step, error) {
	if !a.Set("calls") && !a.Set("bandwidth") {
		return nil, errors.New("one of the attributes 'calls' and 'bandwidth' is required")
	}
	period, _ := a.Int("renewal-period").Literal()
	start, err := time.Parse(time.RFC3339, a.Literal("first-period-start"))
	if err != nil {
		return nil, err
	}
	q := &keyedQuota{
		store: env.Counters, workspace: a.Home().Workspace, key: a.Text("counter-key"), calls: -1, bytes: -1,
		window:    counter.Window{Length: time.Duration(period) * time.Second, Aligned: true, Start: start},
		increment: readIncrement(a),
	}
	if a.Set("calls") {
		q.calls, _ = a.Int("calls").Literal()
	}
	if a.Set("bandwidth") {
		kilobytes, _ := a.Int("bandwidth").Literal()
		q.bytes = kilobytes * 1024
	}
	return q.step, nil
}

func (q *keyedQuota) step(x *policy.Exchange) error {
	if q.store == nil {
		return noCount(errNoCounters)
	}
	name, err := q.key.Get(x)
	if err != nil {
		return err
	}
	calls, bytes := KeyedQuotaCounters(q.workspace, name)
	if q.bytes >= 0 {
		if err := q.bandwidth(x, bytes); err != nil {
			return err
		}
	}
	if q.calls < 0 {
		return nil
	}
	return q.countCalls(x, calls)
}

// countCalls tests and counts. Several quotas with one key count an exchange once.
func (q *keyedQuota) countCalls(x *policy.Exchange, key counter.Key) error {
	n, later := int64(0), true
	if first := x.Once(key); first && !q.increment.later {
		var err error
		if n, err = q.increment.now(x); err != nil {
			return err
		}
		later = n == 0
	} else if first {
		q.increment.atEnd(x, q.store, key, q.window)
	}
	var r counter.Result
	var err error
	if later {
		r, err = q.store.Peek(x.Context, key, q.calls, q.window)
	} else {
		r, err = q.store.Hit(x.Context, key, q.calls, q.window, n)
	}
	if err != nil {
		return noCount(err)
	}
	if !r.Allowed {
		return quotaExceeded("call volume", r.RetryAfter)
	}
	return nil
}

// bandwidth tests what earlier exchanges have used and counts this one when its bodies have passed. Whether it counts is asked while the answer can
// still be looked at; a condition that fails counts, because a caller must not get past a limit by making it fail.
func (q *keyedQuota) bandwidth(x *policy.Exchange, key counter.Key) error {
	r, err := q.store.Peek(x.Context, key, q.bytes, q.window)
	if err != nil {
		return noCount(err)
	}
	if !r.Allowed {
		return quotaExceeded("bandwidth", r.RetryAfter)
	}
	if !x.Once(key) {
		return nil
	}
	x.AtEnd = append(x.AtEnd, func(x *policy.Exchange) {
		if counts, err := q.increment.condition.Get(x); err != nil || counts {
			countTraffic(x, q.store, key, q.window)
		}
	})
	return nil
}
