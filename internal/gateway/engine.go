package gateway

import (
	"context"
	"time"

	"github.com/atelier-apim/atelier/internal/counter/memory"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// newEngine makes a gateway's own policies: their counters are shared with no other gateway.
func newEngine(now func() time.Time, wait func(context.Context, time.Duration) error) (*policy.Engine, error) {
	counters, err := memory.New(now)
	if err != nil {
		return nil, err
	}
	return policy.NewEngine(policies.Table(policies.Env{Counters: counters, Wait: wait}))
}
