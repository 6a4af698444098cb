package policies

import (
	"context"
	"errors"
	"time"

	"github.com/atelier-apim/atelier/internal/cache"
	"github.com/atelier-apim/atelier/internal/policy"
)

// cacheValueExpiry is how many seconds a computed value is kept unless the policy says otherwise.
const cacheValueExpiry = "28800"

// CacheValue reads a value of the cache, and computes and keeps it when it isn't there or has grown old. No documentation describes the policy; what it
// does where its attributes leave that open is written in docs/limits.md.
func CacheValue(env Env) policy.Spec {
	flights := newFlights()
	return policy.Spec{
		Name:     "cache-value",
		Doc:      "Puts a value of the cache into a variable; what is not there is computed by the policies inside and kept, by one request for all.",
		Sections: policy.AnySection,
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			keyAttr(),
			policy.Attr("variable-name", policy.Text).Required().Doc("Variable that gets the value; the policies inside set it."),
			policy.Attr("expires-after", policy.Seconds(0, 1<<31-1, false)).Default(cacheValueExpiry).Expr().
				Doc("How many seconds a computed value is kept; evaluated when it has been computed."),
			policy.Attr("refresh-after", policy.Seconds(0, 1<<31-1, false)).Expr().
				Doc("After how many seconds one request computes the value again while others get the old one; fewer than expires-after, and 0 for every time. Without it the value is used until it expires."),
			policy.Attr("default-value", policy.Object).Expr().Doc("What the variable gets when the policies inside leave it unset or null."),
			cachingType(),
			policy.Child("value", policy.Policies()).Required().Doc("The policies that compute the value and set the variable."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileCacheValue(a, env, flights) },
	}
}

// cacheValue is one use of the policy.
type cacheValue struct {
	store            cache.Store
	key              func(*policy.Exchange) (cache.Key, error)
	name             string
	expires, refresh policy.IntValue
	refreshes        bool
	other            policy.ObjectValue
	hasOther         bool
	compute          policy.Block
	flights          *flights
}

func compileCacheValue(a *policy.Args, env Env, f *flights) (policy.Step, error) {
	store, err := cacheOf(env, a)
	if err != nil {
		return nil, err
	}
	v := &cacheValue{
		store: store, key: valueKey(a), name: a.Literal("variable-name"), expires: a.Int("expires-after"), refresh: a.Int("refresh-after"), refreshes: a.Set("refresh-after"),
		other: a.Object("default-value"), hasOther: a.Set("default-value"), compute: a.One("value").Body(), flights: f,
	}
	expires, fixed := v.expires.Literal()
	if refresh, literal := v.refresh.Literal(); v.refreshes && fixed && literal && refresh >= expires {
		return nil, errors.New("'refresh-after' must be less than 'expires-after': a value that has expired can't be used while it is computed again")
	}
	return v.run, nil
}

func (v *cacheValue) run(x *policy.Exchange) error {
	k, err := v.key(x)
	if err != nil {
		return err
	}
	old, due, found := v.lookup(x, k)
	switch {
	case found && !due:
		x.SetVariable(v.name, old)
		return nil
	case found:
		return v.again(x, k, old)
	}
	done, others := v.flights.begin(x, k)
	if done == nil {
		if err := await(x, others); err != nil {
			return err
		}
		if theirs, _, found := v.lookup(x, k); found {
			x.SetVariable(v.name, theirs)
			return nil
		}
	} else {
		defer done()
	}
	computed, err := v.renew(x, k)
	if err != nil || computed || !v.hasOther {
		return err
	}
	other, err := v.other.Get(x)
	if err == nil {
		x.SetVariable(v.name, other)
	}
	return err
}

// again computes a value that is old, unless another request is at it. The old one is good until it expires: it stands in when that fails.
func (v *cacheValue) again(x *policy.Exchange, k cache.Key, old any) error {
	done, _ := v.flights.begin(x, k)
	if done == nil {
		x.SetVariable(v.name, old)
		return nil
	}
	defer done()
	computed, err := v.renew(x, k)
	switch {
	case errors.Is(err, policy.ErrReplied), errors.Is(err, policy.ErrOvertaken), err != nil && x.Context.Err() != nil:
		return err
	case err != nil:
		x.Host.Trace(x, policy.TraceRecord{Source: "cache-value", Severity: "error", Message: "the old value is used: " + cause(err)})
	}
	if err != nil || !computed {
		x.SetVariable(v.name, old)
	}
	return nil
}

// cause is what went wrong, without where.
func cause(err error) string {
	var e *policy.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// lookup is the value that the cache has, and whether it is time to compute it again.
func (v *cacheValue) lookup(x *policy.Exchange, k cache.Key) (value any, due, found bool) {
	data, ok := fetched(x.Context, v.store, k)
	if !ok {
		return nil, false, false
	}
	value, err := decodeValue(x, data)
	if err != nil {
		return nil, false, false
	}
	at, refreshes := refreshTime(data)
	return value, refreshes && !x.Host.Now().Before(at), true
}

// renew computes the value and keeps it; false when there is none, and then the variable is as it was before.
func (v *cacheValue) renew(x *policy.Exchange, k cache.Key) (bool, error) {
	before, had := x.Variable(v.name)
	x.UnsetVariable(v.name)
	if err := v.compute.Run(x); err != nil {
		return false, err
	}
	value, _ := x.Variable(v.name)
	if value == nil {
		x.UnsetVariable(v.name)
		if had {
			x.SetVariable(v.name, before)
		}
		return false, nil
	}
	expires, err := v.expires.Get(x)
	if err != nil {
		return false, err
	}
	refresh := expires
	if v.refreshes {
		if refresh, err = v.refresh.Get(x); err != nil {
			return false, err
		}
	}
	data, err := encodeValue(x, value)
	if err != nil {
		return false, err
	}
	if refresh < expires {
		data = refreshed(data, x.Host.Now().Add(time.Duration(refresh)*time.Second))
	}
	kept(x.Context, v.store, k, data, time.Duration(expires)*time.Second)
	return true, nil
}

// flightWait is how long a request waits for another one that computes the value; then it computes it by itself.
const flightWait = 5 * time.Second

// await waits until a computation has ended. The error is that of a request that is over.
func await(x *policy.Exchange, ended <-chan struct{}) error {
	if ended == nil {
		return nil
	}
	gone := x.Away(func(ctx context.Context) {
		enough := time.NewTimer(flightWait)
		defer enough.Stop()
		select {
		case <-ended:
		case <-enough.C:
		case <-ctx.Done():
		}
	})
	if gone != nil {
		return gone
	}
	return x.Context.Err()
}
