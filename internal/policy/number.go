package policy

import (
	"fmt"
	"math"
	"strconv"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Double is a number; expressions may give any number, or text that is one.
var Double = DoubleRange(-math.MaxFloat64, math.MaxFloat64)

// DoubleRange is a number within bounds, both included.
func DoubleRange(low, high float64) *Type {
	return &Type{Name: "double", want: wantAny, check: func(s string) error {
		n, err := strconv.ParseFloat(s, 64)
		switch {
		case err != nil || math.IsNaN(n) || math.IsInf(n, 0):
			return fmt.Errorf("is not a number")
		case n < low || n > high:
			return fmt.Errorf("is outside of %v to %v", low, high)
		}
		return nil
	}}
}

// NumberValue is a number.
type NumberValue struct {
	value ObjectValue
	check func(string) error
}

// Number is an attribute of type Double at request time.
func (a *Args) Number(name string) NumberValue {
	return NumberValue{a.Object(name), a.attr(name).typ.check}
}

// Get is the number for this request, within the bounds of its type.
func (v NumberValue) Get(x *Exchange) (float64, error) {
	value, err := v.value.Get(x)
	if err != nil {
		return 0, err
	}
	text := types.ToString(value)
	if err := v.check(text); err != nil {
		return 0, fmt.Errorf("the value '%s' %w", text, err)
	}
	return strconv.ParseFloat(text, 64)
}
