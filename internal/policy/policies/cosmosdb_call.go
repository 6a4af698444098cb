package policies

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/cosmos"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Bounds of what one field may ask of Cosmos DB.
const (
	cosmosTime     = 60 * time.Second // of one call
	cosmosAgain    = 9                // calls after one that came too fast, as the service's own clients make
	cosmosPatience = 30 * time.Second // for all waits of one field together
	cosmosItems    = 10_000           // of a query
	cosmosBytes    = 8 << 20          // of their text
	definitionTime = 5 * time.Minute  // a container's definition is believed
	definitionsMax = 100
)

// cosmosConnection is the container as one request speaks to it.
type cosmosConnection struct {
	source    *cosmosSource
	container cosmos.Container
	waited    time.Duration
}

// send makes a call, and makes it again when the service says that calls come too fast.
func (c *cosmosConnection) send(x *policy.Exchange, call *cosmos.Call) (*policy.Response, []byte, error) {
	for n := 0; ; n++ {
		r, err := c.once(x, call)
		if err != nil {
			return nil, nil, err
		}
		wait, again := tooFast(r)
		if !again || n == cosmosAgain || c.waited+wait > cosmosPatience {
			body, err := r.Body.Bytes(true)
			return r, body, err
		}
		c.waited += wait
		if gone := x.Away(func(ctx context.Context) { err = c.source.pause(ctx, wait) }); gone != nil {
			return nil, nil, gone
		}
		if err != nil {
			return nil, nil, err
		}
	}
}

func (c *cosmosConnection) once(x *policy.Exchange, call *cosmos.Call) (*policy.Response, error) {
	token := ""
	if c.source.tokens {
		var err error
		if token, err = tokenFor(x, c.source.env.Identity, c.source.workspace, IdentityRequest{Resource: c.container.Account.Resource()}); err != nil {
			return nil, err
		}
	}
	out := &policy.Outgoing{URL: call.URL, Timeout: cosmosTime, Request: policy.Request{Method: call.Method}}
	if call.Body != nil {
		out.Request.Body = policy.NewBody(call.Body)
	}
	for _, lines := range [][]cosmos.Line{call.Header, call.Signed(x.Host.Now(), token)} {
		for _, l := range lines {
			if !policy.ValidHeaderValue(l.Value) {
				return nil, fmt.Errorf("the value for '%s' holds what no header may hold", l.Name)
			}
			out.Request.Header.Set(l.Name, l.Value)
		}
	}
	return x.Send(out)
}

// tooFast reads an answer that asks to wait.
func tooFast(r *policy.Response) (time.Duration, bool) {
	if r.Status != 429 {
		return 0, false
	}
	ms, err := strconv.Atoi(r.Header.Get("x-ms-retry-after-ms"))
	if err != nil || ms < 0 {
		ms = 100
	}
	return time.Duration(min(ms, int(cosmosPatience/time.Millisecond)+1)) * time.Millisecond, true
}

// answer makes data of what the service has answered. An error is one of the field, unless policies say what it means.
func (c *cosmosConnection) answer(x *policy.Exchange, r *policy.Response, data []byte) error {
	if r.Status >= 400 && !c.source.last.shapes {
		return cosmosRefused(r.Status, data)
	}
	if len(data) == 0 {
		data = []byte("null")
	}
	return answerData(x, r.Status, r.Header, data, c.source.last)
}

func cosmosRefused(status int, body []byte) error {
	return &policy.Error{
		Reason: "BackendResponseError", Message: fmt.Sprintf("Cosmos DB answered with status %d%s", status, cosmos.Refusal(body)),
		Public: fmt.Sprintf("The data source answered with status %d.", status), Status: 500,
	}
}

// definitions are the paths of partition keys of containers, as they were not long ago.
type definitions struct {
	mu   sync.Mutex
	kept map[string]keyPaths
}

type keyPaths struct {
	paths [][]string
	read  time.Time
}

// keyOf is the partition key that an item has in its container, where a policy doesn't say it.
func (c *cosmosConnection) keyOf(x *policy.Exchange, item []byte) (string, error) {
	d, name := &c.source.paths, c.container.Account.Endpoint+" "+c.container.Database+" "+c.container.Name
	d.mu.Lock()
	known, ok := d.kept[name]
	d.mu.Unlock()
	now := x.Host.Now()
	if !ok || now.Sub(known.read) > definitionTime {
		r, body, err := c.send(x, c.container.Definition())
		if err != nil {
			return "", err
		}
		if r.Status != 200 {
			return "", fmt.Errorf("partition-key is left out, and the container's definition could not be read: status %d%s", r.Status, cosmos.Refusal(body))
		}
		paths, err := cosmos.Paths(body)
		if err != nil {
			return "", err
		}
		known = keyPaths{paths, now}
		d.keep(name, known)
	}
	return cosmos.KeyOf(item, known.paths)
}

func (d *definitions) keep(name string, known keyPaths) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept == nil || len(d.kept) >= definitionsMax {
		d.kept = map[string]keyPaths{}
	}
	d.kept[name] = known
}
