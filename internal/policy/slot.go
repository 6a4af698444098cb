package policy

import (
	"fmt"
	"slices"
)

// Values that are known when a plan is compiled or computed for each request. Get of a literal costs nothing.

// TextValue is text.
type TextValue struct {
	literal string
	expr    *Expression
	enum    []string
}

// Get is the text for this request. A null result is "".
func (v TextValue) Get(x *Exchange) (string, error) {
	if v.expr == nil {
		return v.literal, nil
	}
	s, err := v.expr.Text(x)
	if err == nil && v.enum != nil && !slices.Contains(v.enum, s) {
		return "", fmt.Errorf("the value '%s' is not one of %v", s, v.enum)
	}
	return s, err
}

// Literal is the text when no expression is needed for it.
func (v TextValue) Literal() (string, bool) { return v.literal, v.expr == nil }

// BoolValue is true or false.
type BoolValue struct {
	literal bool
	expr    *Expression
}

// Get is the value for this request.
func (v BoolValue) Get(x *Exchange) (bool, error) {
	if v.expr == nil {
		return v.literal, nil
	}
	return v.expr.Bool(x)
}

// Literal is the value when no expression is needed for it.
func (v BoolValue) Literal() (bool, bool) { return v.literal, v.expr == nil }

// IntValue is a whole number; durations are in seconds.
type IntValue struct {
	literal int64
	expr    *Expression
	check   func(string) error
}

// Get is the number for this request, within the bounds of its type.
func (v IntValue) Get(x *Exchange) (int64, error) {
	if v.expr == nil {
		return v.literal, nil
	}
	n, err := v.expr.Int(x)
	if err == nil && v.check != nil {
		if bad := v.check(itoa(int(n))); bad != nil {
			return 0, fmt.Errorf("the value '%d' %w", n, bad)
		}
	}
	return n, err
}

// Literal is the number when no expression is needed for it.
func (v IntValue) Literal() (int64, bool) { return v.literal, v.expr == nil }

// ObjectValue is any value of the expression language; a literal is a string.
type ObjectValue struct {
	literal string
	expr    *Expression
}

// Get is the value for this request.
func (v ObjectValue) Get(x *Exchange) (any, error) {
	if v.expr == nil {
		return v.literal, nil
	}
	return v.expr.Value(x)
}

// Literal is the text when no expression is needed for it.
func (v ObjectValue) Literal() (string, bool) { return v.literal, v.expr == nil }
