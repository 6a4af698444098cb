package policies_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atelier-apim/atelier/internal/cache/memory"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// ticking is a host whose calls take a second, by the clock of the bubble.
type ticking struct{ calling }

func (*ticking) Now() time.Time { return time.Now() }

// computing is a document with cache-value around a call; inside stands in the value beside it.
func computing(key, inside string) string {
	return `<cache-value key="` + key + `" variable-name="v" expires-after="600" refresh-after="60"><value><send-request response-variable-name="r"><set-url>@("http://h/" + (string)context.Variables["name"])</set-url><set-method>GET</set-method></send-request>` +
		inside + `<set-variable name="v" value="@(((IResponse)context.Variables["r"]).Body.As<string>())"/></value></cache-value>`
}

// valuePlan compiles a document with a cache of its own, in the bubble.
func valuePlan(t *testing.T, inbound string) *policy.Plan {
	t.Helper()
	kept, err := memory.New(time.Now, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := policy.NewEngine(policies.Table(policies.Env{Cache: kept}))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := policy.Parse(`<policies><inbound>`+inbound+`</inbound></policies>`, policy.FormatRaw)
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Compile([]policy.Source{{Scope: policy.APIScope, Doc: doc, Home: &policy.Home{}}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// values are what n requests at once get, by how many of them.
func values(t *testing.T, p *policy.Plan, host policy.Host, first string, n int) map[string]int {
	t.Helper()
	got, mu, all := map[string]int{}, sync.Mutex{}, sync.WaitGroup{}
	for i := range n {
		x := exchange(host)
		x.SetVariable("name", fmt.Sprint(first, i))
		all.Go(func() {
			err := p.Run(x, policy.Inbound)
			v, _ := x.Variable("v")
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				v = err
			}
			got[fmt.Sprint(v)]++
		})
	}
	all.Wait()
	return got
}

// However many requests want a value that isn't there, one computes it and the others wait; when it is old, one computes it again and the others don't
// wait but use the old one.
func TestOneRequestComputesTheValueForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		host := &ticking{}
		p := valuePlan(t, computing("k", ""))
		if got := values(t, p, host, "a", 50); len(got) != 1 || host.done.Load() != 1 {
			t.Errorf("50 requests made %d calls and got %v, want one value by one call", host.done.Load(), got)
		}
		time.Sleep(time.Minute)
		began := time.Now()
		got := values(t, p, host, "b", 50)
		if host.done.Load() != 2 || len(got) != 2 || time.Since(began) != time.Second {
			t.Errorf("50 requests for an old value made %d calls and got %v, want the old one for 49 and one call", host.done.Load()-1, got)
		}
		for _, n := range got {
			if n != 1 && n != 49 {
				t.Errorf("got %v, want the new value for one request alone", got)
			}
		}
		if got := values(t, p, host, "c", 50); len(got) != 1 || host.done.Load() != 2 {
			t.Errorf("afterwards %d more calls were made, for %v; want none", host.done.Load()-2, got)
		}
	})
}

// A value inside of a value waits for nobody: requests that compute two of them in different order don't wait for each other for ever, and one whose
// value needs itself ends.
func TestValuesInsideOfValuesEnd(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"both ways": `<choose><when condition="@(((string)context.Variables["name"]).EndsWith("0"))">` + computing("a", computing("b", "")) + `</when><otherwise>` + computing("b", computing("a", "")) + `</otherwise></choose>`,
		"itself":    computing("a", computing("a", "")),
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			if got := values(t, valuePlan(t, document), &ticking{}, "a", 2); len(got) == 0 || time.Since(began) > 5*time.Second {
				t.Errorf("%s: got %v after %s", name, got, time.Since(began))
			}
		})
	}
}

// Who waits for another request's value doesn't wait longer than five seconds: it computes the value itself.
func TestAValueIsWaitedForWithinReason(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		call := `<send-request><set-url>http://h/</set-url><set-method>GET</set-method></send-request>`
		began := time.Now()
		got := values(t, valuePlan(t, computing("a", call+call+call+call+call+call+call)), &ticking{}, "a", 2) // eight seconds each
		if len(got) != 2 || time.Since(began) != 13*time.Second {
			t.Errorf("got %v after %s, want two values after 13s", got, time.Since(began))
		}
	})
}
