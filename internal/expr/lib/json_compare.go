package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// compareTokens orders two values by the kind of the first, which the second is converted to; a text gives way to the kind of the other.
func compareTokens(t, u *JToken) (int, error) {
	if t.value == nil || u.value == nil {
		return types.Compare(t.value != nil, u.value != nil)
	}
	kind := t.kind
	if kind == JString {
		kind = u.kind
	}
	switch kind {
	case JInteger, JFloat:
		return compareNumbers(kind, t.value, u.value)
	case JString, JComment, JRaw:
		return int(compareUnits(types.ToString(t.value), types.ToString(u.value))), nil
	case JBoolean:
		return compareAs(types.Bool, t.value, u.value)
	case JDate:
		return compareDates(t.value, u.value)
	}
	if t.kind != u.kind {
		return 0, types.Throw(types.ArgumentExc, "Object must be of type "+kindName(kind)+".")
	}
	if a, ok := t.value.(*types.ByteArray); ok {
		b, _ := u.value.(*types.ByteArray)
		return int(compareUnits(string(a.B), string(b.B))), nil
	}
	return types.Compare(t.value, u.value)
}

// compareNumbers compares exactly where both are whole, or else as doubles.
func compareNumbers(kind JKind, a, b types.Value) (int, error) {
	_, textA := a.(string)
	_, textB := b.(string)
	_, _, wholeA := types.Integer(a)
	_, _, wholeB := types.Integer(b)
	_, bigA := a.(bigInteger)
	_, bigB := b.(bigInteger)
	switch {
	case (wholeA || bigA) && (wholeB || bigB):
		return bigOf(a).Cmp(bigOf(b)), nil
	case kind == JInteger && (wholeA || textA || isBool(a)) && (wholeB || textB || isBool(b)):
		return compareAs(types.Int64, a, b)
	}
	return compareAs(types.Double, plainNumber(a), plainNumber(b))
}

func isBool(v types.Value) bool { _, ok := v.(bool); return ok }

// compareAs compares two values converted to a type.
func compareAs(to *types.Type, a, b types.Value) (int, error) {
	x, err := castWith(to)(noClock, a)
	if err != nil {
		return 0, err
	}
	y, err := castWith(to)(noClock, b)
	if err != nil {
		return 0, err
	}
	return types.Compare(x, y)
}

// noClock is for conversions where the time of day doesn't matter: a comparison has none at hand.
var noClock = &types.Env{}

// compareDates takes the other value for what the first is: a date or a date with an offset.
func compareDates(a, b types.Value) (int, error) {
	_, offset := a.(DateTimeOffset)
	if _, text := a.(string); text {
		_, offset = b.(DateTimeOffset)
	}
	cast := castDate
	if offset {
		cast = castOffset
	}
	x, err := cast(noClock, a)
	if err != nil {
		return 0, err
	}
	y, err := cast(noClock, b)
	if err != nil {
		return 0, err
	}
	return types.Compare(x, y)
}
