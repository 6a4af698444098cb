package reach

import (
	"bufio"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// serve answers connections line by line: talk gives the answer to a line, "" for none. The greeting is the answer to no line.
func serve(t *testing.T, talk func(line string) string) Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close() //nolint:errcheck // a test
				_, _ = c.Write([]byte(talk("")))
				for s := bufio.NewScanner(c); s.Scan(); {
					if _, err := c.Write([]byte(talk(s.Text()))); err != nil {
						return
					}
				}
			})
		}
	})
	host, port, _ := net.SplitHostPort(l.Addr().String())
	return Server{Host: host, Port: port}
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// TestAMailServerIsGreeted and told nothing else.
func TestAMailServerIsGreeted(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var heard []string
	s := serve(t, func(line string) string {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case line == "":
			return "220 mail.example.org ESMTP\r\n"
		case strings.HasPrefix(line, "EHLO"):
			heard = append(heard, "EHLO")
			return "250-mail.example.org\r\n250 SIZE 1000\r\n"
		}
		heard = append(heard, line)
		return "221 bye\r\n"
	})
	s.user, s.password = "u", "p"
	if err := s.Mail(soon(t)); err != nil {
		t.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(heard, []string{"EHLO", "QUIT"}) {
		t.Errorf("the server heard %q", heard)
	}
}

// TestAFaultOfAMailServerSaysWhere it came about.
func TestAFaultOfAMailServerSaysWhere(t *testing.T) {
	t.Parallel()
	for want, talk := range map[string]func(string) string{
		"greeting": func(string) string { return "554 no\r\n" },
		"EHLO": func(line string) string {
			if line == "" {
				return "220 hello\r\n"
			}
			return "550 no\r\n"
		},
		"EOF": func(string) string { return strings.Repeat("x", longestAnswer+1) }, // without an end of its line
	} {
		if err := serve(t, talk).Mail(soon(t)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	if err := (Server{Host: host, Port: port}).Mail(soon(t)); err == nil || !strings.Contains(err.Error(), "connect") {
		t.Errorf("nobody listens: %v", err)
	}
	plain := serve(t, func(string) string { return "220 hello\r\n" })
	plain.TLS = true
	if err := plain.Mail(soon(t)); err == nil || !strings.Contains(err.Error(), "tls") {
		t.Errorf("no TLS there: %v", err)
	}
}

// TestARedisServerAnswersPong, and a fault never tells its password.
func TestARedisServerAnswersPong(t *testing.T) {
	t.Parallel()
	talk := func(auth string) func(string) string {
		return func(line string) string {
			switch line {
			case "PING":
				return "+PONG\r\n"
			case "secret":
				return auth + "\r\n"
			}
			return ""
		}
	}
	s := serve(t, talk("+OK"))
	if err := s.Redis(soon(t)); err != nil {
		t.Error(err)
	}
	s.password = "secret"
	if err := s.Redis(soon(t)); err != nil {
		t.Error(err)
	}
	s = serve(t, talk("-WRONGPASS secret is wrong"))
	s.password = "secret"
	if err := s.Redis(soon(t)); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
	if err := serve(t, func(line string) string {
		if line == "PING" {
			return "HTTP/1.1 400 Bad Request\r\n"
		}
		return ""
	}).Redis(soon(t)); err == nil {
		t.Error("a web server was taken for Redis")
	}
}

func TestAServerIsReadFromItsAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"smtp://mail.example.org":             "mail.example.org:587",
		"smtps://u:p@mail.example.org":        "mail.example.org:465",
		"smtp://[::1]:25":                     "[::1]:25",
		"http://mail.example.org":             "neither smtp:// nor smtps://",
		"smtp://":                             "names no host",
		"smtp://u:top secret@h:25\x7f":        "not an address",
		"smtp://u:top-secret@mail:not-a-port": "not an address",
	} {
		s, err := ParseServer(text, "smtp", "587", "smtps", "465")
		got := s.Address()
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) || strings.Contains(got, "secret") {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestAskingOftenTestsOnce, and a change shows with its time.
func TestAskingOftenTestsOnce(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var tests atomic.Int32
	var fault error
	w := NewWatch(func() time.Time { return at }, Probe{Name: "p", Test: func(context.Context) error { tests.Add(1); return fault }})
	for range 50 {
		w.States(context.Background())
	}
	if n := tests.Load(); n != 1 {
		t.Errorf("%d tests within a moment", n)
	}
	begun := at
	at = at.Add(fresh)
	if s := w.States(context.Background())[0]; !s.Changed.Equal(begun) || !s.Updated.Equal(at) || s.Fault != nil {
		t.Errorf("still reached: %+v", s)
	}
	fault, at = errors.New("gone"), at.Add(fresh)
	if s := w.States(context.Background())[0]; !s.Changed.Equal(at) || s.Fault == nil {
		t.Errorf("gone: %+v", s)
	}
}

// TestATestEndsInTime: what hangs is as good as gone, and who asks gives up nobody else's test.
func TestATestEndsInTime(t *testing.T) {
	t.Parallel()
	w := NewWatch(time.Now, Probe{Name: "hangs", Test: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}, Probe{Name: "fine", Test: func(ctx context.Context) error { return ctx.Err() }})
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	states := w.States(gone)
	if states[0].Fault == nil || !strings.Contains(states[0].Fault.Error(), "no answer within") || states[1].Fault != nil {
		t.Errorf("got %+v", states)
	}
}

func TestNameserversAreThoseOfTheResolver(t *testing.T) {
	t.Parallel()
	got := nameserversIn(strings.NewReader("# nameserver 9.9.9.9\nsearch x\nnameserver 192.0.2.1\nnameserver  2001:db8::1 \nnameserver evil<script>\n" + strings.Repeat("nameserver 192.0.2.2\n", 50)))
	if len(got) != mostNameservers || got[0] != "192.0.2.1" || got[1] != "2001:db8::1" || got[2] != "192.0.2.2" {
		t.Errorf("got %q", got)
	}
}
