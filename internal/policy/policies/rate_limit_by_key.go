package policies

import (
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/policy"
)

// RateLimitByKey limits the calls that share a key. All uses of a workspace with one key share one counter.
func RateLimitByKey(env Env) policy.Spec {
	return policy.Spec{
		Name:     "rate-limit-by-key",
		Doc:      "Limits how often calls with one key may happen; beyond that callers get 429.",
		Sections: policy.In(policy.Inbound),
		Scopes:   policy.AnyScope,
		Shape: policy.Element(append([]policy.Part{
			policy.Attr("calls", policy.Count).Required().Expr().Doc("Calls allowed in the window."),
			policy.Attr("renewal-period", policy.Seconds(1, maxRatePeriod, false)).Required().Expr().Doc("Length of the sliding window in seconds, at most 300."),
			policy.Attr("counter-key", policy.Text).Required().Expr().Doc("What is counted apart."),
			policy.Attr("increment-condition", policy.Bool).Default("true").Expr().Doc("Whether the call counts. As an expression it is asked when the response is known, and the limit is felt by the next call."),
			policy.Attr("increment-count", policy.Count).Default("1").Expr().Doc("How much the call counts; as an expression, asked when the response is known."),
			policy.Attr("increment-after-response", policy.Bool).Default("false").Doc("Whether the call counts only when the response is known."),
		}, limitNameAttrs()...)...),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileRateLimitByKey(env, a) },
	}
}

// keyedLimit is one use of rate-limit-by-key.
type keyedLimit struct {
	store     counter.Store
	workspace string
	names     limitNames
	calls     policy.IntValue
	period    policy.IntValue
	key       policy.TextValue
	increment increment
}

func compileRateLimitByKey(env Env, a *policy.Args) (policy.Step, error) {
	l := &keyedLimit{
		store: env.Counters, workspace: a.Home().Workspace, names: readLimitNames(a),
		calls: a.Int("calls"), period: a.Int("renewal-period"), key: a.Text("counter-key"),
		increment: readIncrement(a),
	}
	l.increment.later = l.increment.later || a.Literal("increment-after-response") == "true"
	return l.step, nil
}

func (l *keyedLimit) step(x *policy.Exchange) error {
	if l.store == nil {
		return noCount(errNoCounters)
	}
	name, err := l.key.Get(x)
	if err != nil {
		return err
	}
	limit, err := l.calls.Get(x)
	if err != nil {
		return err
	}
	period, err := l.period.Get(x)
	if err != nil {
		return err
	}
	key := counter.Key{Workspace: l.workspace, Space: "rate-limit-by-key", Name: counterName(name)}
	window := counter.Window{Length: time.Duration(period) * time.Second}
	if l.increment.later {
		return l.deferred(x, key, limit, window)
	}
	n, err := l.increment.now(x)
	if err != nil || n == 0 {
		return err
	}
	return l.names.hit(x, l.store, key, limit, window.Length, n)
}

// deferred tests the limit now and counts when the response is known.
func (l *keyedLimit) deferred(x *policy.Exchange, key counter.Key, limit int64, w counter.Window) error {
	r, err := l.store.Peek(x.Context, key, limit, w)
	if err != nil {
		return noCount(err)
	}
	if !r.Allowed {
		return l.names.refused(x, limit, r.RetryAfter)
	}
	l.names.passed(x, limit, r.Remaining)
	l.increment.atEnd(x, l.store, key, w)
	return nil
}
