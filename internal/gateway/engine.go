package gateway

import (
	"context"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/counter/memory"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// newEngine makes a gateway's own policies, and gives the ledger of their counters, which are shared with no other gateway.
func newEngine(now func() time.Time, wait func(context.Context, time.Duration) error) (*policy.Engine, counter.Ledger, error) {
	counters, err := memory.New(now)
	if err != nil {
		return nil, nil, err
	}
	engine, err := policy.NewEngine(policies.Table(policies.Env{Counters: counters, Wait: wait}))
	return engine, counters, err
}
