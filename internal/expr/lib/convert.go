package lib

import (
	"fmt"
	"math"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// convertTargets are the types Convert converts to, by the name of the method.
var convertTargets = []struct {
	name string
	t    *types.Type
}{
	{"ToBoolean", types.Bool},
	{"ToChar", types.CharT},
	{"ToSByte", types.SByte},
	{"ToByte", types.Byte},
	{"ToInt16", types.Int16},
	{"ToUInt16", types.UInt16},
	{"ToInt32", types.Int32},
	{"ToUInt32", types.UInt32},
	{"ToInt64", types.Int64},
	{"ToUInt64", types.UInt64},
	{"ToSingle", types.Single},
	{"ToDouble", types.Double},
	{"ToDecimal", types.Decimal},
	{"ToDateTime", dateTime},
	{"ToString", types.String},
}

// convertDecl is System.Convert.
var convertDecl = types.Decl{Type: types.StaticClass("System.Convert"), Doc: "Conversions between the basic types.", Members: concatRows(convertRows(), convertBaseRows, base64Rows)}

// convertRows has a row for each pair of target and source type.
func convertRows() []types.Member {
	var out []types.Member
	for _, to := range convertTargets {
		for _, from := range append([]string{"object"}, sourceNames()...) {
			out = append(out, types.Member{
				Sig: fmt.Sprintf("static %s %s(%s value)", typeWord(to.t), to.name, from),
				Do:  types.Do(func(c *types.Call) (types.Value, error) { return convertCall(c, to.t) }),
				Doc: "The value as a " + typeWord(to.t) + "; null as its default.",
			})
		}
	}
	return append(out, types.Member{
		Sig: "static object ChangeType(object value, Type conversionType)",
		Do: types.Do(func(c *types.Call) (types.Value, error) {
			t, ok := c.Args[1].(types.TypeValue)
			if !ok {
				return nil, types.ArgumentNull("conversionType")
			}
			if c.Args[0] == nil && t.T.IsReference() {
				return nil, nil
			}
			return convertTo(c.Env, c.Args[0], t.T)
		}), Doc: "The value as that type.",
	})
}

func sourceNames() []string {
	names := []string{"bool", "char", "string", "DateTime"}
	for _, t := range numbers {
		names = append(names, t.Keyword)
	}
	return names
}

func typeWord(t *types.Type) string {
	if t.Keyword != "" {
		return t.Keyword
	}
	return t.Name
}

func convertCall(c *types.Call, to *types.Type) (types.Value, error) {
	v := c.Args[0]
	if v == nil {
		if to.Kind == types.KindString && c.Method != nil && c.Method.Params[0].Type.Kind == types.KindString {
			return nil, nil
		}
		if to.Kind == types.KindString {
			return "", nil
		}
		if to.Kind == types.KindChar && c.Method != nil && c.Method.Params[0].Type.Kind == types.KindString {
			return nil, types.ArgumentNull("value")
		}
		return types.Zero(to), nil
	}
	return convertTo(c.Env, v, to)
}

func badCast(v types.Value, to *types.Type) error {
	from := "Object"
	if t, ok := v.(types.Typed); ok {
		from = t.NetType().Name
	}
	return types.Throw(types.InvalidCast, "Invalid cast from '"+from+"' to '"+to.Name+"'.")
}

// convertTo is IConvertible: numbers round half to even, text is parsed, what
// does not fit overflows.
func convertTo(env *types.Env, v types.Value, to *types.Type) (types.Value, error) {
	if to.Kind == types.KindString {
		return types.ToString(v), nil
	}
	if to == dateTime {
		return convertDate(env, v)
	}
	switch v := v.(type) {
	case string:
		return convertText(v, to)
	case bool:
		if to.Kind == types.KindChar {
			return nil, badCast(v, to)
		}
		return convertNumber(int32(types.Hash(v)), to)
	case types.Char:
		if to.Kind == types.KindChar {
			return v, nil
		}
		if !to.IsInteger() {
			return nil, badCast(v, to)
		}
		return convertNumber(int32(v), to)
	case types.Enum:
		return convertNumber(v.N, to)
	}
	if _, ok := numberOf(v); !ok {
		return nil, types.Throw(types.InvalidCast, "Unable to cast object to type 'System.IConvertible'.")
	}
	return convertNumber(v, to)
}

func convertDate(env *types.Env, v types.Value) (types.Value, error) {
	switch v := v.(type) {
	case DateTime:
		return v, nil
	case string:
		p, err := parseDate(v, env.Now())
		if err != nil {
			return nil, err
		}
		return p.dateTime(), nil
	}
	return nil, badCast(v, dateTime)
}

// convertText parses s as the type's Parse does.
func convertText(s string, to *types.Type) (types.Value, error) {
	switch to.Kind {
	case types.KindBool:
		return parseBool(s)
	case types.KindChar:
		return parseChar(s)
	case types.KindSingle:
		return parseSingle(s)
	case types.KindDouble:
		return parseDouble(s)
	case types.KindDecimal:
		return parseDecimal(s)
	}
	if to.IsInteger() {
		return parseInteger(s, to)
	}
	return nil, badCast(s, to)
}

func convertNumber(v types.Value, to *types.Type) (types.Value, error) {
	switch to.Kind {
	case types.KindBool:
		return numberFloat(v) != 0, nil
	case types.KindChar:
		if n, ok := numberOf(v); !ok || !n.integer {
			return nil, badCast(v, to)
		}
		u, err := toInteger(v, types.UInt16)
		if err != nil {
			return nil, overflow(to)
		}
		return types.Char(u.(uint16)), nil
	case types.KindDouble:
		return numberFloat(v), nil
	case types.KindSingle:
		return float32(numberFloat(v)), nil
	case types.KindDecimal:
		return numberDecimal(v)
	}
	if to.IsInteger() {
		return toInteger(v, to)
	}
	return nil, badCast(v, to)
}

// numberFloat is the nearest double of any number.
func numberFloat(v types.Value) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case float32:
		return float64(v)
	case Decimal:
		return v.float()
	}
	n, unsigned, _ := types.Integer(v)
	if unsigned {
		return float64(uint64(n))
	}
	return float64(n)
}

func numberDecimal(v types.Value) (types.Value, error) {
	switch v := v.(type) {
	case float64:
		return decimalFloat(v, 15)
	case float32:
		return decimalFloat(float64(v), 7)
	case Decimal:
		return v, nil
	}
	return decimalInteger(v), nil
}

// toInteger rounds half to even and checks the range of to.
func toInteger(v types.Value, to *types.Type) (types.Value, error) {
	switch v := v.(type) {
	case float64:
		f := math.RoundToEven(v)
		if math.IsNaN(f) || math.Abs(f) >= 1<<64 {
			return nil, overflow(to)
		}
		if out, ok := integerOf(uint64(math.Abs(f)), f < 0, to.Kind); ok {
			return out, nil
		}
		return nil, overflow(to)
	case float32:
		return toInteger(float64(v), to)
	case Decimal:
		return roundDecimal(v, 0, halfEven).integer(to)
	}
	n, unsigned, _ := types.Integer(v)
	magnitude, neg := uint64(n), n < 0 && !unsigned
	if neg {
		magnitude = -magnitude
	}
	if out, ok := integerOf(magnitude, neg, to.Kind); ok {
		return out, nil
	}
	return nil, overflow(to)
}
