package policies_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// calling is a host whose calls take a second each and answer with their address.
type calling struct {
	silent
	underWay, most, done atomic.Int64
	panics               bool
}

func (c *calling) Send(ctx context.Context, _ *policy.Exchange, o *policy.Outgoing) (*policy.Response, error) {
	if n := c.underWay.Add(1); n > c.most.Load() {
		c.most.Store(n)
	}
	defer c.underWay.Add(-1)
	if c.panics {
		panic("a defect")
	}
	select {
	case <-time.After(time.Second):
		c.done.Add(1)
		return &policy.Response{Status: 200, Body: policy.NewBody([]byte(o.URL))}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *calling) Post(*policy.Exchange, *policy.Outgoing) {}

// branches are so many branches of wait: each calls somebody, then counts in a variable that all of them share and keeps one of its own.
func branches(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<choose><when condition="@(context.Variables.ContainsKey("n"))">
<send-request response-variable-name="r%d"><set-url>http://h/%d</set-url><set-method>GET</set-method></send-request>
<set-variable name="n" value="@((int)context.Variables["n"] + 1)"/>
<set-header name="X-N" exists-action="append"><value>%d</value></set-header>
<set-variable name="v%d" value="@(((IResponse)context.Variables["r%d"]).Body.As<string>())"/></when></choose>`, i, i, i, i, i)
	}
	return b.String()
}

func waiting(t *testing.T, how, inside string) *policy.Plan {
	t.Helper()
	return plan(t, map[policy.Scope]string{policy.APIScope: `<policies><inbound><set-variable name="n" value="@(0)"/><wait for="` + how + `">` + inside + `</wait></inbound></policies>`})
}

// Calls of a wait take as long as one of them; what the branches do to variables and headers is not lost.
func TestBranchesOfWaitShareTheExchange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		host, began := &calling{}, time.Now()
		x := exchange(host)
		if err := waiting(t, "all", branches(32)).Run(x, policy.Inbound); err != nil {
			t.Fatal(err)
		}
		n, _ := x.Variable("n")
		if fmt.Sprint(n) != "32" || host.most.Load() != 32 || time.Since(began) != time.Second {
			t.Errorf("n is %v, %d calls were under way at once, it took %s; want 32, 32, 1s", n, host.most.Load(), time.Since(began))
		}
		if got := len(strings.Split(x.Request.Header.Get("X-N"), ",")); got != 32 {
			t.Errorf("%d branches have left their number in the header, want 32", got)
		}
		for i := range 32 {
			if v, _ := x.Variable(fmt.Sprint("v", i)); v != fmt.Sprint("http://h/", i) {
				t.Errorf("branch %d has kept %v", i, v)
			}
		}
	})
}

// Nothing of a wait outlives it: neither a call nor what would come after it.
func TestWaitForAnyLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		host := &calling{}
		x := exchange(host)
		first := `<cache-lookup-value key="k" variable-name="c" default-value="x"/>`
		if err := waiting(t, "any", branches(31)+first).Run(x, policy.Inbound); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour) // of the bubble
		if n, _ := x.Variable("n"); fmt.Sprint(n) != "0" || host.underWay.Load() != 0 || host.done.Load() != 0 {
			t.Errorf("n is %v, %d calls are under way, %d are done; want none", n, host.underWay.Load(), host.done.Load())
		}
	})
}

// A caller who leaves ends all branches.
func TestBranchesOfWaitEndWithTheirCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		host := &calling{}
		x := exchange(host)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		x.Context = ctx
		began := time.Now()
		err := waiting(t, "all", strings.ReplaceAll(branches(4), "<send-request ", `<send-request ignore-error="true" `)).Run(x, policy.Inbound)
		if n, _ := x.Variable("n"); err == nil || fmt.Sprint(n) != "0" || time.Since(began) != time.Millisecond {
			t.Errorf("n is %v after %s, error %v; want an error and none", n, time.Since(began), err)
		}
	})
}

// A defect in a branch is a defect of the request: whoever deals with those gets it, and not the process.
func TestADefectInABranchReachesTheRequest(t *testing.T) {
	t.Parallel()
	x := exchange(&calling{panics: true})
	defer func() {
		if p := recover(); p != "a defect" {
			t.Errorf("got %v, want the defect", p)
		}
	}()
	err := waiting(t, "all", branches(3)).Run(x, policy.Inbound)
	t.Errorf("the wait went on with %v", err)
}

// The branches of waits inside of waits are counted together.
func TestBranchesOfARequestAreBounded(t *testing.T) {
	t.Parallel()
	inside := `<choose><when condition="true"><wait>` + branches(32) + `</wait></when></choose>`
	for n, want := range map[int]string{1: "", 2: "TooManyBranches"} {
		synctest.Test(t, func(t *testing.T) {
			err := waiting(t, "all", strings.Repeat(inside, n)).Run(exchange(&calling{}), policy.Inbound)
			var e *policy.Error
			if errors.As(err, &e) != (want != "") || want != "" && e.Reason != want {
				t.Errorf("%d waits of 32 inside: %v, want %q", n, err, want)
			}
		})
	}
}

// An expression in a branch has the whole budget and no more, whatever the others do.
func TestBudgetsHoldInBranches(t *testing.T) {
	t.Parallel()
	x := exchange(&calling{})
	endless := `<choose><when condition="@{ while (true) { } }"/></choose>`
	err := waiting(t, "all", endless+`<cache-lookup-value key="@(new string('k', 100000).Substring(0, 1))" variable-name="c" default-value="x"/>`).Run(x, policy.Inbound)
	var e *policy.Error
	if !errors.As(err, &e) || e.Source != "choose" {
		t.Errorf("got %v, want the error of choose", err)
	}
}

// Of branches that would all end at once one is first; the others do nothing.
func TestWaitForAnyRunsOne(t *testing.T) {
	t.Parallel()
	x := exchange(&calling{})
	var inside strings.Builder
	for i := range 16 {
		fmt.Fprintf(&inside, `<cache-lookup-value key="k" variable-name="v%d" default-value="x"/>`, i)
	}
	if err := waiting(t, "any", inside.String()).Run(x, policy.Inbound); err != nil {
		t.Fatal(err)
	}
	if len(x.Variables) != 2 { // n and one more
		t.Errorf("the variables are %v, want n and one of a branch", x.Variables)
	}
}

// Where a host makes no calls, as in an editor, a policy that needs one says so.
func TestCallsNeedAHostThatMakesThem(t *testing.T) {
	t.Parallel()
	p := plan(t, map[policy.Scope]string{policy.APIScope: `<policies><inbound><send-request><set-url>http://h/</set-url><set-method>GET</set-method></send-request></inbound></policies>`})
	if err := p.Run(exchange(&silent{}), policy.Inbound); err == nil || !strings.Contains(err.Error(), "no calls can be made here") {
		t.Errorf("got %v", err)
	}
}
