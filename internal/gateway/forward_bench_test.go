package gateway_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// BenchmarkForward compares the processor time of one request through five scopes of policy, with a key, with that of the same request through
// a plain net/http server that forwards with http.Transport. Client and backend are the same raw sockets for both, in this process, so the
// difference is the gateway's. Reported: total of either way, and the difference, which is to stay below 15 µs.
func BenchmarkForward(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the process does, and tuned servers of this kind
	backend := rawBackend(b)
	in := serveLogging(b, io.Discard, fiveScopes("http://"+backend), gateway.Limits{})
	ways := [2]string{strings.TrimPrefix(in.url, "http://"), plainProxy(b, backend)}
	requests := [2]string{
		"GET /pay/orders/7?x=1 HTTP/1.1\r\nHost: contoso.localhost\r\nUser-Agent: bench\r\nAccept: */*\r\nOcp-Apim-Subscription-Key: key-1\r\n\r\n",
		"GET /orders/7?x=1 HTTP/1.1\r\nHost: contoso.localhost\r\nUser-Agent: bench\r\nAccept: */*\r\nOcp-Apim-Subscription-Key: key-1\r\n\r\n",
	}
	const callers, each = 8, 250
	var spent [2][]float64 // microseconds a request, of each round
	run := func(way int) time.Duration {
		before := processorTime()
		var wg sync.WaitGroup
		for range callers {
			wg.Go(func() { callMany(b, ways[way], requests[way], each) })
		}
		wg.Wait()
		return processorTime() - before
	}
	run(0)
	run(1)
	for b.Loop() {
		for way := range ways {
			spent[way] = append(spent[way], float64(run(way).Nanoseconds())/1e3/(callers*each))
		}
	}
	beyond := make([]float64, len(spent[0]))
	for i := range beyond {
		beyond[i] = spent[0][i] - spent[1][i]
	}
	b.ReportMetric(median(spent[0]), "µs/gateway")
	b.ReportMetric(median(spent[1]), "µs/plain")
	b.ReportMetric(median(beyond), "µs/beyond")
	b.ReportMetric(0, "ns/op")
}

// median is little moved by what else the machine does.
func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// callMany sends a request n times on one connection.
func callMany(b testing.TB, address, request string, n int) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.Error(err)
		return
	}
	defer conn.Close() //nolint:errcheck // a benchmark
	r, text := bufio.NewReader(conn), []byte(request)
	for range n {
		if _, err := conn.Write(text); err != nil {
			b.Error(err)
			return
		}
		line, err := r.ReadSlice('\n')
		if err != nil || !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
			b.Errorf("answered %q, %v", line, err)
			return
		}
		for len(line) > 2 && err == nil {
			line, err = r.ReadSlice('\n')
		}
		if _, err := r.Discard(len(rawBody)); err != nil {
			b.Error(err)
			return
		}
	}
}

const rawBody = `{"id":7,"state":"paid","lines":[1,2,3]}`

// rawBackend answers every request with the same bytes.
func rawBackend(b testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	answer := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Powered-By: raw\r\nDate: Sun, 01 Mar 2026 12:00:00 GMT\r\nContent-Length: %d\r\n\r\n%s", len(rawBody), rawBody)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close() //nolint:errcheck // a benchmark
				r := bufio.NewReader(c)
				for {
					line, err := r.ReadSlice('\n')
					for len(line) > 2 && err == nil {
						line, err = r.ReadSlice('\n')
					}
					if err != nil {
						return
					}
					if _, err := c.Write(answer); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}

// plainProxy is a net/http server that forwards with http.Transport, and does nothing else than it must.
func plainProxy(b testing.TB, backend string) string {
	t := &http.Transport{MaxIdleConnsPerHost: 512, DisableCompression: true, WriteBufferSize: 4 << 10, ReadBufferSize: 8 << 10}
	hop := []string{"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}
	buffers := sync.Pool{New: func() any { return new([32 << 10]byte) }}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, k := range hop {
			delete(r.Header, k)
		}
		ip, _, _ := net.SplitHostPort(r.RemoteAddr)
		r.Header["X-Forwarded-For"] = []string{ip}
		out := &http.Request{
			Method: r.Method, Header: r.Header, Body: r.Body, ContentLength: r.ContentLength, Host: backend, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			URL: &url.URL{Scheme: "http", Host: backend, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery},
		}
		if r.ContentLength == 0 {
			out.Body = nil
		}
		res, err := t.RoundTrip(out.WithContext(r.Context()))
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer res.Body.Close() //nolint:errcheck // a benchmark
		for _, k := range hop {
			delete(res.Header, k)
		}
		h := w.Header()
		for k, v := range res.Header {
			h[k] = v
		}
		w.WriteHeader(res.StatusCode)
		buffer := buffers.Get().(*[32 << 10]byte)
		defer buffers.Put(buffer)
		for {
			n, err := res.Body.Read(buffer[:])
			if n > 0 {
				if _, err := w.Write(buffer[:n]); err != nil {
					return
				}
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				panic(http.ErrAbortHandler)
			}
		}
	})}
	b.Cleanup(func() { _ = server.Close() })
	return listen(b, server.Serve)
}

