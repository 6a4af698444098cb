package policies

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// maxRetries and maxRetryWait bound how long one request can go on retrying.
const (
	maxRetries   = 50
	maxRetryWait = 3600 // seconds
)

// Retry makes the policy for one gateway, whose clock it waits by.
func Retry(env Env) policy.Spec {
	wait := policy.Seconds(0, maxRetryWait, true)
	return policy.Spec{
		Name:     "retry",
		Doc:      "Runs the policies inside, and again while a condition holds.",
		Sections: policy.AnySection,
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("condition", policy.Bool).Required().Expr().Doc("Whether to run once more; asked after each run."),
			policy.Attr("count", policy.IntRange(1, maxRetries)).Required().Expr().Doc("Most further runs, 1 to 50."),
			policy.Attr("interval", wait).Required().Expr().Doc("Seconds to wait before a further run."),
			policy.Attr("max-interval", wait).Expr().Doc("Most seconds to wait; with delta the wait doubles each time up to it."),
			policy.Attr("delta", wait).Expr().Doc("Seconds by which the wait grows."),
			policy.Attr("first-fast-retry", policy.Bool).Default("false").Expr().Doc("Whether the first further run follows at once."),
			policy.Policies(),
		),
		Compile: func(a *policy.Args) (policy.Step, error) {
			r := &retry{
				body: a.Body(), condition: a.Bool("condition"), count: a.Int("count"), fast: a.Bool("first-fast-retry"),
				interval: a.Int("interval"), longest: a.Int("max-interval"), delta: a.Int("delta"),
				capped: a.Set("max-interval"), grows: a.Set("delta"), pause: env.Wait,
			}
			if r.pause == nil {
				r.pause = pause
			}
			return r.step, nil
		},
	}
}

// retry is one use of it.
type retry struct {
	body                            policy.Block
	condition, fast                 policy.BoolValue
	count, interval, longest, delta policy.IntValue
	capped, grows                   bool
	pause                           func(context.Context, time.Duration) error
}

func (r *retry) step(x *policy.Exchange) error {
	earlier := x.LastError
	for n := 1; ; n++ {
		failure := r.body.Run(x)
		if errors.Is(failure, policy.ErrReplied) {
			return failure
		}
		// The condition, and a further run, see the failure as context.LastError.
		x.LastError = earlier
		if failure != nil {
			errors.As(failure, &x.LastError)
		}
		again, err := r.again(x, n)
		switch {
		case failure != nil && (err != nil || !again):
			return failure // says more than a condition that can't do without a response
		case err != nil:
			return err
		case !again:
			return nil
		}
		wait, err := r.wait(x, n)
		if err != nil {
			return err
		}
		if gone := x.Away(func(ctx context.Context) { err = r.pause(ctx, wait) }); gone != nil {
			return gone
		}
		if err != nil {
			return &policy.Error{Reason: "ClientConnectionFailure", Message: "The caller closed the connection.", Status: 499, Cause: err}
		}
	}
}

// again says whether the nth retry is to be made.
func (r *retry) again(x *policy.Exchange, n int) (bool, error) {
	holds, err := r.condition.Get(x)
	if err != nil || !holds {
		return false, err
	}
	count, err := r.count.Get(x)
	return int64(n) <= count, err
}

// wait is the time before the nth retry: the interval; with delta that much more each time; with max-interval as well the exponential wait of
// policies.md 7.12, spread at random so that many callers don't come back together.
func (r *retry) wait(x *policy.Exchange, n int) (time.Duration, error) {
	fast, err := r.fast.Get(x)
	if err != nil || fast && n == 1 {
		return 0, err
	}
	var interval, delta, longest int64
	for _, v := range []struct {
		from policy.IntValue
		to   *int64
	}{{r.interval, &interval}, {r.delta, &delta}, {r.longest, &longest}} {
		if *v.to, err = v.from.Get(x); err != nil {
			return 0, err
		}
	}
	w := float64(interval)
	switch {
	case r.grows && r.capped:
		w += (math.Exp2(float64(n-1)) - 1) * float64(delta) * (0.8 + 0.4*rand.Float64())
	case r.grows:
		w += float64(n-1) * float64(delta)
	}
	if r.capped {
		w = min(w, float64(longest))
	}
	return time.Duration(w * float64(time.Second)), nil
}

// pause waits by the real clock; the error is that the caller has gone.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
