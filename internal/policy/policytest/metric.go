package policytest

import (
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// Emit implements policies.Metrics.
func (c *Case) Emit(_ *policy.Exchange, m policies.Metric) {
	c.backend.metrics = append(c.backend.metrics, m)
}

// metric asserts that a metric was emitted, with these dimensions in their order and no others.
func (c *Case) metric(yes bool, a []string) error {
	found := false
	for _, m := range c.backend.metrics {
		words := []string{m.Namespace, m.Name, fmt.Sprint(m.Value)}
		for _, d := range m.Dimensions {
			words = append(words, d.Name+"="+strings.TrimPrefix(d.Value, "/service/apis/")) // a gateway calls entities by their names
		}
		found = found || strings.Join(words, "\x00") == strings.Join(a, "\x00")
	}
	if found != yes {
		return fmt.Errorf("the metrics are %v", c.backend.metrics)
	}
	return nil
}
