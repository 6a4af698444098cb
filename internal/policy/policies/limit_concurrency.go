package policies

import (
	"sync"

	"github.com/atelier-apim/atelier/internal/policy"
)

// LimitConcurrency makes the policy of one gateway, whose uses share their counts by key.
func LimitConcurrency() policy.Spec {
	shared := &places{taken: map[placeKey]int64{}, streams: map[stream]func(){}}
	return policy.Spec{
		Name:     "limit-concurrency",
		Doc:      "Lets only so many requests at once run the policies inside and stream the answer that they fetch; the others get 429 at once.",
		Sections: policy.AnySection,
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("key", policy.Text).Required().Expr().Doc("What is counted apart; all uses with the same key share one count."),
			policy.Attr("max-count", policy.IntRange(1, 1<<31-1)).Required().Doc("Requests that may be inside at once."),
			policy.Policies(),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileLimitConcurrency(shared, a) },
	}
}

func compileLimitConcurrency(shared *places, a *policy.Args) (policy.Step, error) {
	name, body, workspace := a.Text("key"), a.Body(), a.Home().Workspace
	limit, _ := a.Int("max-count").Literal()
	return func(x *policy.Exchange) error {
		n, err := name.Get(x)
		if err != nil {
			return err
		}
		key := placeKey{workspace, n}
		shared.giveUp(stream{x, key})
		if !shared.enter(key, limit) {
			return &policy.Error{Reason: "RateLimitExceeded", Message: "Rate limit is exceeded", Status: 429, Public: "Rate limit is exceeded"}
		}
		before := x.Response
		defer func() { shared.leaveWith(x, before, key) }()
		return body.Run(x)
	}, nil
}

// leaveWith frees the place at once, or, when the policies inside have fetched an answer that is still to be streamed, as soon as that has ended or
// is given up.
func (p *places) leaveWith(x *policy.Exchange, before *policy.Response, key placeKey) {
	held := stream{x, key}
	free := sync.OnceFunc(func() { p.leave(key); p.forget(held) })
	if x.Response == nil || x.Response == before || !x.Response.Body.OnClose(free) {
		p.leave(key)
		return
	}
	p.mu.Lock()
	p.streams[held] = free
	p.mu.Unlock()
	x.Afterwards = append(x.Afterwards, func(*policy.Exchange) { free() })
}

// stream is an exchange whose answer holds a place.
type stream struct {
	of  *policy.Exchange
	key placeKey
}

// giveUp frees the place that an exchange still holds from an earlier try, whose answer nobody will read.
func (p *places) giveUp(s stream) {
	p.mu.Lock()
	free := p.streams[s]
	p.mu.Unlock()
	if free != nil {
		free()
	}
}

func (p *places) forget(s stream) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.streams, s)
}

// places are the requests that are inside, by key. It holds only keys that somebody is inside of, so requests in flight bound its size.
type places struct {
	mu      sync.Mutex
	taken   map[placeKey]int64
	streams map[stream]func() // frees the place of an exchange whose answer still streams
}

// placeKey keeps workspaces apart, whatever keys they choose.
type placeKey struct{ workspace, name string }

func (p *places) enter(key placeKey, limit int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[key] >= limit {
		return false
	}
	p.taken[key]++
	return true
}

func (p *places) leave(key placeKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[key]--; p.taken[key] == 0 {
		delete(p.taken, key)
	}
}
