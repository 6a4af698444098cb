package portal_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tried is what a call answers.
type tried struct {
	Status       int
	Reason       string
	Milliseconds float64
	Headers      [][2]string
	Body, Note   string
}

// try makes a call of an API's operation "List"; more changes the request of the call.
func (b *browser) try(api string, more map[string]any) answer {
	b.w.t.Helper()
	c := map[string]any{"api": b.id("apis", api), "operation": b.operation(api, "List"), "method": "GET", "path": "/", "headers": [][2]string{}, "body": ""}
	for k, v := range more {
		c[k] = v
	}
	return b.send("POST", "/api/calls", c)
}

func TestACallReachesTheGatewayOfItsAPI(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	w.patch(service+"/apis/weather", map[string]any{"protocols": []string{"http"}})
	var got string
	w.serve = func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var head strings.Builder
		_ = r.Header.Write(&head)
		got = fmt.Sprintf("%s %s %s tls=%v from=%s length=%d\r\n%s\r\n%s", r.Method, r.Host, r.RequestURI, r.TLS != nil, r.RemoteAddr, r.ContentLength, head.String(), body)
		if r.URL.RequestURI() != r.RequestURI {
			t.Errorf("the URL %s is not the target %s", r.URL, r.RequestURI)
		}
		rw.Header().Set("X-B", "2")
		rw.Header().Add("X-A", "1")
		rw.Header().Set("Connection", "close")
		rw.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(rw, "héllo")
	}
	ada := w.person("ada@example.org")
	a := ada.try("Payments", map[string]any{
		"method": "POST", "path": "/a%20b/c?d=%2F..&e", "body": "{}",
		"headers": [][2]string{
			{"content-type", "application/json"},
			{"Ocp-Apim-Subscription-Key", "k"},
			{"X-Many", "1"},
			{"X-Many", "2"},
			{"X-Named", "x"},
			{"Cookie", "a=b"},
			{"Host", "evil.example"},
			{"Connection", "x-named"},
			{"Transfer-Encoding", "chunked"},
			{"Content-Length", "99"},
			{"X-Forwarded-For", "1.2.3.4"},
			{"Forwarded", "for=1.2.3.4"},
			{"Upgrade", "websocket"},
			{"TE", "trailers"},
			{"Proxy-Authorization", "x"},
			{"Expect", "100-continue"},
		},
	})
	want := "POST contoso.gateways.example:8444 /pay/a%20b/c?d=%2F..&e tls=true from=192.0.2.1:1234 length=2\r\n" +
		"Content-Type: application/json\r\nOcp-Apim-Subscription-Key: k\r\nX-Many: 1\r\nX-Many: 2\r\n\r\n{}"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the gateway got (-want +got):\n%s", d)
	}
	var reply tried
	a.decode(t, &reply)
	if reply.Milliseconds <= 0 {
		t.Errorf("the call took %v ms", reply.Milliseconds)
	}
	reply.Milliseconds = 0
	if d := cmp.Diff(tried{Status: 418, Reason: "I'm a teapot", Headers: [][2]string{{"X-A", "1"}, {"X-B", "2"}}, Body: "héllo"}, reply); d != "" {
		t.Errorf("the reply (-want +got):\n%s", d)
	}
	ada.try("Weather", nil)
	if want := "GET contoso.gateways.example:8080 /weather/ tls=false"; !strings.HasPrefix(got, want) {
		t.Errorf("over plain HTTP the gateway got %q, want %q", got, want)
	}
}

