package policies_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/counter/memory"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// silent is a host whose backend answers at once.
type silent struct{ answer policy.Response }

func (silent) Now() time.Time                             { return time.Time{} }
func (silent) Trace(*policy.Exchange, policy.TraceRecord) {}
func (silent) BackendByID(*policy.Exchange, string, string) (*policy.Backend, bool) {
	return nil, false
}

func (s *silent) Forward(x *policy.Exchange, _ policy.ForwardOptions) error {
	s.answer.Header = s.answer.Header[:0]
	x.Response = &s.answer
	return nil
}

func plan(b testing.TB, documents map[policy.Scope]string) *policy.Plan {
	b.Helper()
	counters, err := memory.New(time.Now)
	if err != nil {
		b.Fatal(err)
	}
	engine, err := policy.NewEngine(policies.Table(policies.Env{Counters: counters}))
	if err != nil {
		b.Fatal(err)
	}
	var sources []policy.Source
	for scope, text := range documents {
		doc, err := policy.Parse(text, policy.FormatRaw)
		if err != nil {
			b.Fatal(err)
		}
		sources = append(sources, policy.Source{Scope: scope, Doc: doc, Home: &policy.Home{}})
	}
	p, err := engine.Compile(sources)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func exchange(host policy.Host) *policy.Exchange {
	return &policy.Exchange{
		Context: context.Background(), Host: host, API: &policy.API{ID: "a"}, Subscription: &policy.Subscription{ID: "s"},
		Request: policy.Request{Method: "GET", RemoteIP: "10.0.0.1", Header: policy.Header{{Name: "Host", Value: "h"}, {Name: "User-Agent", Value: "u"}, {Name: "Accept", Value: "*/*"}, {Name: "X-A", Value: "a"}}},
	}
}

func BenchmarkSetHeaderLiteral(b *testing.B) {
	p := plan(b, map[policy.Scope]string{policy.APIScope: `<policies><inbound><set-header name="X-Team"><value>payments</value></set-header></inbound></policies>`})
	x := exchange(&silent{})
	base := x.Request.Header
	x.Request.Header = append(make(policy.Header, 0, 16), base...)
	b.ReportAllocs()
	for b.Loop() {
		x.Request.Header = x.Request.Header[:len(base)]
		if err := p.Run(x, policy.Inbound); err != nil {
			b.Fatal(err)
		}
	}
}

// Five scopes with a dozen policies, as a request meets them.
func BenchmarkFiveScopes(b *testing.B) {
	header := `<set-header name="X-Scope" exists-action="append"><value>s</value></set-header>`
	p := plan(b, map[policy.Scope]string{
		policy.Global:         `<policies><inbound>` + header + `<ip-filter action="forbid"><address>192.0.2.1</address></ip-filter></inbound><backend><forward-request/></backend><outbound><set-header name="Server-Timing"><value>x</value></set-header></outbound></policies>`,
		policy.WorkspaceScope: `<policies><inbound><base/>` + header + `<set-variable name="team" value="payments"/></inbound><outbound><base/></outbound></policies>`,
		policy.ProductScope:   `<policies><inbound><base/>` + header + `<rate-limit calls="2000000000" renewal-period="60"/></inbound></policies>`,
		policy.APIScope:       `<policies><inbound><base/>` + header + `<choose><when condition="false"/><otherwise><set-query-parameter name="v"><value>2</value></set-query-parameter></otherwise></choose></inbound><outbound><base/><set-header name="X-Powered-By" exists-action="delete"/></outbound></policies>`,
		policy.OperationScope: `<policies><inbound><base/>` + header + `<check-header name="Accept" failed-check-httpcode="400" failed-check-error-message="no" ignore-case="true"/></inbound></policies>`,
	})
	host := &silent{}
	x := exchange(host)
	base := append(make(policy.Header, 0, 32), x.Request.Header...)
	b.ReportAllocs()
	for b.Loop() {
		x.Request.Header = append(base[:0:32], base[:4]...)
		x.Request.URL.Query = ""
		for _, s := range []policy.Section{policy.Inbound, policy.BackendSection, policy.Outbound} {
			if err := p.Run(x, s); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// What twenty literal headers add to a request.
func BenchmarkTwentyHeaders(b *testing.B) {
	var document strings.Builder
	for i := range 20 {
		fmt.Fprintf(&document, `<set-header name="X-%d" exists-action="override"><value>v</value></set-header>`, i)
	}
	p := plan(b, map[policy.Scope]string{policy.APIScope: "<policies><inbound>" + document.String() + "</inbound></policies>"})
	x := exchange(&silent{})
	b.ReportAllocs()
	for b.Loop() {
		x.Request.Header = x.Request.Header[:4]
		if err := p.Run(x, policy.Inbound); err != nil {
			b.Fatal(err)
		}
	}
}

// A document as teams write them: 2 KB, ten policies, six expressions.
const typical = `<policies>
  <inbound>
    <base />
    <set-variable name="tenant" value="@(context.Request.Headers.GetValueOrDefault("X-Tenant", "none"))" />
    <choose>
      <when condition="@(context.Variables.GetValueOrDefault<string>("tenant") == "none")">
        <return-response><set-status code="400" /><set-body>{"error":"no tenant"}</set-body></return-response>
      </when>
      <when condition="@(context.Request.Method == "POST" && context.Request.Body != null)">
        <set-variable name="order" value="@(context.Request.Body.As<JObject>(preserveContent: true)["order"]?.ToString())" />
      </when>
    </choose>
    <rate-limit-by-key calls="100" renewal-period="60" counter-key="@(context.Subscription?.Id ?? context.Request.IpAddress)" />
    <set-header name="X-Correlation" exists-action="skip"><value>@(context.RequestId.ToString())</value></set-header>
    <set-query-parameter name="v" exists-action="override"><value>2</value></set-query-parameter>
  </inbound>
  <backend><base /></backend>
  <outbound><base /><set-header name="X-Powered-By" exists-action="delete" /></outbound>
  <on-error><base /></on-error>
</policies>`

// From text to steps, as a save checks it.
func BenchmarkCompileDocument(b *testing.B) {
	counters, err := memory.New(time.Now)
	if err != nil {
		b.Fatal(err)
	}
	engine, err := policy.NewEngine(policies.Table(policies.Env{Counters: counters}))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		doc, err := policy.Parse(typical, policy.FormatRaw)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := engine.Prepare(policy.Source{Scope: policy.APIScope, Doc: doc, Home: &policy.Home{}}); err != nil {
			b.Fatal(err)
		}
	}
}
