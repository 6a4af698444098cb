package policy

import (
	"fmt"
	"strings"
)

// reference finds the next {{name}} in s from offset on; a name consists of letters, digits, ".", "-" and "_".
func reference(s string, offset int) (start, end int, name string, ok bool) {
	for {
		i := strings.Index(s[offset:], "{{")
		if i < 0 {
			return 0, 0, "", false
		}
		start = offset + i
		from := start + 2
		to := from
		for to < len(s) && nameByte(s[to]) {
			to++
		}
		if to > from && strings.HasPrefix(s[to:], "}}") {
			return start, to + 2, s[from:to], true
		}
		// "{{{name}}" holds a reference that begins one byte later.
		offset = start + 1
	}
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_'
}

// substitute puts named values in place of their references, once: a value that holds a reference itself is left as it is.
// It works on parsed values, so that no value can create structure.
// lenient is for templates, in which braces have a meaning of their own: those that name no value stay, and what stands there is never an
// expression.
func substitute(v Value, values map[string]string, lenient bool) (Value, error) {
	start, end, name, ok := reference(v.s, 0)
	if !ok {
		return v, nil
	}
	var b strings.Builder
	marks := []mark{{0, v.origin(0)}}
	done := 0
	for ok {
		value, known := values[name]
		if !known && !lenient {
			return v, &unknownNamedValue{name, v.origin(start)}
		}
		if !known {
			start, end, name, ok = reference(v.s, end)
			continue
		}
		for _, m := range v.marks {
			if m.out > done && m.out <= start {
				marks = append(marks, mark{b.Len() + m.out - done, m.in})
			}
		}
		b.WriteString(v.s[done:start])
		marks = append(marks, mark{b.Len(), v.origin(start)})
		b.WriteString(value)
		marks = append(marks, mark{b.Len(), v.origin(end)})
		done = end
		start, end, name, ok = reference(v.s, done)
	}
	shift := b.Len() - done
	for _, m := range v.marks {
		if m.out > done {
			marks = append(marks, mark{m.out + shift, m.in})
		}
	}
	b.WriteString(v.s[done:])
	v.text = text{b.String(), marks}
	if !v.Expr && !lenient {
		if from, to, isExpr := whole(v.s); isExpr {
			v.Expr, v.text = true, v.text.cut(from, to)
		}
	}
	return v, nil
}

type unknownNamedValue struct {
	name   string
	offset int
}

func (e *unknownNamedValue) Error() string {
	return fmt.Sprintf("Cannot find a property '%s'; create a named value with this display name where the policy lives", e.name)
}
