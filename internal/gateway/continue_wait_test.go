package gateway

import (
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Whatever an expression gives as the wait, there are no more pools of connections than a minute has seconds, and none of its own for requests without a body.
func TestWaitsMakeABoundedNumberOfPools(t *testing.T) {
	t.Parallel()
	pools := newTransports(Limits{}, nil)
	with, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://a", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	without := with.Clone(t.Context())
	without.Body = nil
	target := &policy.Target{}
	for _, wait := range []time.Duration{-time.Second, 0, time.Nanosecond, time.Minute, time.Hour, math.MaxInt64} {
		pools.of(mannerOfCall(target, policy.ForwardOptions{ContinueTimeout: wait}, with), nil)
	}
	for i := range time.Duration(2000) {
		o := policy.ForwardOptions{ContinueTimeout: i * 100 * time.Millisecond}
		p := pools.of(mannerOfCall(target, o, with), nil)
		if want := min(i/10, 60) * time.Second; p.ExpectContinueTimeout != want {
			t.Fatalf("%s: the pool waits %s, want %s", o.ContinueTimeout, p.ExpectContinueTimeout, want)
		}
		pools.of(mannerOfCall(target, o, without), nil)
	}
	if n := len(pools.pool); n != 61 {
		t.Errorf("%d pools", n)
	}
}
