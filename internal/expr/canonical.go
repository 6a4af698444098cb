package expr

import (
	"encoding/base64"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Canonical gives the name of a result's type and a text that tells values
// apart, nil for null: the form of `atelier policy eval --json`. Sequences are
// walked within the budget of env; a lazy one may still throw.
func Canonical(env *types.Env, v types.Value) (typeName string, text *string, err error) {
	typ, s, err := canonical(env, v, 0)
	if err != nil || typ == "null" {
		return typ, nil, err
	}
	return typ, &s, nil
}

// maxNesting bounds sequences within sequences.
const maxNesting = 100

func canonical(env *types.Env, v types.Value, depth int) (typ, text string, err error) {
	switch v := v.(type) {
	case nil:
		return "null", "", nil
	case string:
		return "string", v, nil
	case *types.ByteArray:
		return "bytes", base64.StdEncoding.EncodeToString(v.B), nil
	case types.Enum:
		return "enum", types.ToString(v), nil
	case types.Canonical:
		typ, text = v.CanonicalForm()
		return typ, text, nil
	case types.Dictionary:
		text, err = canonicalDictionary(env, v, depth)
		return "dictionary", text, err
	case types.Sequence:
		text, err = canonicalList(env, v, depth)
		return "list", text, err
	}
	t := env.Library.TypeOf(v)
	if t.Keyword != "" && t.Kind != types.KindObject {
		return t.Keyword, types.ToString(v), nil
	}
	return "object", types.ToString(v), nil
}

func canonicalList(env *types.Env, v types.Value, depth int) (string, error) {
	var b strings.Builder
	b.WriteByte('[')
	for item, err := range types.Each(env, v) {
		if err != nil {
			return "", err
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		if err := canonicalItem(env, &b, item, depth); err != nil {
			return "", err
		}
	}
	b.WriteByte(']')
	return b.String(), nil
}

func canonicalDictionary(env *types.Env, v types.Value, depth int) (string, error) {
	var b strings.Builder
	b.WriteByte('{')
	for item, err := range types.Each(env, v) {
		if err != nil {
			return "", err
		}
		p, ok := item.(types.Pair)
		if !ok {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		_, key, err := canonical(env, p.Key, depth+1)
		if err != nil {
			return "", err
		}
		quote(&b, key)
		b.WriteByte(':')
		if err := canonicalItem(env, &b, p.Value, depth); err != nil {
			return "", err
		}
	}
	b.WriteByte('}')
	return b.String(), nil
}

func canonicalItem(env *types.Env, b *strings.Builder, item types.Value, depth int) error {
	if depth > maxNesting {
		return &types.Limit{What: "depth"}
	}
	typ, s, err := canonical(env, item, depth+1)
	if err != nil {
		return err
	}
	if typ == "null" {
		b.WriteString("null")
	} else {
		quote(b, s)
	}
	return env.Charge(len(s))
}

// quote writes a JSON string that escapes as little as possible: the quote, the
// backslash and control characters.
func quote(b *strings.Builder, s string) {
	const hex = "0123456789abcdef"
	b.WriteByte('"')
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\b':
			b.WriteString(`\b`)
		case c == '\f':
			b.WriteString(`\f`)
		case c < 0x20:
			b.WriteString(`\u00`)
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
}
