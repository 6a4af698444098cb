package liquid

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var listFilters = []filter{
	{"Compact", 0, 0, onList(func(_ *call, items []any) (any, error) {
		return slices.DeleteFunc(items, func(v any) bool { return v == nil }), nil
	})},
	{"First", 0, 0, func(c *call) (any, error) { return end(c, "first") }},
	{"Join", 0, 1, joinFilter},
	{"Last", 0, 0, func(c *call) (any, error) { return end(c, "last") }},
	{"Map", 1, 1, mapFilter},
	{"Size", 0, 0, sizeFilter},
	{"Slice", 1, 2, sliceFilter},
	{"Sort", 0, 1, onList(sortFilter)},
	{"Uniq", 0, 0, onList(uniqFilter)},
}

// onList makes a filter of a list of its own, in which lists of lists are one; a single value is a list of one, null stays null.
func onList(do func(c *call, items []any) (any, error)) func(c *call) (any, error) {
	return func(c *call) (any, error) {
		if c.in == nil {
			return nil, nil
		}
		items, err := flat(c.env, nil, c.in)
		if err != nil {
			return nil, err
		}
		return do(c, items)
	}
}

func flat(env *types.Env, out []any, v any) ([]any, error) {
	items, ok := v.([]any)
	if !ok {
		return append(out, v), env.Charge(16)
	}
	if err := firstError(env.Enter(), env.Step(int64(len(items)))); err != nil {
		return nil, err
	}
	defer env.Leave()
	for _, item := range items {
		var err error
		if out, err = flat(env, out, item); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func end(c *call, which string) (any, error) {
	v, _ := member(c.in, which, true)
	if h, ok := c.in.(*Hash); ok {
		v, _ = member(h.pairs(), which, true)
	}
	return v, nil
}

func joinFilter(c *call) (any, error) {
	glue, err := c.text(0, " ")
	if err != nil || c.in == nil {
		return nil, err
	}
	items, ok := enumerate(c.in)
	if !ok {
		return nil, types.Throw(types.ArgumentExc, "Join takes a list.")
	}
	texts := make([]string, len(items))
	n := 0
	for i, item := range items {
		texts[i] = joinedText(item)
		n += len(texts[i]) + len(glue)
		if err := c.env.Charge(len(texts[i]) + len(glue)); err != nil {
			return nil, err
		}
	}
	return strings.Join(texts, glue), nil
}

// joinedText is object.ToString().
func joinedText(v any) string {
	switch v.(type) {
	case []any, Pair, Lookup, symbol:
		return plain(v)
	}
	return types.ToString(v)
}

func mapFilter(c *call) (any, error) {
	name, err := c.text(0, "")
	if err != nil || c.in == nil {
		return nil, err
	}
	items, ok := enumerate(c.in)
	if !ok {
		return nil, types.Throw(types.ArgumentExc, "Map takes a list.")
	}
	out := make([]any, len(items))
	for i, item := range items {
		out[i], _ = member(item, name, false)
	}
	return out, c.env.Step(int64(len(items)))
}

func sizeFilter(c *call) (any, error) {
	if s, ok := c.in.(string); ok {
		return int32(types.Len(s)), nil
	}
	items, _ := enumerate(c.in)
	return int32(len(items)), nil
}

// sliceFilter takes a part of a text or of a list; a negative start counts from the end.
func sliceFilter(c *call) (any, error) {
	start, err := c.number(0, 0)
	if err != nil {
		return nil, err
	}
	length, err := c.number(1, 1)
	if err != nil || c.in == nil {
		return nil, err
	}
	items, isList := c.in.([]any)
	s, size := "", len(items)
	if !isList {
		if s, err = asText(c.in); err != nil {
			return nil, err
		}
		if size = types.Len(s); start > size {
			return nil, nil
		}
	}
	if start < 0 {
		if start += size; start < 0 {
			start, length = 0, max(length+start, 0)
		}
	}
	start = min(start, size)
	length = min(max(length, 0), size-start)
	if isList {
		return items[start : start+length], nil
	}
	return types.Sub(s, start, length), nil
}

// sortFilter sorts by a property or by the values themselves, text without regard to case.
func sortFilter(c *call, items []any) (any, error) {
	by, err := c.text(0, "")
	if err != nil {
		return nil, err
	}
	key := func(v any) any {
		if by != "" {
			v, _ = member(v, by, false)
		}
		return v
	}
	if err := c.env.Step(int64(len(items) * bits.Len(uint(len(items))))); err != nil {
		return nil, err
	}
	var failed error
	slices.SortStableFunc(items, func(a, b any) int {
		n, err := order(c.env, key(a), key(b))
		if err != nil {
			failed = err
		}
		return n
	})
	return items, failed
}

func order(env *types.Env, a, b any) (int, error) {
	switch {
	case a == nil || b == nil:
		return types.Compare(a != nil, b != nil)
	case typeOf(a).Same(types.String) && typeOf(b).Same(types.String):
		return strings.Compare(strings.ToUpper(a.(string)), strings.ToUpper(b.(string))), nil
	case isNumber(a) && isNumber(b):
		return compare(env, a, b)
	}
	return types.Compare(a, b)
}

func uniqFilter(c *call, items []any) (any, error) {
	out := items[:0]
	for _, item := range items {
		if err := c.env.Step(int64(len(out) + 1)); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(v any) bool { return same(v, item) }) {
			out = append(out, item)
		}
	}
	return out, nil
}

// same is object.Equals.
func same(a, b any) bool {
	switch a := a.(type) {
	case *Hash:
		h, ok := b.(*Hash)
		return ok && a == h
	case Pair:
		p, ok := b.(Pair)
		return ok && a.Key == p.Key && same(a.Value, p.Value)
	case []any, Lookup:
		return false
	}
	switch b.(type) {
	case *Hash, Pair, []any, Lookup:
		return false
	}
	return types.Equal(a, b)
}