// fiveScopes is an installation whose requests run policies of every scope: a rate limit, headers, a variable, a query parameter and a decision by
// expression.
func fiveScopes(backend string) *snapshot.Snapshot {
	scope := func(name, inbound, section, outbound string) *snapshot.Policy {
		return document(name, `<policies><inbound><base/>`+inbound+`</inbound><backend>`+section+`</backend><outbound><base/>`+outbound+`</outbound><on-error><base/></on-error></policies>`)
	}
	header := func(name, value string) string {
		return `<set-header name="` + name + `" exists-action="override"><value>` + value + `</value></set-header>`
	}
	ws := &snapshot.Shard{ID: serviceID + "/workspaces/payments", Workspace: "payments"}
	ws.Policy = scope("workspace", `<set-variable name="team" value="payments"/>`, `<base/>`, `<set-header name="X-Powered-By" exists-action="delete"/>`)
	a := &snapshot.API{
		ID: ws.ID + "/apis/pay", Name: "pay", Path: "pay", Revision: "1", Current: true, Online: true, ServiceURL: backend, Protocols: []string{"http"},
		SubscriptionRequired: true, Policy: scope("api", `<set-query-parameter name="y" exists-action="override"><value>2</value></set-query-parameter>`, `<base/>`, header("X-Api", "pay")),
		Operations: []*snapshot.Operation{{ID: "get", Name: "get", Method: "GET", URLTemplate: "/orders/{id}", Policy: scope("operation", `<choose><when condition="@(context.Request.Headers.GetValueOrDefault("X-A","") == "a")">`+header("X-Kind", "a")+`</when><otherwise>`+header("X-Kind", "b")+`</otherwise></choose>`, `<base/>`, "")}},
	}
	ws.APIs = snapshot.ListOf(a)
	ws.Products = []*snapshot.Product{{
		ID: ws.ID + "/products/gold", Name: "gold", SubscriptionRequired: true, APIs: []string{strings.ToLower(a.ID)},
		Policy: scope("product", `<rate-limit calls="1000000000" renewal-period="60"/>`, `<base/>`, header("X-Product", "gold")),
	}}
	ws.Subscriptions = snapshot.ListOf(&snapshot.Subscription{ID: "s", Name: "s", PrimaryKey: "key-1", SecondaryKey: "key-2", Scope: snapshot.Scope{Product: strings.ToLower(ws.Products[0].ID)}})
	return &snapshot.Snapshot{
		Version: 1, Gateway: snapshot.Gateway{ID: serviceID, Name: "managed", Hosts: []string{"contoso.localhost"}, Managed: true, ServiceID: serviceID, ServiceName: "contoso"},
		Service: &snapshot.Shard{ID: serviceID, Policy: scope("service", header("X-Service", "contoso"), `<forward-request/>`, "")}, Others: []*snapshot.Shard{ws},
	}
}

// BenchmarkApply is the cost of putting a snapshot in force that changes one API's policy among many.
func BenchmarkApply(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("apis=%d", n), func(b *testing.B) {
			first := manyAPIs(n)
			g, err := gateway.New(gateway.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer g.Close()
			if r := g.Apply(first); len(r.Problems) > 0 {
				b.Fatal(r.Problems[0])
			}
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				next := *first
				service := *first.Service
				service.APIs = slices.Clone(service.APIs)
				at := len(service.APIs) / 2
				changed := *service.APIs[at][0]
				changed.Policy = document("changed", "<policies/>")
				service.APIs[at] = append([]*snapshot.API{&changed}, service.APIs[at][1:]...)
				next.Service = &service
				b.StartTimer()
				g.Apply(&next)
			}
		})
	}
}

// manyAPIs lie in chunks as a publisher cuts them.
func manyAPIs(n int) *snapshot.Snapshot {
	const chunk = 50
	s := &snapshot.Snapshot{Version: 1, Gateway: snapshot.Gateway{ID: serviceID, Managed: true, Default: true}, Service: &snapshot.Shard{ID: serviceID}}
	for i := range n {
		if i%chunk == 0 {
			s.Service.APIs = append(s.Service.APIs, nil)
		}
		last := &s.Service.APIs[i/chunk]
		*last = append(*last, &snapshot.API{
			ID: fmt.Sprintf("%s/apis/a%d", serviceID, i), Name: fmt.Sprintf("a%d", i), Path: fmt.Sprintf("team%d/a%d", i%100, i), Revision: "1", Current: true, Online: true, Protocols: []string{"http"},
		})
	}
	return s
}
