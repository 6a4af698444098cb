//go:build unix

package control_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/armhttp"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// BenchmarkPut measures what one write costs the control plane, with the product's catalogue and database, without a network and with nobody who
// follows: from the verb to the commit, and from the handler of the management API. Eight clients write at once, as groups are committed together.
// cpu-µs/op is the time of all processors, whoever else uses the machine.
func BenchmarkPut(b *testing.B) {
	w := furnish(b)
	for _, way := range []struct {
		name string
		put  func(id arm.ID, body []byte) error
	}{{"verb", w.put}, {"handler", w.request}} {
		for _, c := range writeCases {
			b.Run(way.name+"/"+c.name, func(b *testing.B) { measure(b, c, way.put) })
		}
	}
}

// put is a write by the verb.
func (w *works) put(id arm.ID, body []byte) error {
	call := &control.Call{ObjectID: owner, Name: "ann", IP: "127.0.0.1", Request: "00000000-0000-0000-0000-00000000000b", BaseURL: "https://here"}
	_, err := w.control.Put(context.Background(), call, id, body)
	return err
}

// request is a write by the handler.
func (w *works) request(id arm.ID, body []byte) error {
	r, err := http.NewRequest(http.MethodPut, id.String()+"?api-version="+arm.DefaultAPIVersion, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Authorization", "Bearer x")
	out := &reply{header: http.Header{}}
	if w.handler.ServeHTTP(out, r); out.code >= 300 {
		return fmt.Errorf("status %d", out.code)
	}
	return nil
}

// reply keeps nothing of an answer but its status.
type reply struct {
	header http.Header
	code   int
}

func (s *reply) Header() http.Header         { return s.header }
func (s *reply) Write(p []byte) (int, error) { return len(p), nil }
func (s *reply) WriteHeader(code int)        { s.code = code }

// writeCase is one sort of write: the n-th request of it.
type writeCase struct {
	name    string
	request func(n int) (arm.ID, []byte)
}

// How many APIs and named values are there before they are written again: of APIs more than the store keeps in memory.
const (
	standing = 20_000
	known    = 1_000
)

var team = arm.MustID("/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/bench/providers/Microsoft.ApiManagement/service/contoso/workspaces/team")

var writeCases = []writeCase{
	{"api", func(n int) (arm.ID, []byte) { return apiRequest(n%standing, n) }},
	{"same-api", func(n int) (arm.ID, []byte) { return apiRequest(n%known, n) }},
	{"new-api", func(int) (arm.ID, []byte) { n := int(fresh.Add(1)); return apiRequest(standing+n, n) }},
	{"named-value", func(n int) (arm.ID, []byte) { return valueRequest(n%known, n) }},
}

// fresh counts the entities that benchmarks have made.
var fresh atomic.Int64

func apiRequest(which, n int) (arm.ID, []byte) {
	return team.Child("apis", fmt.Sprintf("api%06d", which)), fmt.Appendf(nil,
		`{"properties":{"displayName":"title %d","path":"team/api%06d","protocols":["http","https"],"serviceUrl":"https://backend%d.example.org","description":%q}}`,
		n, which, which%7, strings.Repeat("What this API is for. ", 10))
}

func valueRequest(which, n int) (arm.ID, []byte) {
	name := fmt.Sprintf("value%06d", which)
	return team.Child("namedValues", name), fmt.Appendf(nil, `{"properties":{"displayName":%q,"value":"text %d"}}`, name, n)
}

// owner is the object id of who writes.
const owner = "00000000-0000-0000-0000-00000000000a"

// works is a control plane over a team that has APIs and named values.
type works struct {
	control *control.Control
	handler http.Handler
}

func furnish(b *testing.B) *works {
	b.Helper()
	must := func(err error) {
		if err != nil {
			b.Helper()
			b.Fatal(err)
		}
	}
	st, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"), sqlite.Options{})
	must(err)
	b.Cleanup(func() { _ = st.Close() })
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	must(err)
	catalogue := &apim.Catalogue{Policies: engine, GatewayDomain: "localhost", GatewayURL: func(host string) string { return "https://" + host }}
	registry, err := kind.NewRegistry(catalogue.Kinds()...)
	must(err)
	feed, err := control.NewFeed(b.Context(), st)
	must(err)
	c := control.New(control.Options{
		Registry: registry, Store: st, Access: authz.NewLive(owned(b)), Directory: nobody{}, Sealer: upside{}, Feed: feed, Resolve: apim.ResolveRevision,
	})
	put := func(id arm.ID, body []byte) {
		if _, err := c.Put(b.Context(), control.System("bench"), id, body); err != nil {
			b.Error(err)
		}
	}
	group := team.Parent().Parent()
	put(group.Parent(), []byte(`{}`))
	put(group, []byte(`{"location":"here"}`))
	put(team.Parent(), []byte(`{"location":"here","sku":{"name":"Premium","capacity":1},"properties":{"publisherEmail":"ann@example.org","publisherName":"Ann"}}`))
	put(team, []byte(`{"properties":{"displayName":"Team"}}`))
	var makers sync.WaitGroup
	for maker := range 16 { // at once, as commits are shared
		makers.Go(func() {
			for n := maker; n < standing; n += 16 {
				put(apiRequest(n, 0))
				if n < known {
					put(valueRequest(n, 0))
				}
			}
		})
	}
	makers.Wait()
	return &works{c, armhttp.New(armhttp.Options{
		Control: c, Registry: registry, Origin: func(*http.Request) string { return "https://here" },
		Verify: func(context.Context, string) (kind.Caller, error) {
			return kind.Caller{ObjectID: owner, Name: "ann"}, nil
		},
	})}
}

// owned is an index in which the owner may do everything.
func owned(b *testing.B) *authz.Index {
	b.Helper()
	role := authz.RoleDefinition{
		Name: "11111111-1111-1111-1111-111111111111", RoleName: "owner", Type: authz.CustomRole, AssignableScopes: []arm.ID{arm.Root},
		Permissions: []authz.Permission{{Actions: []string{"*"}}},
	}
	x, err := authz.New([]authz.RoleDefinition{role}, []authz.Assignment{{
		Name: "22222222-2222-2222-2222-222222222222", PrincipalID: owner, Scope: arm.Root,
		RoleDefinitionID: arm.MustID("/providers/Microsoft.Authorization/roleDefinitions/" + role.Name),
	}})
	if err != nil {
		b.Fatal(err)
	}
	return x
}

func measure(b *testing.B, c writeCase, put func(id arm.ID, body []byte) error) {
	var next atomic.Int64
	b.ReportAllocs()
	b.SetParallelism(4) // for each processor
	before := busy(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			id, body := c.request(int(next.Add(1)) * 7919)
			if err := put(id, body); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64((busy(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// busy is the processor time that this process has used.
func busy(b *testing.B) time.Duration {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
