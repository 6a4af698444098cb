package policies

import (
	"errors"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/policy"
)

// maxRatePeriod is the longest window of a rate limit, in seconds.
const maxRatePeriod = 300

// RateLimit limits the calls of each subscription. It does nothing for requests without one.
func RateLimit(env Env) policy.Spec {
	limits := func(more ...policy.Part) []policy.Part {
		return append(append(limitTargetAttrs(),
			policy.Attr("calls", policy.Count).Required().Doc("Calls allowed in the window."),
			policy.Attr("renewal-period", policy.Seconds(1, maxRatePeriod, false)).Required().Doc("Length of the sliding window in seconds, at most 300."),
		), more...)
	}
	return policy.Spec{
		Name:     "rate-limit",
		Doc:      "Limits how often a subscription may call; beyond that callers get 429.",
		Sections: policy.In(policy.Inbound),
		Scopes:   policy.At(policy.ProductScope, policy.APIScope, policy.OperationScope),
		Once:     policy.OncePerDocument,
		Shape: policy.Element(append([]policy.Part{
			policy.Attr("calls", policy.Count).Required().Doc("Calls allowed in the window."),
			policy.Attr("renewal-period", policy.Seconds(1, maxRatePeriod, false)).Required().Doc("Length of the sliding window in seconds, at most 300."),
			policy.Child("api", limits(policy.Child("operation", limits()...).Many())...).Many().Doc("A limit for one API of the product."),
		}, limitNameAttrs()...)...),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileRateLimit(env, a) },
	}
}

// subLimit is an api or operation child.
type subLimit struct {
	limitTarget
	calls  int64
	period time.Duration
	inner  []subLimit
}

func readSubLimits(all []*policy.Args, inner string) ([]subLimit, error) {
	var out []subLimit
	for _, a := range all {
		target, err := readLimitTarget(a)
		if err != nil {
			return nil, err
		}
		l := subLimit{limitTarget: target}
		l.calls, l.period = callsAndPeriod(a)
		if inner != "" {
			if l.inner, err = readSubLimits(a.All(inner), ""); err != nil {
				return nil, err
			}
		}
		out = append(out, l)
	}
	return out, nil
}

func callsAndPeriod(a *policy.Args) (int64, time.Duration) {
	calls, _ := a.Int("calls").Literal()
	period, _ := a.Int("renewal-period").Literal()
	return calls, time.Duration(period) * time.Second
}

func compileRateLimit(env Env, a *policy.Args) (policy.Step, error) {
	names := readLimitNames(a)
	calls, period := callsAndPeriod(a)
	apis, err := readSubLimits(a.All("api"), "operation")
	if err != nil {
		return nil, err
	}
	workspace := a.Home().Workspace
	space, place := "rate-limit", a.Place().DocumentID
	if place == "" {
		place = a.Place().Scope.String()
	}
	return func(x *policy.Exchange) error {
		if x.Subscription == nil {
			return nil
		}
		if env.Counters == nil {
			return noCount(errNoCounters)
		}
		key := counter.Key{Workspace: workspace, Space: space, Place: place, Name: x.Subscription.ID}
		if err := names.hit(x, env.Counters, key, calls, period, 1); err != nil || len(apis) == 0 || x.API == nil {
			return err
		}
		return subLimits(x, env.Counters, &names, apis, key)
	}, nil
}

var errNoCounters = errors.New("this gateway has no counters")

// subLimits counts the request under the limits of its API and operation.
func subLimits(x *policy.Exchange, store counter.Store, names *limitNames, apis []subLimit, key counter.Key) error {
	for i := range apis {
		if !apis[i].matches(x.API.ID, x.API.Name) {
			continue
		}
		key.Space, key.Place = "rate-limit/api", x.API.ID
		if err := names.hit(x, store, key, apis[i].calls, apis[i].period, 1); err != nil {
			return err
		}
		for j := range apis[i].inner {
			op := &apis[i].inner[j]
			if x.Operation == nil || !op.matches(x.Operation.ID, x.Operation.Name) {
				continue
			}
			key.Space, key.Place = "rate-limit/operation", x.Operation.ID
			if err := names.hit(x, store, key, op.calls, op.period, 1); err != nil {
				return err
			}
		}
	}
	return nil
}
