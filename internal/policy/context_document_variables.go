package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// variables fills the exchange's variables: plain JSON values, or {"type": T, "value": V} for the types that JSON doesn't have.
func (d *contextDocument) variables(x *Exchange) error {
	if len(d.Variables) == 0 {
		return nil
	}
	lib, err := contextLibrary()
	if err != nil {
		return err
	}
	env := &types.Env{Library: lib}
	env.Begin()
	c := &types.Call{Env: env}
	for _, m := range d.Variables {
		v, err := variable(c, m.value)
		if err != nil {
			return fmt.Errorf("variables.%s: %w", m.name, err)
		}
		x.SetVariable(m.name, v)
	}
	return nil
}

// variable is a plain JSON value, or one with its type beside it.
func variable(c *types.Call, raw json.RawMessage) (types.Value, error) {
	var typed struct {
		Type  string
		Value json.RawMessage
	}
	switch text := string(raw); {
	case text == "null":
		return nil, nil
	case text == "true" || text == "false":
		return text == "true", nil
	case text[0] == '"':
		return decodeAs[string](raw)
	case text[0] == '{':
		if err := json.Unmarshal(raw, &typed); err != nil {
			return nil, err
		}
		if len(typed.Value) == 0 || string(typed.Value) == "null" {
			return nil, nil
		}
		return typedVariable(c, typed.Type, typed.Value)
	default:
		return number(text)
	}
}

// number is an int, a long when that is too small, else a double.
func number(text string) (types.Value, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		if n == int64(int32(n)) {
			return int32(n), nil
		}
		return n, nil
	}
	return strconv.ParseFloat(text, 64)
}

func decodeAs[T any](raw json.RawMessage) (types.Value, error) {
	var v T
	err := json.Unmarshal(raw, &v)
	return v, err
}

// decoders read the values whose JSON form says it all.
var decoders = map[string]func(json.RawMessage) (types.Value, error){
	"string": decodeAs[string], "bool": decodeAs[bool], "sbyte": decodeAs[int8], "byte": decodeAs[uint8], "short": decodeAs[int16], "ushort": decodeAs[uint16],
	"int": decodeAs[int32], "uint": decodeAs[uint32], "long": decodeAs[int64], "float": decodeAs[float32], "double": decodeAs[float64],
}

// makers are the static members of library types that read a text.
var makers = map[string][2]string{
	"decimal": {"decimal", "Parse"}, "Guid": {"Guid", "Parse"}, "Uri": {"Uri", ".ctor"}, "DateTimeOffset": {"DateTimeOffset", "Parse"}, "TimeSpan": {"TimeSpan", "Parse"},
	"XElement": {"XElement", "Parse"}, "XDocument": {"XDocument", "Parse"},
}

func typedVariable(c *types.Call, name string, raw json.RawMessage) (types.Value, error) {
	if decode := decoders[name]; decode != nil {
		return decode(raw)
	}
	var text string
	isText := json.Unmarshal(raw, &text) == nil
	if maker, ok := makers[name]; ok {
		if !isText {
			return nil, fmt.Errorf("a %s is written as text", name)
		}
		return construct(c, maker[0], maker[1], text)
	}
	switch name {
	case "char":
		if u := types.Units(text); len(u) == 1 {
			return types.Char(u[0]), nil
		}
		return nil, errors.New("a char is a text of one character")
	case "ulong":
		return strconv.ParseUint(text, 10, 64)
	case "bytes":
		b, err := decodeAs[[]byte](raw)
		if err != nil {
			return nil, err
		}
		return &types.ByteArray{B: b.([]byte)}, nil
	case "DateTime":
		return dateTime(c, text)
	case "JObject", "JArray", "JToken", "JValue":
		if name == "JValue" {
			name = "JToken"
		}
		return construct(c, name, "Parse", string(raw))
	case "string[]", "int[]", "List<string>", "List<int>", "Dictionary<string,string>":
		return collection(c, name, raw)
	}
	return contextVariable(c, name, text, raw)
}

// dateTime is Utc when the text says so, else what DateTime.Parse makes of it.
func dateTime(c *types.Call, text string) (types.Value, error) {
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil && strings.HasSuffix(text, "Z") {
		return netTime(c, t)
	}
	return construct(c, "DateTime", "Parse", text)
}

