package policy

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Type is the type of an attribute or of an element's text: what a literal must look like, and what an expression must give.
type Type struct {
	Name string   // as documentation shows it
	Enum []string // the only literals allowed; nil for any
	want want
	// check refuses a literal; the error completes "the value '…' …".
	check func(string) error
}

// want is what an expression must give.
type want uint8

const (
	wantText want = iota
	wantBool
	wantInt
	wantAny
)

// The types.
var (
	Text   = &Type{Name: "string"}
	Bool   = &Type{Name: "boolean", Enum: []string{"true", "false"}, want: wantBool}
	Int    = &Type{Name: "integer", want: wantInt, check: func(s string) error { return wholeNumber(s, -1<<31, 1<<31-1) }}
	Count  = IntRange(0, 1<<31-1)
	Object = &Type{Name: "object", want: wantAny}
	// IPAddress is an address literal, IPv4 or IPv6, without a prefix length.
	IPAddress = &Type{Name: "IP address", check: func(s string) error {
		if _, err := netip.ParseAddr(s); err != nil {
			return fmt.Errorf("is not an IPv4 or IPv6 address; ranges are written as address-range")
		}
		return nil
	}}
	// Instant is a time such as 2026-01-31T00:00:00Z.
	Instant = &Type{Name: "dateTime", check: func(s string) error {
		if _, err := time.Parse(time.RFC3339, s); err != nil {
			return fmt.Errorf("is not a time of the form yyyy-MM-ddTHH:mm:ssZ")
		}
		return nil
	}}
	// HeaderName is the name of a header field.
	HeaderName = &Type{Name: "header name", check: func(s string) error {
		if !ValidHeaderName(s) {
			return fmt.Errorf("is not a header name")
		}
		return nil
	}}
)

// OneOf is one of some literals, compared exactly.
func OneOf(values ...string) *Type { return &Type{Name: "enum", Enum: values} }

// IntRange is a whole number within bounds, both included.
func IntRange(low, high int64) *Type {
	return &Type{Name: "integer", want: wantInt, check: func(s string) error { return wholeNumber(s, low, high) }}
}

// Seconds is a duration in seconds within bounds, or the same as an ISO 8601 duration such as PT1M; zero may be allowed beside them.
func Seconds(low, high int64, orZero bool) *Type {
	return &Type{Name: "seconds", want: wantInt, check: func(s string) error {
		d, err := ParsePeriod(s)
		if err != nil {
			return err
		}
		if n := int64(d / time.Second); (n < low || n > high) && !(orZero && n == 0) {
			return fmt.Errorf("is outside of %d to %d seconds", low, high)
		}
		return nil
	}}
}

func wholeNumber(s string, low, high int64) error {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil:
		return fmt.Errorf("is not a whole number")
	case n < low || n > high:
		return fmt.Errorf("is outside of %d to %d", low, high)
	}
	return nil
}

// literal checks a literal against the type.
func (t *Type) literal(s string) error {
	if t.Enum != nil {
		for _, v := range t.Enum {
			if v == s {
				return nil
			}
		}
		return fmt.Errorf("is not one of %s", strings.Join(t.Enum, ", "))
	}
	if t.check != nil {
		return t.check(s)
	}
	return nil
}

// ParsePeriod reads seconds ("300") or an ISO 8601 duration of weeks, days, hours, minutes and seconds ("P30D", "PT1M").
func ParsePeriod(s string) (time.Duration, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n >= 0 && n <= 1<<33 {
		return time.Duration(n) * time.Second, nil
	}
	bad := fmt.Errorf("is neither seconds nor a duration such as PT1M or P30D")
	date, clock, hasClock := strings.Cut(strings.TrimPrefix(s, "P"), "T")
	if !strings.HasPrefix(s, "P") || date+clock == "" || hasClock && clock == "" {
		return 0, bad
	}
	days, ok1 := isoPart(date, "WD", []time.Duration{7 * 24 * time.Hour, 24 * time.Hour})
	rest, ok2 := isoPart(clock, "HMS", []time.Duration{time.Hour, time.Minute, time.Second})
	if !ok1 || !ok2 {
		return 0, bad
	}
	return days + rest, nil
}

// isoPart sums numbers that are each followed by one of the letters, in their order.
func isoPart(s, letters string, units []time.Duration) (sum time.Duration, ok bool) {
	for s != "" {
		i := strings.IndexAny(s, letters)
		if i < 0 {
			return 0, false
		}
		n, err := strconv.ParseUint(s[:i], 10, 24)
		at := strings.IndexByte(letters, s[i])
		if err != nil {
			return 0, false
		}
		sum += time.Duration(n) * units[at]
		s, letters, units = s[i+1:], letters[at+1:], units[at+1:]
	}
	return sum, true
}

// ValidHeaderName says whether s may be the name of a header field (RFC 9110 token).
func ValidHeaderName(s string) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return true
}

// ValidHeaderValue says whether s may be sent as a header's value: no line breaks and no other control characters but tabs.
func ValidHeaderValue(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
