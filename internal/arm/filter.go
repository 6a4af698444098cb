package arm

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Filter is a parsed $filter: a predicate over a document's fields. The grammar is the OData subset of the management API
// (rest-behaviour.md 7): eq ne gt ge lt le, contains, startswith, endswith, substringof(needle, field), and, or, not, parentheses.
type Filter struct{ root node }

// Field is what a document holds under a name: a string, float64, bool, time.Time, []string, or nil when it is absent.
type Field = any

const (
	maxFilterLength = 4096
	maxFilterDepth  = 32
)

type node interface {
	match(get func(string) Field) bool
	fields(func(string))
}

// ParseFilter reads the text of $filter. Field names must be in allowed (compared without case; nil allows all).
func ParseFilter(text string, allowed []string) (*Filter, *Error) {
	if len(text) > maxFilterLength {
		return nil, filterError("it is longer than %d characters", maxFilterLength)
	}
	toks, err := lexFilter(text)
	if err != nil {
		return nil, filterError("%s", err)
	}
	p := &filterParser{toks: toks}
	root, err := p.or()
	if err == nil && p.peek().kind != tokEnd {
		err = fmt.Errorf("%q at column %d is not expected", p.peek().text, p.peek().col)
	}
	if err != nil {
		return nil, filterError("%s", err)
	}
	var unknown string
	root.fields(func(name string) {
		if allowed != nil && !containsFold(allowed, name) {
			unknown = name
		}
	})
	if unknown != "" {
		return nil, filterError("there is no field %q to filter by; there are %s", unknown, strings.Join(allowed, ", "))
	}
	return &Filter{root}, nil
}

// Match says whether the document whose fields get returns satisfies the filter.
func (f *Filter) Match(get func(name string) Field) bool { return f.root.match(get) }

// Since returns the earliest time of the field that the filter can match, the zero time when there is none: lists that go back in time end there.
func (f *Filter) Since(field string) (from time.Time) {
	if f != nil {
		sinceIn(f.root, field, &from)
	}
	return from
}

func sinceIn(n node, field string, from *time.Time) {
	switch n := n.(type) {
	case logic:
		if n.and {
			sinceIn(n.a, field, from)
			sinceIn(n.b, field, from)
		}
	case compare:
		if !strings.EqualFold(n.field, field) || n.op != "ge" && n.op != "gt" && n.op != "eq" {
			return
		}
		at, ok := n.want.(time.Time)
		if s, text := n.want.(string); text {
			t, err := time.Parse(time.RFC3339, s)
			at, ok = t, err == nil
		}
		if ok && at.After(*from) {
			*from = at
		}
	}
}

// Names says whether the filter speaks of the field.
func (f *Filter) Names(field string) (found bool) {
	if f != nil {
		f.root.fields(func(name string) { found = found || strings.EqualFold(name, field) })
	}
	return found
}

// Value returns the literal that the filter compares the field with, when it is a text.
func (f *Filter) Value(field string) (string, bool) {
	if f == nil {
		return "", false
	}
	return valueIn(f.root, field)
}

func valueIn(n node, field string) (string, bool) {
	switch n := n.(type) {
	case compare:
		s, ok := n.want.(string)
		return s, ok && strings.EqualFold(n.field, field)
	case not:
		return valueIn(n.a, field)
	case logic:
		if s, ok := valueIn(n.a, field); ok {
			return s, true
		}
		return valueIn(n.b, field)
	}
	return "", false
}

func filterError(format string, args ...any) *Error {
	return Errorf(http.StatusBadRequest, "InvalidFilter", "The $filter can't be used: %s.", fmt.Sprintf(format, args...))
}

func containsFold(list []string, s string) bool {
	for _, l := range list {
		if strings.EqualFold(l, s) {
			return true
		}
	}
	return false
}

type compare struct {
	field, op string
	want      Field
}

func (c compare) fields(f func(string)) { f(c.field) }

func (c compare) match(get func(string) Field) bool {
	n, ok := order(get(c.field), c.want)
	switch c.op {
	case "eq":
		return ok && n == 0
	case "ne":
		return !ok || n != 0
	case "gt":
		return ok && n > 0
	case "ge":
		return ok && n >= 0
	case "lt":
		return ok && n < 0
	}
	return ok && n <= 0
}

// order compares a document's value with a literal; false when they can't be compared.
func order(have, want Field) (int, bool) {
	switch w := want.(type) {
	case nil:
		return 0, have == nil
	case string:
		switch h := have.(type) {
		case string:
			return strings.Compare(strings.ToLower(h), strings.ToLower(w)), true
		case []string:
			if containsFold(h, w) {
				return 0, true
			}
		case bool:
			return strings.Compare(fmt.Sprint(h), strings.ToLower(w)), true
		case time.Time:
			t, err := time.Parse(time.RFC3339, w)
			return h.Compare(t), err == nil
		}
	case bool:
		switch h := have.(type) {
		case bool:
			if h == w {
				return 0, true
			}
			return 1, true
		case nil:
			if !w {
				return 0, true // an absent switch is off
			}
		}
	case float64:
		if h, ok := have.(float64); ok {
			switch {
			case h < w:
				return -1, true
			case h > w:
				return 1, true
			}
			return 0, true
		}
	case time.Time:
		switch h := have.(type) {
		case time.Time:
			return h.Compare(w), true
		case string:
			t, err := time.Parse(time.RFC3339Nano, h)
			return t.Compare(w), err == nil
		}
	}
	return 0, false
}

type call struct{ fn, field, arg string }

func (c call) fields(f func(string)) { f(c.field) }

func (c call) match(get func(string) Field) bool {
	arg := strings.ToLower(c.arg)
	test := func(s string) bool {
		s = strings.ToLower(s)
		switch c.fn {
		case "startswith":
			return strings.HasPrefix(s, arg)
		case "endswith":
			return strings.HasSuffix(s, arg)
		}
		return strings.Contains(s, arg)
	}
	switch v := get(c.field).(type) {
	case string:
		return test(v)
	case []string:
		for _, s := range v {
			if test(s) {
				return true
			}
		}
	}
	return false
}

type logic struct {
	and  bool
	a, b node
}

func (l logic) fields(f func(string)) { l.a.fields(f); l.b.fields(f) }

func (l logic) match(get func(string) Field) bool {
	if l.and {
		return l.a.match(get) && l.b.match(get)
	}
	return l.a.match(get) || l.b.match(get)
}

type not struct{ a node }

func (n not) fields(f func(string))             { n.a.fields(f) }
func (n not) match(get func(string) Field) bool { return !n.a.match(get) }
