package policytest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// hosts are the services that policies call beside the backend.
type hosts struct {
	mu       sync.Mutex
	answers  map[string][]string // address without query to the files with the answers, "-", "never" or "hangs"; the last stays
	requests []message
	proxy    string // of the last request
	together int    // how many calls have to be under way before one is answered
	underWay int
	met      chan struct{} // closed when they are
}

func (c *Case) host(_ bool, a []string) error {
	if c.hosts.answers == nil {
		c.hosts.answers = map[string][]string{}
	}
	c.hosts.answers[a[0]] = a[1:]
	return nil
}

func (c *Case) hostSaw(_ bool, a []string) error {
	if got := strconv.Itoa(len(c.hosts.requests)); got != a[0] {
		return fmt.Errorf("other hosts saw %s requests", got)
	}
	return nil
}

func (h *hosts) seen() message {
	if len(h.requests) == 0 {
		return message{}
	}
	return h.requests[len(h.requests)-1]
}

func proxyLine(p *policy.Proxy) string {
	if p == nil {
		return "-"
	}
	return strings.TrimSuffix(p.Address+" "+p.User+":"+p.Password, " :")
}

// Send implements policy.Sender.
func (c *Case) Send(ctx context.Context, _ *policy.Exchange, o *policy.Outgoing) (*policy.Response, error) {
	if o.URL == "" {
		return c.toBackend(o)
	}
	file := c.hosts.take(o)
	if err := c.hosts.meet(ctx); err != nil {
		return nil, err
	}
	failed := func(reason, text string) error { return &policy.Error{Reason: reason, Message: text, Status: 500} }
	switch file {
	case "", "-":
		return nil, failed("BackendConnectionFailure", "nobody answers there")
	case "never":
		return nil, failed("Timeout", "the answer was not there in time")
	case "hangs":
		<-ctx.Done()
		return nil, failed("ClientConnectionFailure", "broken off")
	}
	text, err := c.file(file)
	if err != nil {
		return nil, err
	}
	r, err := readAnswer(text)
	if err != nil {
		return nil, err
	}
	data, _ := r.Body.Buffered()
	r.Body, err = o.ReadAnswer(strings.NewReader(string(data)), policy.DefaultMaxBody)
	return r, err
}

// Post implements policy.Sender: at once, so that a script can look at it.
func (c *Case) Post(x *policy.Exchange, o *policy.Outgoing) {
	_, _ = c.Send(x.Context, x, o) //nolint:errcheck // nobody waits for it
}

// toBackend sends a copy that has no address of its own.
func (c *Case) toBackend(o *policy.Outgoing) (*policy.Response, error) {
	at := o.Target.Base + o.Target.Path
	if o.Target.Query != "" {
		at += "?" + o.Target.Query
	}
	c.hosts.mu.Lock()
	defer c.hosts.mu.Unlock()
	c.backend.requests = append(c.backend.requests, message{o.Request.Method + " " + at, o.Request.Header, bodyText(o.Request.Body)})
	c.backend.certificate = o.Target.Certificate
	return readAnswer(c.backend.reply)
}

// take notes a request, and finds its answer.
func (h *hosts) take(o *policy.Outgoing) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests = append(h.requests, message{o.Request.Method + " " + o.URL, o.Request.Header, bodyText(o.Request.Body)})
	h.proxy = proxyLine(o.Target.Proxy)
	h.underWay++
	if h.together > 0 && h.underWay == h.together {
		close(h.met)
	}
	address, _, _ := strings.Cut(o.URL, "?")
	return Next(h.answers, address)
}

// Next takes the next answer of an address; the last one stays.
func Next(answers map[string][]string, address string) string {
	all := answers[address]
	if len(all) == 0 {
		return ""
	}
	if len(all) > 1 {
		answers[address] = all[1:]
	}
	return all[0]
}

// meet waits for as many calls as the script wants to be under way at once.
func (h *hosts) meet(ctx context.Context) error {
	if h.together == 0 {
		return nil
	}
	select {
	case <-h.met:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(10 * time.Second):
		return errors.New("the calls don't go out at once")
	}
}
