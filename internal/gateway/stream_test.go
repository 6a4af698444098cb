package gateway_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
)

func TestAnswersStreamBeforeTheyEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, policy, contentType string
		length                    bool
	}{
		{"of unknown length", "", "text/plain", false},
		{"of events", "", "text/event-stream", false},
		{"that a policy leaves unbuffered", `<policies><backend><forward-request buffer-response="false"/></backend></policies>`, "text/plain", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			more := make(chan struct{})
			in := serve(t, oneAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", c.contentType)
				if c.length {
					w.Header().Set("Content-Length", "11")
				}
				_, _ = io.WriteString(w, "first ")
				_ = http.NewResponseController(w).Flush()
				<-more
				_, _ = io.WriteString(w, "last\n")
			}), "", c.policy), gateway.Limits{})
			res, err := in.client.Get(in.url + "/api/x")
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close() //nolint:errcheck // a test
			var first [6]byte
			if _, err := io.ReadFull(res.Body, first[:]); err != nil || string(first[:]) != "first " {
				t.Fatalf("read %q, %v before the backend sent the rest", first, err)
			}
			close(more)
			if rest, err := io.ReadAll(res.Body); err != nil || string(rest) != "last\n" {
				t.Errorf("the rest is %q, %v", rest, err)
			}
		})
	}
}

func TestBodiesStreamBothWaysAtOnce(t *testing.T) {
	t.Parallel()
	in := serve(t, oneAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex()
		for lines := bufio.NewScanner(r.Body); lines.Scan(); {
			fmt.Fprintf(w, "got %s\n", lines.Text())
			_ = http.NewResponseController(w).Flush()
		}
	}), "", ""), gateway.Limits{})
	body, write := io.Pipe()
	go io.WriteString(write, "one\n") //nolint:errcheck // a test
	res, err := in.client.Post(in.url+"/api/x", "text/plain", body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // a test
	answers := bufio.NewScanner(res.Body)
	for _, line := range []string{"one", "two", "three"} {
		if !answers.Scan() || answers.Text() != "got "+line {
			t.Fatalf("answered %q, %v; want the line while the request goes on", answers.Text(), answers.Err())
		}
		next := map[string]string{"one": "two\n", "two": "three\n"}[line]
		if _, err := io.WriteString(write, next); err != nil {
			t.Fatal(err)
		}
	}
	_ = write.Close()
	if answers.Scan() {
		t.Errorf("more was answered: %q", answers.Text())
	}
}

func TestCallerWhoLeavesCancelsTheBackendCall(t *testing.T) {
	t.Parallel()
	begun, cancelled := make(chan struct{}), make(chan struct{})
	in := serve(t, oneAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
		close(cancelled)
	}), "", ""), gateway.Limits{})
	ctx, leave := context.WithCancel(context.Background())
	req, _ := http.NewRequestWithContext(ctx, "GET", in.url+"/api/x", nil)
	go func() { <-begun; leave() }()
	if res, err := in.client.Do(req); err == nil {
		t.Fatalf("answered %s", res.Status)
	}
	select {
	case <-cancelled:
	case <-time.After(5 * time.Second):
		t.Fatal("the backend still works for a caller who left")
	}
	for deadline := time.Now().Add(5 * time.Second); !in.logged(`"errorReason":"ClientConnectionFailure"`); {
		if time.Now().After(deadline) {
			t.Fatalf("the log says %s", in.log.String())
		}
	}
}

func TestAnswerThatBreaksOffIsNotMistakenForAWholeOne(t *testing.T) {
	t.Parallel()
	in := serve(t, oneAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}), "", ""), gateway.Limits{})
	res, err := in.client.Get(in.url + "/api/x")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // a test
	if body, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("the caller got %q and thinks that it is all", body)
	}
}

func TestBackendThatTakesTooLongIsATimeout(t *testing.T) {
	t.Parallel()
	in := serve(t, oneAPI(backendOf(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), "",
		`<policies><backend><forward-request timeout-ms="30"/></backend></policies>`), gateway.Limits{})
	res, err := in.client.Get(in.url + "/api/x")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if res.StatusCode != 500 || !strings.HasPrefix(string(body), `{ "statusCode": 500, "message": "Internal server error", "activityId": "`) {
		t.Errorf("answered %s %s", res.Status, body)
	}
	if !in.logged(`"errorReason":"Timeout"`) {
		t.Errorf("the log says %s", in.log.String())
	}
}

