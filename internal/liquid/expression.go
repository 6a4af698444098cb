package liquid

import (
	"regexp"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// expression is a value of a template: a literal, a range or a variable.
type expression interface {
	eval(*run) (any, error)
}

type (
	literal  struct{ v any }
	symbol   string // blank, empty
	between  struct{ from, to expression }
	variable []part
	part     struct {
		name string
		by   expression // in brackets; nil for a name
	}
)

var (
	integerText = regexp.MustCompile(`^[+-]?\d+$`)
	numberText  = regexp.MustCompile(`^[+-]?\d[\d.|,]+$`)
	rangeText   = regexp.MustCompile(`^\((\S+)\.\.(\S+)\)$`)
	partText    = regexp.MustCompile(`\[[^\]]+\]|[\p{L}\p{N}\p{Mn}\p{Pc}\-]+\??`)
)

// quotedFragment is what counts as one word of markup: quoted text, or anything up to a blank, a comma or a bar, quotes inside of it included.
const (
	quotedText     = `"[^"]*"|'[^']*'`
	quotedFragment = `(?:` + quotedText + `|(?:[^\s,|'"]|` + quotedText + `)+)`
)

// compile reads an expression of one word.
func compile(s string) expression { return compileWithin(s, 0) }

func compileWithin(s string, depth int) expression {
	switch s {
	case "", "nil", "null":
		return literal{}
	case "true":
		return literal{true}
	case "false":
		return literal{false}
	case "blank", "empty":
		return symbol(s)
	}
	switch first, last := s[0], s[len(s)-1]; {
	case len(s) > 1 && (first == '\'' || first == '"') && last == first:
		return literal{s[1 : len(s)-1]}
	case first == '(' && depth < 4:
		if m := rangeText.FindStringSubmatch(s); m != nil {
			return between{compileWithin(m[1], depth+1), compileWithin(m[2], depth+1)}
		}
	case integerText.MatchString(s):
		for _, t := range []*types.Type{types.Int32, types.Int64, types.Decimal, types.Double} {
			if v, err := lib.ChangeType(nil, s, t); err == nil {
				return literal{v}
			}
		}
	case numberText.MatchString(s):
		plain := strings.ReplaceAll(s, ",", "")
		for _, t := range []*types.Type{types.Decimal, types.Double} {
			if v, err := lib.ChangeType(nil, plain, t); err == nil {
				return literal{v}
			}
		}
	}
	var v variable
	for _, m := range partText.FindAllString(s, -1) {
		if m[0] != '[' {
			v = append(v, part{name: m})
		} else if depth < 4 {
			v = append(v, part{by: compileWithin(m[1:len(m)-1], depth+1)})
		}
	}
	return v
}

func (l literal) eval(*run) (any, error) { return l.v, nil }

func (s symbol) eval(*run) (any, error) { return s, nil }

func (b between) eval(r *run) (any, error) {
	from, err := r.integer(b.from)
	if err != nil {
		return nil, err
	}
	to, err := r.integer(b.to)
	if err != nil || to < from {
		return []any{}, err
	}
	n := int(to - from + 1)
	if err := firstError(r.env.Step(int64(n)), r.env.Charge(24*n)); err != nil {
		return nil, err
	}
	out := make([]any, n)
	for i := range out {
		out[i] = int32(from) + int32(i)
	}
	return out, nil
}

// integer is Convert.ToInt32 of an expression.
func (r *run) integer(e expression) (int64, error) {
	v, err := e.eval(r)
	if err != nil || v == nil {
		return 0, err
	}
	return toInt(r.env, v)
}

func toInt(env *types.Env, v any) (int64, error) {
	n, err := lib.ChangeType(env, v, types.Int32)
	if err != nil {
		return 0, err
	}
	return int64(n.(int32)), nil
}

func (v variable) eval(r *run) (any, error) {
	if len(v) == 0 {
		return nil, nil
	}
	name := v[0].name
	if v[0].by != nil {
		key, err := v[0].by.eval(r)
		if err != nil {
			return nil, err
		}
		name = types.ToString(key)
	}
	value, ok := r.variable(name)
	for _, p := range v[1:] {
		if !ok || value == nil {
			return nil, nil
		}
		key := any(p.name)
		if p.by != nil {
			var err error
			if key, err = p.by.eval(r); err != nil {
				return nil, err
			}
		}
		if value, ok = member(value, key, p.by == nil); !ok {
			return nil, nil
		}
	}
	return value, nil
}

// member is what stands in v under a key. Names that v doesn't have may be the commands size, first and last.
func member(v, key any, command bool) (any, bool) {
	switch v := v.(type) {
	case Pair:
		if found, ok := v.member(key); ok {
			return found, true
		}
	case Lookup:
		if found, ok := v.Get(types.ToString(key)); ok {
			return found, true
		}
	case []any:
		if n, ok := wholeNumber(key); ok {
			if n < 0 {
				n += int64(len(v))
			}
			if n >= 0 && n < int64(len(v)) {
				return v[n], true
			}
			return nil, false
		}
	}
	name, _ := key.(string)
	items, ok := enumerate(v)
	if !ok || !command {
		return nil, false
	}
	switch name {
	case "size", "Size":
		return int32(len(items)), true
	case "first", "First":
		if len(items) > 0 {
			return items[0], true
		}
		return nil, true
	case "last", "Last":
		if len(items) > 0 {
			return items[len(items)-1], true
		}
		return nil, true
	}
	return nil, false
}

// wholeNumber takes any number without decimals.
func wholeNumber(v any) (int64, bool) {
	if n, _, ok := types.Integer(v); ok {
		return n, true
	}
	switch v := v.(type) {
	case lib.Decimal:
		n, err := lib.ChangeType(nil, v.Plain(), types.Int64)
		if err != nil {
			return 0, false
		}
		return n.(int64), true
	case float64:
		return int64(v), v == float64(int64(v))
	}
	return 0, false
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
