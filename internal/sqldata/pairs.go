package sqldata

import (
	"errors"
	"fmt"
	"strings"
)

// maxString is the longest connection string.
const maxString = 8 << 10

// pairs are the settings of a connection string, names in lower case without blanks, which every client of these databases takes for the same.
type pairs map[string]string

// readPairs reads "Name=value;Name='va;lue'": the form of ADO.NET. Errors never show a value.
func readPairs(s string) (pairs, error) {
	out := pairs{}
	for rest := s; ; {
		rest = strings.TrimLeft(rest, "; \t\r\n")
		if rest == "" {
			return out, nil
		}
		name, after, ok := strings.Cut(rest, "=")
		if !ok {
			return nil, errors.New("a setting has no '='; the form is Name=value;Name=value")
		}
		name = plainName(name)
		if name == "" || strings.ContainsAny(name, ";\"'") {
			return nil, errors.New("a setting has no name; the form is Name=value;Name=value")
		}
		value, left, err := readValue(after)
		if err != nil {
			return nil, fmt.Errorf("the value of '%.40s' %w", name, err)
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("'%.40s' is set twice", name)
		}
		out[name], rest = value, left
	}
}

func plainName(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(s), ""))
}

// readValue reads a value to its semicolon; in quotes it may hold any character, its own quote twice.
func readValue(s string) (value, rest string, err error) {
	s = strings.TrimLeft(s, " \t\r\n")
	if s == "" || s[0] != '"' && s[0] != '\'' {
		value, rest, _ = strings.Cut(s, ";")
		return strings.TrimSpace(value), rest, nil
	}
	quote, b := s[0], strings.Builder{}
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] != quote:
			b.WriteByte(s[i])
		case i+1 < len(s) && s[i+1] == quote:
			b.WriteByte(quote)
			i++
		default:
			after := strings.TrimLeft(s[i+1:], " \t\r\n")
			if after != "" && after[0] != ';' {
				return "", "", errors.New("goes on behind its quote")
			}
			return b.String(), after, nil
		}
	}
	return "", "", errors.New("has no closing quote")
}

// take is the value of the first of the names that is set, and removes it.
func (p pairs) take(names ...string) (value string, err error) {
	found := ""
	for _, n := range names {
		v, ok := p[n]
		if !ok {
			continue
		}
		delete(p, n)
		if found != "" {
			return "", fmt.Errorf("'%s' and '%s' say the same; keep one", found, n)
		}
		found, value = n, v
	}
	return value, nil
}
