package policies_test

import (
	"errors"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/counter/memory"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// A subscription's periods follow each other from its start, or from when it was made if no start is set.
func TestQuotaPeriodsBeginWithTheSubscription(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	start := now.Add(-100 * time.Second)
	tests := []struct {
		name         string
		subscription policy.Subscription
		want         string
	}{
		{"start", policy.Subscription{ID: "a", Created: now.Add(-7 * time.Second), Start: &start}, "500"},
		{"made", policy.Subscription{ID: "b", Created: now.Add(-2000 * time.Second)}, "400"},
	}
	counters, err := memory.New(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	engine, err := policy.NewEngine(policies.Table(policies.Env{Counters: counters}))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := policy.Parse(`<policies><inbound><quota calls="1" renewal-period="600"/></inbound></policies>`, policy.FormatRaw)
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Compile([]policy.Source{{Scope: policy.ProductScope, Doc: doc, Home: &policy.Home{}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		call := func() error {
			x := exchange(&silent{})
			x.Subscription = &test.subscription
			return p.Run(x, policy.Inbound)
		}
		if err := call(); err != nil {
			t.Fatalf("%s: the first call got %v", test.name, err)
		}
		var e *policy.Error
		if err := call(); !errors.As(err, &e) {
			t.Fatalf("%s: the second call got %v, want a refusal", test.name, err)
		}
		if got := e.Header.Get("Retry-After"); got != test.want {
			t.Errorf("%s: Retry-After is %s, want %s", test.name, got, test.want)
		}
	}
}
