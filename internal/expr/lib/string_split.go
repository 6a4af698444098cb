package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var stringSplit = []types.Member{
	{Sig: "string[] Split(params char[] separator)", Do: types.Do(split), Doc: "The parts between separators; white space without any.", Ex: `"a,b,,c".Split(',') → ["a","b","","c"]`},
	{Sig: "string[] Split(char[] separator, int count)", Do: types.Do(split), Doc: "At most count parts.", Ex: `"a=b=c".Split(new[] { '=' }, 2) → ["a","b=c"]`},
	{Sig: "string[] Split(char[] separator, StringSplitOptions options)", Do: types.Do(split), Doc: "The parts, empty ones perhaps left out.", Ex: `"a b  c".Split((char[])null, StringSplitOptions.RemoveEmptyEntries) → ["a","b","c"]`},
	{Sig: "string[] Split(char[] separator, int count, StringSplitOptions options)", Do: types.Do(split), Doc: "At most count parts, empty ones perhaps left out."},
	{Sig: "string[] Split(string[] separator, StringSplitOptions options)", Do: types.Do(split), Doc: "The parts between separators.", Ex: `"a::b".Split(new[] { "::" }, StringSplitOptions.None) → ["a","b"]`},
	{Sig: "string[] Split(string[] separator, int count, StringSplitOptions options)", Do: types.Do(split), Doc: "At most count parts."},
}

func split(c *types.Call) (types.Value, error) {
	s := c.This.(string)
	limit, removeEmpty := -1, false
	for _, v := range c.Args[1:] {
		switch v := v.(type) {
		case int32:
			if v < 0 {
				return nil, types.ArgumentRange("count", "Count cannot be less than zero.")
			}
			limit = int(v)
		case types.Enum:
			removeEmpty = v.N&1 == 1
		}
	}
	if limit == 0 || removeEmpty && s == "" {
		return types.Strings(nil), nil
	}
	if err := c.Env.Charge(len(s) + 64); err != nil {
		return nil, err
	}
	separators, _ := c.Args[0].(*types.Array)
	return splitText(c.Env, s, separatorAt(separators), limit, removeEmpty)
}

// separatorAt tells how many bytes of separator stand at the start of a text.
func separatorAt(a *types.Array) func(s string) int {
	texts, sets := []string{}, true
	if a != nil {
		for _, v := range a.Items {
			switch v := v.(type) {
			case string:
				sets = false
				if v != "" {
					texts = append(texts, v)
				}
			case types.Char:
				texts = append(texts, types.CharText(v))
			}
		}
	}
	if len(texts) == 0 && (sets || a == nil) {
		return whiteLen
	}
	return func(s string) int {
		for _, t := range texts {
			if strings.HasPrefix(s, t) {
				return len(t)
			}
		}
		return 0
	}
}

// whiteLen is the length of the white space character s starts with, or 0.
func whiteLen(s string) int {
	for i, r := range s {
		if i > 0 {
			return i
		}
		if !isWhite(r) {
			return 0
		}
	}
	return len(s)
}

func splitText(env *types.Env, s string, separator func(string) int, limit int, removeEmpty bool) (types.Value, error) {
	var parts []types.Value
	start := 0
	add := func(part string) error {
		if part == "" && removeEmpty {
			return nil
		}
		parts = append(parts, part)
		return env.Charge(32)
	}
	for i := 0; i < len(s); {
		n := separator(s[i:])
		if n == 0 {
			i++
			continue
		}
		if limit >= 0 && len(parts) >= limit-1 {
			if !removeEmpty || i > start {
				break
			}
		}
		if err := add(s[start:i]); err != nil {
			return nil, err
		}
		i += n
		start = i
	}
	if err := add(s[start:]); err != nil {
		return nil, err
	}
	return &types.Array{Elem: types.String, Items: parts}, nil
}