// collection makes an array, or a library collection by adding to an empty one.
func collection(c *types.Call, name string, raw json.RawMessage) (types.Value, error) {
	if name == "Dictionary<string,string>" {
		return dictionary(c, raw)
	}
	elem, read := types.String, decodeAs[string]
	if strings.Contains(name, "int") {
		elem, read = types.Int32, decodeAs[int32]
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	array := &types.Array{Elem: elem}
	for _, item := range list {
		v, err := read(item)
		if err != nil {
			return nil, err
		}
		array.Items = append(array.Items, v)
	}
	if strings.HasSuffix(name, "[]") {
		return array, nil
	}
	out, err := empty(c, "List", elem)
	if err != nil {
		return nil, err
	}
	for _, v := range array.Items {
		if err := add(c, out, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func dictionary(c *types.Call, raw json.RawMessage) (types.Value, error) {
	var members ordered
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, err
	}
	out, err := empty(c, "Dictionary", types.String, types.String)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		v, err := decodeAs[string](m.value)
		if err != nil {
			return nil, err
		}
		if err := add(c, out, m.name, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// empty makes an empty library collection.
func empty(c *types.Call, name string, args ...*types.Type) (types.Value, error) {
	t := c.Env.Library.Lookup(name, len(args))
	if t == nil {
		return nil, errNoType
	}
	return constructOf(c, t.Of(args...), ".ctor")
}

// add calls Add of a library collection.
func add(c *types.Call, collection types.Value, args ...types.Value) error {
	t := c.Env.Library.TypeOf(collection)
	for _, m := range c.Env.Library.Members(t, "Add") {
		if len(m.Params) == len(args) {
			_, err := m.Row.Do.Call(&types.Call{Env: c.Env, This: collection, Args: args, Owner: m.Owner, Method: m})
			return err
		}
	}
	return errNoType
}

// contextVariable makes the values of the context's own types.
func contextVariable(c *types.Call, name, text string, raw json.RawMessage) (types.Value, error) {
	switch name {
	case "IResponse":
		var d responseDocument
		if err := json.Unmarshal(raw, &d); err != nil {
			return nil, err
		}
		return d.response()
	case "IRequest":
		var d requestDocument
		if err := json.Unmarshal(raw, &d); err != nil {
			return nil, err
		}
		r := &Request{}
		return r, d.fill(r)
	case "Jwt":
		if j := ParseJwt(text); j != nil {
			return j, nil
		}
		if claims, ok := parseClaims(raw); ok {
			return &Jwt{claims: claims}, nil
		}
	case "BasicAuthCredentials":
		if b := ParseBasic(text); b != nil {
			return b, nil
		}
	case "Authorization":
		var d struct {
			AccessToken string
			Claims      ordered
		}
		if err := json.Unmarshal(raw, &d); err != nil {
			return nil, err
		}
		a := &Authorization{AccessToken: d.AccessToken, Claims: map[string]any{}}
		for _, m := range d.Claims {
			v, err := variable(c, m.value)
			if err != nil {
				return nil, err
			}
			a.Claims[m.name] = v
		}
		return a, nil
	}
	return nil, fmt.Errorf("a variable can't be a %s of this value", name)
}

// parseSpan reads the .NET form of a duration: [-][d.]hh:mm:ss[.fffffff].
func parseSpan(s string) (time.Duration, error) {
	bad := fmt.Errorf("%q is not a duration of the form [d.]hh:mm:ss[.fffffff]", s)
	rest, negative := strings.CutPrefix(s, "-")
	parts := strings.Split(rest, ":")
	if len(parts) != 3 {
		return 0, bad
	}
	days, hours, hasDays := strings.Cut(parts[0], ".")
	if !hasDays {
		days, hours = "0", parts[0]
	}
	var sum time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		n, err := strconv.ParseUint([]string{days, hours, parts[1]}[i], 10, 24)
		if err != nil {
			return 0, bad
		}
		sum += time.Duration(n) * unit
	}
	seconds, err := time.ParseDuration(parts[2] + "s")
	if err != nil {
		return 0, bad
	}
	if sum += seconds; negative {
		sum = -sum
	}
	return sum, nil
}
