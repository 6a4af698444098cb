package policies_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// leaving is a backend during whose answer the caller goes away.
type leaving struct {
	silent
	leave context.CancelFunc
	calls int
}

func (l *leaving) Forward(*policy.Exchange, policy.ForwardOptions) error {
	l.calls++
	l.leave()
	return nil
}

// Nobody waits an hour for a caller who has gone, nor is the backend called again, not even by a retry without a wait.
func TestRetryEndsWhenTheCallerLeaves(t *testing.T) {
	t.Parallel()
	for _, interval := range []string{"3600", "0"} {
		p := plan(t, map[policy.Scope]string{
			policy.APIScope: `<policies><backend><retry condition="true" count="50" interval="` + interval + `"><forward-request/></retry></backend></policies>`,
		})
		ctx, cancel := context.WithCancel(t.Context())
		host := &leaving{leave: cancel}
		x := exchange(host)
		x.Context = ctx
		err := p.Run(x, policy.BackendSection)
		var e *policy.Error
		if !errors.As(err, &e) || e.Reason != "ClientConnectionFailure" || host.calls != 1 {
			t.Errorf("interval %s: %d calls, error %v; want one call and ClientConnectionFailure", interval, host.calls, err)
		}
	}
}

// With the real clock a retry goes on after its wait.
func TestRetryGoesOnAfterItsWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := plan(t, map[policy.Scope]string{
			policy.APIScope: `<policies><backend><retry condition="true" count="1" interval="3600"><forward-request/></retry></backend></policies>`,
		})
		host, began := &leaving{leave: func() {}}, time.Now()
		if err := p.Run(exchange(host), policy.BackendSection); err != nil || host.calls != 2 {
			t.Errorf("%d calls, error %v; want 2 calls", host.calls, err)
		}
		if got := time.Since(began); got != time.Hour {
			t.Errorf("it waited %s, want an hour", got)
		}
	})
}

// flaky is a backend that is busy once and can't be reached then.
type flaky struct {
	silent
	calls  int
	closed bool
}

func (f *flaky) Forward(x *policy.Exchange, _ policy.ForwardOptions) error {
	if f.calls++; f.calls > 1 {
		return errors.New("no backend")
	}
	x.Response = &policy.Response{Status: 503, Body: policy.StreamBody(f, -1)}
	return nil
}

func (f *flaky) Read([]byte) (int, error) { return 0, io.EOF }
func (f *flaky) Close() error             { f.closed = true; return nil }

// A condition never takes an earlier answer for that of a call that failed, and the earlier answer's connection is let go.
func TestRetryForgetsTheEarlierAnswer(t *testing.T) {
	t.Parallel()
	p := plan(t, map[policy.Scope]string{
		policy.APIScope: `<policies><backend><retry condition="@(context.Response != null)" count="9" interval="0"><forward-request/></retry></backend></policies>`,
	})
	host := &flaky{}
	if err := p.Run(exchange(host), policy.BackendSection); err == nil || host.calls != 2 || !host.closed {
		t.Errorf("%d calls, error %v, earlier answer closed: %t; want 2 calls, the failure, and true", host.calls, err, host.closed)
	}
}
