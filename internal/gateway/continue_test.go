package gateway_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
)

// asked is what a backend that is asked whether it wants a body saw.
type asked struct {
	expect string        // the line of the request
	waited time.Duration // from the request's head to the first byte after it
	body   string
}

// asking is a backend that says something to a request's head and then takes what comes. Where it says no final answer, it gives one after the body.
func asking(t *testing.T, says string) (url string, saw <-chan asked) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	all := make(chan asked, 4)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close() //nolint:errcheck // a test
				all <- takeAsked(c, says)
			}()
		}
	}()
	return "http://" + l.Addr().String(), all
}

// heard is what the backend saw of the next request.
func heard(t *testing.T, saw <-chan asked) (a asked) {
	t.Helper()
	select {
	case a = <-saw:
	case <-within(t).Done():
		t.Error("the backend wasn't called")
	}
	return a
}

func takeAsked(c net.Conn, says string) (saw asked) {
	r := bufio.NewReader(c)
	line, _ := r.ReadString('\n')
	head, _ := textproto.NewReader(r).ReadMIMEHeader()
	saw.expect = head.Get("Expect")
	begun := time.Now()
	_, _ = io.WriteString(c, says)
	if final := says != "" && !strings.Contains(says, " 100 "); final {
		rest, _ := io.ReadAll(r) // until the gateway closes
		saw.body = string(rest)
		return saw
	}
	if strings.HasPrefix(line, "POST") {
		length, _ := strconv.Atoi(head.Get("Content-Length"))
		body := make([]byte, length)
		_, _ = io.ReadFull(r, body[:1])
		saw.waited = time.Since(begun)
		_, _ = io.ReadFull(r, body[1:])
		saw.body = string(body)
	}
	_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	return saw
}

func forwarding(attributes string) string {
	return `<policies><inbound><base/></inbound><backend><forward-request ` + attributes + `/></backend></policies>`
}

func post(t *testing.T, in *installation, body string) int {
	t.Helper()
	res, err := in.client.Post(in.url+"/api/x", "text/plain", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// A backend that answers before it has the body doesn't get it, and the caller gets the answer.
func TestABodyIsNotSentToABackendThatAnswersFirst(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusExpectationFailed} {
		url, saw := asking(t, fmt.Sprintf("HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n", status))
		in := serve(t, oneAPI(url, "", forwarding(`continue-timeout="@(20 + 10)"`)), gateway.Limits{})
		if got := post(t, in, "a body"); got != status {
			t.Errorf("the caller got %d, want %d", got, status)
		}
		if got := heard(t, saw); got.expect != "100-continue" || got.body != "" {
			t.Errorf("%d: the backend was asked with %q and got the body %q", status, got.expect, got.body)
		}
	}
}

// A backend that says nothing gets the body when the wait is over.
func TestABodyIsSentWhenNobodySaysContinue(t *testing.T) {
	t.Parallel()
	url, saw := asking(t, "")
	in := serve(t, oneAPI(url, "", forwarding(`continue-timeout="1"`)), gateway.Limits{})
	if got := post(t, in, "a body"); got != 200 {
		t.Errorf("the caller got %d", got)
	}
	if got := heard(t, saw); got.body != "a body" || got.waited < 900*time.Millisecond {
		t.Errorf("the body %q came after %s", got.body, got.waited)
	}
}

// A backend that says continue gets the body, and only then is a caller who has asked as well told to go on.
func TestABodyIsSentAsSoonAsTheBackendSaysContinue(t *testing.T) {
	t.Parallel()
	url, saw := asking(t, "HTTP/1.1 100 Continue\r\n\r\n")
	in := serve(t, oneAPI(url, "", forwarding(`continue-timeout="100000"`)), gateway.Limits{})
	if got := post(t, in, "a body"); got != 200 {
		t.Errorf("the caller got %d", got)
	}
	if got := heard(t, saw); got.body != "a body" || got.expect != "100-continue" {
		t.Errorf("the backend was asked with %q and got the body %q", got.expect, got.body)
	}

	refusing, _ := asking(t, "HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n")
	strict := serve(t, oneAPI(refusing, "", forwarding(`continue-timeout="30"`)), gateway.Limits{})
	for _, c := range []struct {
		in   *installation
		want string
	}{{in, "HTTP/1.1 100 Continue"}, {strict, "HTTP/1.1 401 Unauthorized"}} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(c.in.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n")
		line, _ := textproto.NewReader(bufio.NewReader(conn)).ReadLine()
		if line != c.want {
			t.Errorf("a caller who asks is told %q, want %q", line, c.want)
		}
		_ = conn.Close()
	}
}

// Without the attribute, with 0 and without a body nothing is asked.
func TestNothingIsAskedOfABackendThatGetsTheBodyAnyway(t *testing.T) {
	t.Parallel()
	for _, attributes := range []string{``, `continue-timeout="0"`} {
		url, saw := asking(t, "")
		in := serve(t, oneAPI(url, "", forwarding(attributes)), gateway.Limits{})
		post(t, in, "a body")
		if got := heard(t, saw); got.expect != "" || got.body != "a body" {
			t.Errorf("%s: the backend was asked with %q and got the body %q", attributes, got.expect, got.body)
		}
	}
	url, saw := asking(t, "")
	in := serve(t, oneAPI(url, "", forwarding(`continue-timeout="30"`)), gateway.Limits{})
	askFor(t, in.client, in.url+"/api/x")
	if got := heard(t, saw); got.expect != "" {
		t.Errorf("a request without a body asks with %q", got.expect)
	}
}

// A gRPC call streams: its body waits for nothing.
func TestCallsDoNotWaitForContinue(t *testing.T) {
	t.Parallel()
	expect := make(chan string, 1)
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		expect <- r.Header.Get("Expect")
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Set("Trailer", "Grpc-Status")
		w.Header().Set("Grpc-Status", "0")
	})
	in := serve(t, callAPI(backend, forwarding(`continue-timeout="30"`), ""), gateway.Limits{})
	h2 := client(new(http.Protocols), func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) })
	defer h2.CloseIdleConnections()
	req, _ := http.NewRequestWithContext(within(t), http.MethodPost, in.url+"/test.Speech/Say", strings.NewReader("\x00\x00\x00\x00\x00"))
	req.Header.Set("Content-Type", "application/grpc")
	res, err := h2.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if got := <-expect; got != "" {
		t.Errorf("a call asks with %q", got)
	}
}
