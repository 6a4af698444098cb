package gateway

import (
	"time"

	cachememory "github.com/atelier-apim/atelier/internal/cache/memory"
	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/counter/memory"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/vector"
)

// cacheBytes is what a gateway's cache may hold.
const cacheBytes = 128 << 20

// vectorBytes is what a gateway's semantic cache may hold.
const vectorBytes = 64 << 20

// newEngine makes a gateway's own policies, and gives the ledger of their counters. Counters and cache are shared with no other gateway.
func newEngine(env policies.Env, now func() time.Time) (*policy.Engine, counter.Ledger, error) {
	counters, err := memory.New(now)
	if err != nil {
		return nil, nil, err
	}
	kept, err := cachememory.New(now, cacheBytes)
	if err != nil {
		return nil, nil, err
	}
	env.Counters, env.Cache, env.Vectors = counters, kept, vector.NewMemory(now, vectorBytes)
	engine, err := policy.NewEngine(policies.Table(env))
	return engine, counters, err
}
