package route

import (
	"fmt"
	"strings"
)

// CleanQuery checks a raw query ("" without one, no "?") and returns it as it may be sent on: characters that RFC 3986 does not allow but
// real clients send are percent-encoded; bytes outside ASCII, control bytes and broken escapes are refused, and so is a query of more than
// limit parameters. The text that policies see is therefore exactly the text that a backend gets.
func CleanQuery(raw string, limit int) (string, error) {
	count, dirty := 1, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '&':
			if count++; count > limit {
				return "", fmt.Errorf("query refused: more than %d parameters", limit)
			}
		case class[c] == plain || c == '?' || c == ';' || c == '[' || c == ']':
		case c == '%':
			if _, ok := unhex(raw, i); !ok {
				return "", fmt.Errorf("query refused at byte %d: %% without two hexadecimal digits", i)
			}
		case class[c] == encode || c == '\\':
			dirty = true
		default:
			return "", fmt.Errorf("query refused at byte %d: character %q", i, c)
		}
	}
	if !dirty {
		return raw, nil
	}
	out := make([]byte, 0, len(raw)+16)
	for i := 0; i < len(raw); i++ {
		if c := raw[i]; c == '\\' || class[c] == encode && c != '[' && c != ']' {
			out = appendEscape(out, c)
		} else {
			out = append(out, c)
		}
	}
	return string(out), nil
}

// QueryValue returns the decoded value of the first parameter with the name (compared without case) and how many there are.
func QueryValue(raw, name string) (value string, count int) {
	for raw != "" {
		pair := raw
		if i := strings.IndexByte(raw, '&'); i >= 0 {
			pair, raw = raw[:i], raw[i+1:]
		} else {
			raw = ""
		}
		key, val, _ := strings.Cut(pair, "=")
		if !strings.EqualFold(Unescape(key), name) {
			continue
		}
		if count++; count == 1 {
			value = Unescape(val)
		}
	}
	return value, count
}

// WithoutQuery removes every parameter with the name (compared without case) whose decoded value is the given one.
func WithoutQuery(raw, name, value string) string {
	if _, count := QueryValue(raw, name); count == 0 {
		return raw
	}
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		key, val, _ := strings.Cut(pair, "=")
		if strings.EqualFold(Unescape(key), name) && Unescape(val) == value {
			continue
		}
		kept = append(kept, pair)
	}
	return strings.Join(kept, "&")
}

// Unescape decodes a name or value of a query: "+" is a blank, a broken escape stands for itself.
func Unescape(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '+':
			out = append(out, ' ')
		case '%':
			if c, ok := unhex(s, i); ok {
				out = append(out, c)
				i += 2
				continue
			}
			out = append(out, '%')
		default:
			out = append(out, s[i])
		}
	}
	return string(out)
}
