package apim

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/policy"
)

// CircuitBreaker says when gateways stop sending requests to a backend for a while.
type CircuitBreaker struct {
	Rules []CircuitBreakerRule `json:"rules,omitempty"`
}

// CircuitBreakerRule trips a backend.
type CircuitBreakerRule struct {
	Name             string            `json:"name,omitempty" rule:"max=80"`
	FailureCondition *FailureCondition `json:"failureCondition,omitempty"`
	TripDuration     string            `json:"tripDuration,omitempty"`
	AcceptRetryAfter *bool             `json:"acceptRetryAfter,omitempty"`
}

// FailureCondition says what a failure is, and how many within which time are too many.
type FailureCondition struct {
	Count            *number           `json:"count,omitempty" rule:"min=1,max=10000"`
	Percentage       *number           `json:"percentage,omitempty" rule:"min=1,max=100"`
	Interval         string            `json:"interval,omitempty"`
	StatusCodeRanges []StatusCodeRange `json:"statusCodeRanges,omitempty" rule:"max=10"`
	ErrorReasons     []string          `json:"errorReasons,omitempty" rule:"max=10"`
}

// StatusCodeRange is a range of statuses, both ends included.
type StatusCodeRange struct {
	Min number `json:"min" rule:"required,min=200,max=599"`
	Max number `json:"max" rule:"required,min=200,max=599"`
}

// number is a whole number, which templates write as a text, too.
type number int

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(b []byte) error {
	v, err := strconv.Atoi(string(bytes.Trim(b, `"`)))
	if err != nil {
		return fmt.Errorf("%s is no whole number", b)
	}
	*n = number(v)
	return nil
}

// Bounds of the times of a rule, and of a text.
const (
	minBreakerTime = time.Second
	maxBreakerTime = 31 * 24 * time.Hour
	maxErrorReason = 100
)

// validate checks the rule. Azure's model has room for 15 rules and takes one.
func (c *CircuitBreaker) validate() error {
	if c == nil || len(c.Rules) == 0 {
		return nil
	}
	if len(c.Rules) > 1 {
		return arm.InvalidField("circuitBreaker.rules", "circuitBreaker.rules must have one rule at most.")
	}
	const at = "circuitBreaker.rules[0]"
	r := &c.Rules[0]
	f := r.FailureCondition
	if f == nil {
		return arm.InvalidField(at+".failureCondition", at+".failureCondition is required: a count or percentage, an interval, and which answers are failures.")
	}
	if (f.Count == nil) == (f.Percentage == nil) {
		return arm.InvalidField(at+".failureCondition.count", at+".failureCondition needs either count or percentage.")
	}
	if len(f.StatusCodeRanges)+len(f.ErrorReasons) == 0 {
		return arm.InvalidField(at+".failureCondition.statusCodeRanges", at+".failureCondition needs statusCodeRanges or errorReasons: what a failure is.")
	}
	for i, s := range f.StatusCodeRanges {
		if s.Min > s.Max {
			field := fmt.Sprintf("%s.failureCondition.statusCodeRanges[%d]", at, i)
			return arm.InvalidField(field, "%s ends at %d before it begins at %d.", field, s.Max, s.Min)
		}
	}
	for i, reason := range f.ErrorReasons {
		if reason == "" || len(reason) > maxErrorReason {
			field := fmt.Sprintf("%s.failureCondition.errorReasons[%d]", at, i)
			return arm.InvalidField(field, "%s must have 1 to %d characters.", field, maxErrorReason)
		}
	}
	if _, err := breakerTime(at+".failureCondition.interval", f.Interval); err != nil {
		return err
	}
	_, err := breakerTime(at+".tripDuration", r.TripDuration)
	return err
}

// breakerTime reads a duration of a rule.
func breakerTime(field, text string) (time.Duration, error) {
	if text == "" {
		return 0, arm.InvalidField(field, "%s is required: an ISO 8601 duration such as PT1M.", field)
	}
	d, err := policy.ParsePeriod(text)
	if err != nil || !strings.HasPrefix(text, "P") || d < minBreakerTime || d > maxBreakerTime {
		return 0, arm.InvalidField(field, "%s must be an ISO 8601 duration from PT1S to P31D, such as PT1M.", field)
	}
	return d, nil
}

// BreakerOf is the rule of a backend with its times read; nil without one.
func (b *Backend) BreakerOf() (rule *CircuitBreakerRule, interval, trip time.Duration) {
	if b.Breaker == nil || len(b.Breaker.Rules) == 0 {
		return nil, 0, 0
	}
	rule = &b.Breaker.Rules[0]
	if rule.FailureCondition == nil {
		return nil, 0, 0
	}
	interval, err := breakerTime("interval", rule.FailureCondition.Interval)
	if err != nil {
		return nil, 0, 0
	}
	if trip, err = breakerTime("tripDuration", rule.TripDuration); err != nil {
		return nil, 0, 0
	}
	return rule, interval, trip
}
