package policies_test

import (
	"errors"
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// slow is a backend that says when a request is there and answers when it is told.
type slow struct {
	silent
	arrived, answer chan struct{}
}

func (s *slow) Forward(*policy.Exchange, policy.ForwardOptions) error {
	s.arrived <- struct{}{}
	<-s.answer
	return nil
}

// While three requests wait for their backend the fourth is refused; other workspaces have places of their own; afterwards all are free again.
func TestLimitConcurrencyCountsRequestsInFlight(t *testing.T) {
	t.Parallel()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := policy.Parse(`<policies><backend><limit-concurrency key="k" max-count="3"><forward-request/></limit-concurrency></backend></policies>`, policy.FormatRaw)
	if err != nil {
		t.Fatal(err)
	}
	compile := func(workspace string) *policy.Plan {
		p, err := engine.Compile([]policy.Source{{Scope: policy.APIScope, Doc: doc, Home: &policy.Home{Workspace: workspace}}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	service, team := compile(""), compile("team")
	call := func(p *policy.Plan, host policy.Host) error { return p.Run(exchange(host), policy.BackendSection) }

	busy := &slow{arrived: make(chan struct{}), answer: make(chan struct{})}
	done := make(chan error)
	for range 3 {
		go func() { done <- call(service, busy) }()
	}
	for range 3 {
		<-busy.arrived
	}
	var refused *policy.Error
	if err := call(service, &silent{}); !errors.As(err, &refused) || refused.Status != 429 {
		t.Errorf("the fourth request got %v, want a refusal with 429", err)
	}
	if err := call(team, &silent{}); err != nil {
		t.Errorf("a workspace's request got %v, want none of the service's limits", err)
	}
	close(busy.answer)
	for range 3 {
		if err := <-done; err != nil {
			t.Errorf("a request inside got %v", err)
		}
	}
	if err := call(service, &silent{}); err != nil {
		t.Errorf("a later request got %v, want a free place", err)
	}
}
