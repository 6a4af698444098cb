package policies

import (
	"sync"

	"github.com/atelier-apim/atelier/internal/policy"
)

// LimitConcurrency makes the policy of one gateway, whose uses share their counts by key.
func LimitConcurrency() policy.Spec {
	shared := &places{taken: map[placeKey]int64{}}
	return policy.Spec{
		Name:     "limit-concurrency",
		Doc:      "Lets only so many requests at once run the policies inside; the others get 429 at once.",
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
		if !shared.enter(key, limit) {
			return &policy.Error{Reason: "RateLimitExceeded", Message: "Rate limit is exceeded", Status: 429, Public: "Rate limit is exceeded"}
		}
		defer shared.leave(key)
		return body.Run(x)
	}, nil
}

// places are the requests that are inside, by key. It holds only keys that somebody is inside of, so requests in flight bound its size.
type places struct {
	mu    sync.Mutex
	taken map[placeKey]int64
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
