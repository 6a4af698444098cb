package policies

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Values in the cache are a byte that names their type, and their bytes. Simple values come back as they were; XML as an XElement or XDocument;
// everything else as JSON.
const (
	nullValue     = 'n'
	trueValue     = '1'
	falseValue    = '0'
	textValue     = 's'
	bytesValue    = 'b'
	intValue      = 'i'
	longValue     = 'l'
	doubleValue   = 'd'
	elementValue  = 'x'
	documentValue = 'X'
	jsonValue     = 'j'
	plainValue    = 'p' // a value that JSON holds: a date
	decimalValue  = 'm'
	guidValue     = 'g'
	spanValue     = 't'
	agingValue    = 'r' // a value that is to be computed again from a time on, Unix nanoseconds; the value follows
)

// agingHead is what stands before such a value.
const agingHead = 1 + 8

// refreshed is an encoded value that is to be computed again from a time on.
func refreshed(data []byte, from time.Time) []byte {
	head := binary.BigEndian.AppendUint64([]byte{agingValue}, uint64(from.UnixNano()))
	return append(head, data...)
}

// refreshTime is when a kept value is to be computed again; false for one that isn't.
func refreshTime(data []byte) (time.Time, bool) {
	if len(data) < agingHead || data[0] != agingValue {
		return time.Time{}, false
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(data[1:agingHead]))), true
}

func encodeValue(x *policy.Exchange, v any) ([]byte, error) {
	number := func(kind byte, n uint64) ([]byte, error) { return binary.BigEndian.AppendUint64([]byte{kind}, n), nil }
	text := func(kind byte, s string) ([]byte, error) { return append([]byte{kind}, s...), nil }
	switch v := v.(type) {
	case nil:
		return []byte{nullValue}, nil
	case bool:
		if v {
			return []byte{trueValue}, nil
		}
		return []byte{falseValue}, nil
	case string:
		return text(textValue, v)
	case *types.ByteArray:
		return text(bytesValue, string(v.B))
	case int32:
		return number(intValue, uint64(int64(v)))
	case int64:
		return number(longValue, uint64(v))
	case float64:
		return number(doubleValue, math.Float64bits(v))
	case lib.Decimal:
		return text(decimalValue, v.NetString())
	case lib.Guid:
		return text(guidValue, types.ToString(v))
	case lib.TimeSpan:
		return text(spanValue, types.ToString(v))
	case *lib.Node:
		if v.Kind() == lib.XDocument {
			return text(documentValue, v.XML(false))
		}
		if v.Kind() == lib.XElement {
			return text(elementValue, v.XML(false))
		}
	case *policy.Body, *policy.Request, *policy.Response:
		return nil, fmt.Errorf("a value of type %s can't be kept in the cache; keep its text, as in Body.As<string>()", policy.TypeName(v))
	case *lib.JToken:
		return text(jsonValue, v.JSON(false))
	}
	env := x.Evaluation()
	env.Begin()
	defer env.End()
	t, err := lib.ToJToken(env, v)
	if err != nil {
		return nil, err
	}
	if t.Value() != nil {
		return text(plainValue, t.JSON(false))
	}
	return text(jsonValue, t.JSON(false))
}

var errCached = errors.New("the cached value can't be read")

func decodeValue(x *policy.Exchange, data []byte) (any, error) {
	if _, ages := refreshTime(data); ages {
		data = data[agingHead:]
	}
	if len(data) == 0 {
		return nil, errCached
	}
	kind, rest := data[0], data[1:]
	switch kind {
	case nullValue:
		return nil, nil
	case trueValue, falseValue:
		return kind == trueValue, nil
	case textValue:
		return string(rest), nil
	case bytesValue:
		return &types.ByteArray{B: append([]byte(nil), rest...)}, nil
	case intValue, longValue, doubleValue:
		if len(rest) != 8 {
			return nil, errCached
		}
		switch n := binary.BigEndian.Uint64(rest); kind {
		case intValue:
			return int32(int64(n)), nil
		case longValue:
			return int64(n), nil
		default:
			return math.Float64frombits(n), nil
		}
	}
	env := x.Evaluation()
	env.Begin()
	defer env.End()
	switch kind {
	case decimalValue:
		return lib.ChangeType(env, string(rest), types.Decimal)
	case guidValue:
		return lib.ParseGuid(string(rest))
	case spanValue:
		return lib.ParseTimeSpan(string(rest))
	case elementValue:
		return lib.ParseXElement(env, string(rest))
	case documentValue:
		return lib.ParseXDocument(env, string(rest))
	case jsonValue:
		return lib.ParseJToken(env, string(rest))
	case plainValue:
		t, err := lib.ParseJToken(env, string(rest))
		if err != nil {
			return nil, err
		}
		return t.Value(), nil
	}
	return nil, errCached
}
