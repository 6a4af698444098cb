package gateway_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/policy/policytest"
)

// others are the hosts that policies call beside the backend, behind one real server, and the proxies, behind another one. Documents name them by the
// addresses of the script; the addresses of the servers take their place.
type others struct {
	c             *outside
	server, proxy *httptest.Server

	mu       sync.Mutex
	answers  map[string][]string // address to files, one after another, "-", "never" or "hangs"
	origins  map[string]string   // as documents name them, to where they are
	seen     []*http.Request
	bodies   []string
	via      string // the proxy of the last request, "-" without one
	together int
	underWay int
	met      chan struct{}
	backend  string // the proxy of the backend's last request
	stopped  chan struct{}
}

func newOthers(c *outside) *others {
	o := &others{c: c, answers: map[string][]string{}, origins: map[string]string{}, via: "-", backend: "-", stopped: make(chan struct{})}
	o.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { o.serve(w, r, "-") }))
	o.proxy = httptest.NewServer(http.HandlerFunc(o.pass))
	return o
}

// sidecar is where Dapr listens, which no document says.
func (o *others) sidecar() string { return o.server.URL + "/=http://localhost:3500" }

func (o *others) stop() {
	close(o.stopped)
	o.server.Close()
	o.proxy.Close()
}

var hostWords = map[string]func(o *others, yes bool, a []string) error{
	"host": func(o *others, _ bool, a []string) error {
		u, err := url.Parse(a[0])
		if err != nil {
			return err
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.answers[a[0]] = a[1:]
		o.origins[u.Scheme+"://"+u.Host] = o.server.URL + "/=" + u.Scheme + "://" + u.Host
		return nil
	},
	"proxy": func(o *others, _ bool, a []string) error { o.origins[a[0]] = o.proxy.URL; return nil },
	"together": func(o *others, _ bool, a []string) (err error) {
		o.together, err = strconv.Atoi(a[0])
		o.met = make(chan struct{})
		return err
	},
	"host-saw": func(o *others, _ bool, a []string) error {
		return eventually(func() error {
			if got := strconv.Itoa(len(o.seen)); got != a[0] {
				return fmt.Errorf("other hosts saw %s requests", got)
			}
			return nil
		}, o)
	},
	"host-request": func(o *others, yes bool, a []string) error {
		_, line, _ := o.last()
		if (line == a[0]) != yes {
			return fmt.Errorf("it saw %s", line)
		}
		return nil
	},
	"host-header": func(o *others, yes bool, a []string) error { h, _, _ := o.last(); return hasHeader(yes, h, a[0]) },
	"host-body":   func(o *others, yes bool, a []string) error { _, _, body := o.last(); return o.c.text(yes, body, a[0]) },
	"host-proxy":  func(o *others, yes bool, a []string) error { return o.c.text(yes, o.via, a[0]) },
	"backend-proxy": func(o *others, yes bool, a []string) error {
		return o.c.text(yes, o.backend, a[0])
	},
}

// eventually asks until there is no error or ten seconds are over: what nobody waits for comes when it comes.
func eventually(f func() error, o *others) (err error) {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		o.mu.Lock()
		err = f()
		o.mu.Unlock()
		if err == nil {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return err
}

// placed puts the addresses of servers in place of those that the script knows.
func (o *others) placed(text string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	for name, at := range o.origins {
		text = strings.ReplaceAll(text, name, at)
	}
	return text
}

func (o *others) last() (http.Header, string, string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.seen) == 0 {
		return nil, "", ""
	}
	r := o.seen[len(o.seen)-1]
	return r.Header, r.Method + " " + strings.TrimPrefix(r.RequestURI, "/="), o.bodies[len(o.bodies)-1]
}

// pass is the proxy.
func (o *others) pass(w http.ResponseWriter, r *http.Request) {
	via := o.origin(o.proxy.URL)
	if sealed, ok := strings.CutPrefix(r.Header.Get("Proxy-Authorization"), "Basic "); ok {
		plain, _ := base64.StdEncoding.DecodeString(sealed)
		via += " " + string(plain)
	}
	r.Header.Del("Proxy-Authorization")
	if r.URL.Host == "" {
		http.Error(w, "a proxy needs the whole address", http.StatusBadRequest)
		return
	}
	r.RequestURI = r.URL.RequestURI()
	if "http://"+r.URL.Host == o.c.backend.server.URL {
		o.mu.Lock()
		o.backend = via
		o.mu.Unlock()
		o.c.backend.ServeHTTP(w, r)
		return
	}
	o.serve(w, r, via)
}

func (o *others) origin(at string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	for name, there := range o.origins {
		if there == at {
			return name
		}
	}
	return at
}

func (o *others) serve(w http.ResponseWriter, r *http.Request, via string) {
	body, _ := io.ReadAll(r.Body)
	o.mu.Lock()
	o.seen, o.bodies, o.via = append(o.seen, r), append(o.bodies, string(body)), via
	address, _, _ := strings.Cut(strings.TrimPrefix(r.RequestURI, "/="), "?")
	file, met := policytest.Next(o.answers, address), o.met
	if o.underWay++; o.together > 0 && o.underWay == o.together {
		close(o.met)
	}
	o.mu.Unlock()
	if met != nil {
		select {
		case <-met:
		case <-r.Context().Done():
		case <-time.After(10 * time.Second):
			o.c.t.Error("the calls don't go out at once")
		}
	}
	switch file {
	case "", "-":
		panic(http.ErrAbortHandler)
	case "never", "hangs":
		select {
		case <-r.Context().Done():
		case <-o.stopped:
		}
		return
	}
	writeAnswer(w, o.c.files[file])
}