func TestCallsStayBelowTheirAPI(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	w.patch(service+"/apis/orders", map[string]any{"path": ""})
	w.put(hidden+"/apis/deep", map[string]any{"displayName": "Deep", "path": "pay/deep-er/x", "protocols": []string{"https"}})
	reached := 0
	w.serve = func(http.ResponseWriter, *http.Request) { reached++ }
	ada := w.person("ada@example.org")
	for _, c := range []struct {
		api, path string
		status    int
	}{
		{"Payments", "/", 200},
		{"Payments", "/x/y/?q=../..", 200},
		{"Payments", "/..%41/.x/...", 200},
		{"Payments", "/deep-er", 200},
		{"Orders", "/anything/at/all", 200},
		{"Payments", "", 400},
		{"Payments", "x", 400},
		{"Payments", "https://evil.example/", 400},
		{"Payments", "/..", 400},
		{"Payments", "/../ledger", 400},
		{"Payments", "/x/../../ledger", 400},
		{"Payments", "/%2e%2e/ledger", 400},
		{"Payments", "/.%2E/ledger", 400},
		{"Payments", "/./x", 400},
		{"Payments", "/x%2fy", 400},
		{"Payments", "/x%5cy", 400},
		{"Payments", `/x\y`, 400},
		{"Payments", "/x%zz", 400},
		{"Payments", "/x%", 400},
		{"Payments", "/x;rev=2", 400},
		{"Payments", "/x%3brev=2", 400},
		{"Payments", "/x y", 400},
		{"Payments", "/x#y", 400},
		{"Payments", "/x\r\nHost: evil", 400},
		{"Payments", "/x?y\x00", 400},
		{"Payments", "/é", 400},
		{"Payments", "/" + strings.Repeat("a", 8<<10), 400},
		{"Payments", "/deep-er/x", 400},
		{"Payments", "/DEEP%2Der/x/y", 400},
		{"Payments", "/d%65ep-er/x?y", 400},
		{"Orders", "/pay", 400},
		{"Orders", "/pay/x", 400},
		{"Orders", "/Secrets/", 400},
	} {
		before := reached
		a := ada.try(c.api, map[string]any{"path": c.path})
		if a.status != c.status || (reached > before) != (c.status == 200) {
			t.Errorf("%s %.40q: status %d, want %d; the gateway was called: %v: %s", c.api, c.path, a.status, c.status, reached > before, a.body)
		}
		if c.status == 400 {
			if _, _, field := a.fault(t); field != "path" {
				t.Errorf("%s %.40q: the field is %q", c.api, c.path, field)
			}
		}
	}
}

func TestAPIsOfOtherGatewaysAreNotInTheWay(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	w.patch(service+"/apis/orders", map[string]any{"path": ""})
	at := group + "/providers/Microsoft.ApiManagement/gateways/fast"
	w.put(at, map[string]any{})
	w.put(at+"/configConnections/one", map[string]any{"sourceId": hidden})
	if a := w.guest().try("Orders", map[string]any{"path": "/pay"}); a.status != 200 {
		t.Errorf("a path that an API of another gateway has: status %d: %s", a.status, a.body)
	}
}

func TestCallsAreRefused(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	w.serve = func(http.ResponseWriter, *http.Request) { t.Error("the gateway was called") }
	ada, bob := w.person("ada@example.org"), w.person("bob@example.org")
	ledger, list := ada.id("apis", "Ledger"), ada.operation("Ledger", "List")
	many := make([][2]string, 61)
	for i := range many {
		many[i] = [2]string{"X-A", "b"}
	}
	for _, c := range []struct {
		how    string
		who    *browser
		more   map[string]any
		status int
		field  string
	}{
		{"an API that the person may not see", bob, map[string]any{"api": ledger, "operation": list}, 404, ""},
		{"an API that guests may not see", w.guest(), map[string]any{"api": ledger, "operation": list}, 404, ""},
		{"an operation of another API", ada, map[string]any{"operation": list}, 404, ""},
		{"CONNECT", ada, map[string]any{"method": "CONNECT"}, 400, "method"},
		{"a method of two words", ada, map[string]any{"method": "GET /x"}, 400, "method"},
		{"no method", ada, map[string]any{"method": ""}, 400, "method"},
		{"a header name with a blank", ada, map[string]any{"headers": [][2]string{{"X A", "b"}}}, 400, "headers"},
		{"a header name with an underscore", ada, map[string]any{"headers": [][2]string{{"X_A", "b"}}}, 400, "headers"},
		{"a header of two lines", ada, map[string]any{"headers": [][2]string{{"X-A", "b\r\nX-B: c"}}}, 400, "headers"},
		{"long headers", ada, map[string]any{"headers": [][2]string{{"X-A", strings.Repeat("b", 17<<10)}}}, 400, "headers"},
		{"many headers", ada, map[string]any{"headers": many}, 400, "headers"},
	} {
		a := c.who.try("Orders", c.more)
		if _, _, field := a.fault(t); a.status != c.status || field != c.field {
			t.Errorf("%s: status %d with the field %q, want %d with %q: %s", c.how, a.status, field, c.status, c.field, a.body)
		}
	}
	w.patch(service, map[string]any{"customProperties": map[string]string{"Atelier.Workspaces.Managed": "never"}})
	if code, _, _ := ada.try("Ledger", nil).fault(t); code != "NotServed" {
		t.Errorf("an API that no gateway serves: %s", code)
	}
}

