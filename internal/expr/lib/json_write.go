package lib

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// JSON writes the token, compact or indented by two blanks with line feeds.
func (t *JToken) JSON(indented bool) string {
	w := &jsonWriter{indented: indented}
	w.token(t, 0)
	return w.b.String()
}

type jsonWriter struct {
	b        strings.Builder
	indented bool
}

func (w *jsonWriter) line(depth int) {
	if w.indented {
		w.b.WriteByte('\n')
		for range depth {
			w.b.WriteString("  ")
		}
	}
}

func (w *jsonWriter) token(t *JToken, depth int) {
	switch t.kind {
	case JObject:
		w.list(t.items, '{', '}', depth)
	case JArray:
		w.list(t.items, '[', ']', depth)
	case JConstructor:
		w.b.WriteString("new " + t.name)
		w.list(t.items, '(', ')', depth)
	case JProperty:
		w.text(t.name)
		w.b.WriteByte(':')
		if w.indented {
			w.b.WriteByte(' ')
		}
		w.token(t.items[0], depth)
	case JRaw:
		w.b.WriteString(types.ToString(t.value))
	case JComment:
		w.b.WriteString("/*" + types.ToString(t.value) + "*/")
	case JUndefined:
		w.b.WriteString("undefined")
	default:
		w.value(t.value)
	}
}

func (w *jsonWriter) list(items []*JToken, open, end byte, depth int) {
	w.b.WriteByte(open)
	written := 0
	for _, k := range items {
		if open == '{' && k.kind == JComment {
			w.token(k, depth+1) // of XML: beside the properties
			continue
		}
		if written++; written > 1 {
			w.b.WriteByte(',')
		}
		w.line(depth + 1)
		w.token(k, depth+1)
	}
	if written > 0 {
		w.line(depth)
	}
	w.b.WriteByte(end)
}

func (w *jsonWriter) value(v types.Value) {
	switch v := v.(type) {
	case nil:
		w.b.WriteString("null")
	case bool:
		w.b.WriteString(strings.ToLower(types.ToString(v)))
	case string:
		w.text(v)
	case float64, float32, Decimal:
		if s, special := notFinite(v); special {
			w.text(s)
		} else {
			w.b.WriteString(withPoint(types.ToString(v)))
		}
	case DateTime:
		w.text(jsonDate(v.civil()))
	case DateTimeOffset:
		w.text(jsonDate(v.civil()))
	case *types.ByteArray:
		w.text(base64.StdEncoding.EncodeToString(v.B))
	case *Uri:
		w.text(v.original)
	case types.Enum:
		w.b.WriteString(fmt.Sprint(v.N))
	case types.Char, Guid, TimeSpan:
		w.text(types.ToString(v))
	default:
		if _, _, ok := types.Integer(v); ok {
			w.b.WriteString(types.ToString(v))
		} else if b, ok := v.(bigInteger); ok {
			w.b.WriteString(b.text)
		} else {
			w.text(types.ToString(v))
		}
	}
}

func withPoint(s string) string {
	if strings.ContainsAny(s, ".eE") {
		return s
	}
	return s + ".0"
}

func jsonDate(c civil) string {
	s, _ := formatDate(c, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK")
	return s
}

// text writes a string, escaping as little as Newtonsoft does.
func (w *jsonWriter) text(s string) {
	w.b.WriteByte('"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		n := 1
		var out string
		switch {
		case c == '"':
			out = `\"`
		case c == '\\':
			out = `\\`
		case c == '\n':
			out = `\n`
		case c == '\r':
			out = `\r`
		case c == '\t':
			out = `\t`
		case c == '\b':
			out = `\b`
		case c == '\f':
			out = `\f`
		case c < 0x20:
			out = fmt.Sprintf(`\u%04x`, c)
		case c == 0xC2 && i+1 < len(s) && s[i+1] == 0x85:
			out, n = `\u0085`, 2
		case c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && (s[i+2] == 0xA8 || s[i+2] == 0xA9):
			out, n = fmt.Sprintf(`\u20%02x`, s[i+2]-0x80), 3
		default:
			continue
		}
		w.b.WriteString(s[start:i] + out)
		start = i + n
		i = start - 1
	}
	w.b.WriteString(s[start:])
	w.b.WriteByte('"')
}