func TestBodyThatStopsComingIsTheCallersMistake(t *testing.T) {
	t.Parallel()
	in := serve(t, oneAPI(backendOf(t, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.ReadAll(r.Body) }), "", ""), gateway.Limits{BodyIdle: 30 * time.Millisecond})
	conn, err := net.Dial("tcp", strings.TrimPrefix(in.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // a test
	_, _ = io.WriteString(conn, "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	answer, _ := io.ReadAll(conn)
	if !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") {
		t.Errorf("answered %q", answer)
	}
}

func TestHeadThatStopsComingEndsTheConnection(t *testing.T) {
	t.Parallel()
	in := serve(t, oneAPI(backendOf(t, func(http.ResponseWriter, *http.Request) {}), "", ""), gateway.Limits{HeaderTime: 30 * time.Millisecond})
	for _, before := range []string{"", "GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(in.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() //nolint:errcheck // a test
		_, _ = io.WriteString(conn, before+"GET /api/x HTTP/1.1\r\nHo")
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
		if _, err := io.ReadAll(conn); err != nil {
			t.Errorf("after %q: %v; want the gateway to close", before, err)
		}
	}
}

func TestHTTP2(t *testing.T) {
	t.Parallel()
	in := serve(t, oneAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Proto", r.Proto)
		_, _ = io.Copy(w, r.Body)
	}), "", ""), gateway.Limits{})
	for _, c := range []struct {
		name, url string
		set       func(*http.Protocols)
	}{
		{"over TLS", in.tls, func(p *http.Protocols) { p.SetHTTP2(true) }},
		{"with prior knowledge", in.url, func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) }},
	} {
		h2 := client(new(http.Protocols), c.set)
		res, err := h2.Post(c.url+"/api/x", "text/plain", strings.NewReader("hello"))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.ProtoMajor != 2 || string(body) != "hello" || res.Header.Get("X-Proto") != "HTTP/1.1" {
			t.Errorf("%s: %s %s %q, backend %s", c.name, res.Proto, res.Status, body, res.Header.Get("X-Proto"))
		}
		h2.CloseIdleConnections()
	}
}

func TestOnlyTheTrailersOfGRPCPass(t *testing.T) {
	t.Parallel()
	in := serve(t, oneAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Set("X-Te", r.Header.Get("Te"))
		_, _ = io.WriteString(w, "message")
		w.Header().Set(http.TrailerPrefix+"Grpc-Status", "0")
		w.Header().Set(http.TrailerPrefix+"X-User", "root")
	}), "", `<policies><backend><forward-request http-version="2"/></backend></policies>`), gateway.Limits{})
	h2 := client(new(http.Protocols), func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) })
	defer h2.CloseIdleConnections()
	res, err := h2.Post(in.url+"/api/x", "application/grpc", strings.NewReader("message"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || string(body) != "message" || res.Header.Get("X-Te") != "trailers" {
		t.Errorf("answered %q, %v; the backend saw TE %q", body, err, res.Header.Get("X-Te"))
	}
	if res.Trailer.Get("Grpc-Status") != "0" || res.Trailer.Get("X-User") != "" {
		t.Errorf("trailers %v; want those of gRPC alone", res.Trailer)
	}
}

func TestDrainLetsRequestsInFlightFinish(t *testing.T) {
	t.Parallel()
	begun, finish := make(chan struct{}), make(chan struct{})
	in := serve(t, oneAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-finish
		_, _ = io.WriteString(w, "done")
	}), "", ""), gateway.Limits{})
	answered := make(chan string, 1)
	go func() {
		res, err := in.client.Get(in.url + "/api/x")
		if err != nil {
			answered <- err.Error()
			return
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		answered <- string(body)
	}()
	<-begun
	drained := make(chan error, 1)
	go func() { drained <- in.server.Drain(context.Background()) }()
	for { // until the listener is closed
		conn, err := net.Dial("tcp", strings.TrimPrefix(in.url, "http://"))
		if err != nil {
			break
		}
		_ = conn.Close()
	}
	close(finish)
	if got := <-answered; got != "done" {
		t.Errorf("the request in flight got %q", got)
	}
	if err := <-drained; err != nil {
		t.Errorf("drain: %v", err)
	}
}