func TestRepliesAreBoundedAndReadable(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	guest := w.guest()
	for _, c := range []struct {
		how    string
		serve  http.HandlerFunc
		status int
		body   int // length
		note   string
	}{
		{"empty", func(http.ResponseWriter, *http.Request) {}, 200, 0, ""},
		{"flushed pieces", func(w http.ResponseWriter, _ *http.Request) {
			for range 3 {
				_, _ = io.WriteString(w, "ab")
				_ = http.NewResponseController(w).Flush()
			}
		}, 200, 6, ""},
		{"early hints first", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusAccepted)
		}, 202, 0, ""},
		{"exactly 1 MiB", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("a", 1<<20)) }, 200, 1 << 20, ""},
		{"more than 1 MiB", func(w http.ResponseWriter, r *http.Request) {
			_, err := io.WriteString(w, "x"+strings.Repeat("é", 1<<20))
			if err == nil || r.Context().Err() == nil {
				t.Error("the gateway is not told to stop")
			}
			panic(http.ErrAbortHandler)
		}, 200, 1<<20 - 1, "longer than 1 MiB"},
		{"an image", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte{0x89, 'P', 'N', 'G', 0xff}) }, 200, 0, "not text"},
		{"broken off", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "abc")
			panic(http.ErrAbortHandler)
		}, 200, 3, "broke off"},
		{"broken off before it began", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 502, 0, "broke the call off"},
	} {
		w.serve = c.serve
		a := guest.try("Orders", nil)
		var got tried
		a.decode(t, &got)
		if a.status != 200 || got.Status != c.status || len(got.Body) != c.body || !strings.Contains(got.Note, c.note) || (got.Note == "") != (c.note == "") {
			t.Errorf("%s: %d: status %d, %d bytes, note %q; want %d, %d, %q", c.how, a.status, got.Status, len(got.Body), got.Note, c.status, c.body, c.note)
		}
	}
}

func TestCallsHaveADeadline(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	w.serve = func(_ http.ResponseWriter, r *http.Request) {
		at, ok := r.Context().Deadline()
		if left := time.Until(at); !ok || left > 30*time.Second || left < 20*time.Second {
			t.Errorf("the gateway has %v", left)
		}
	}
	w.guest().try("Orders", nil)
}

func TestGuestsTryOutALittle(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	guest, ada := w.guest(), w.person("ada@example.org")
	for i := range 31 {
		if want, got := map[bool]int{true: 200, false: 429}[i < 30], guest.try("Orders", nil).status; got != want {
			t.Fatalf("call %d answers %d, want %d", i+1, got, want)
		}
	}
	if got := ada.try("Orders", nil).status; got != 200 {
		t.Errorf("somebody who is signed in gets %d", got)
	}
	w.pass(2 * time.Second)
	if got := guest.try("Orders", nil).status; got != 200 {
		t.Errorf("2 s later a guest gets %d", got)
	}
}
