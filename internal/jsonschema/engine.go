package jsonschema

import (
	"sync"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Time that patterns may take: one search, and all slow searches of one schema within a while. A search beyond it doesn't match, so that the value is
// refused.
const (
	searchTime = 50 * time.Millisecond
	slowSearch = 5 * time.Millisecond
	slowTime   = time.Second
	slowWhile  = 10 * time.Second
)

// newEngine compiles patterns of one schema with the regular expressions of .NET.
func newEngine(c *compiled, slow *allowance) jsonschema.RegexpEngine {
	return func(s string) (jsonschema.Regexp, error) {
		p, err := lib.NewPattern(s)
		if err != nil {
			return nil, err
		}
		return &pattern{p, s, c, slow}, nil
	}
}

type pattern struct {
	*lib.Pattern
	source    string
	of        *compiled
	allowance *allowance
}

// String implements jsonschema.Regexp.
func (p *pattern) String() string { return p.source }

// MatchString implements jsonschema.Regexp.
func (p *pattern) MatchString(s string) bool {
	p.of.count()
	if !p.allowance.left() {
		return false
	}
	env := &types.Env{Limits: types.Limits{Steps: 10_000_000, Bytes: 16 << 20, Depth: 200, Wall: searchTime}}
	env.Begin()
	begun := time.Now()
	ok, err := p.Matches(env, s)
	if took := time.Since(begun); took > slowSearch {
		p.allowance.spend(took)
	}
	return ok && err == nil
}

// allowance is the time that slow searches have taken lately.
type allowance struct {
	mu    sync.Mutex
	since time.Time
	spent time.Duration
}

func (a *allowance) left() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.spent < slowTime || time.Since(a.since) > slowWhile
}

func (a *allowance) spend(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := time.Now(); now.Sub(a.since) > slowWhile {
		a.since, a.spent = now, 0
	}
	a.spent += d
}
