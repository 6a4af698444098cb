package gateway

import (
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/counter/memory"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// newEngine makes a gateway's own policies, and gives the ledger of their counters, which are shared with no other gateway.
func newEngine(env policies.Env, now func() time.Time) (*policy.Engine, counter.Ledger, error) {
	counters, err := memory.New(now)
	if err != nil {
		return nil, nil, err
	}
	env.Counters = counters
	engine, err := policy.NewEngine(policies.Table(env))
	return engine, counters, err
}
