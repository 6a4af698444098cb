package liquid

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// output is {{ value | Filter: argument }}, and the right side of an assignment.
type output struct {
	value   expression
	filters []use
}

// use is one use of a filter.
type use struct {
	filter *filter
	args   []expression
}

// filter is a row of the table: how many arguments it takes behind its input, and what it does.
type filter struct {
	name     string
	min, max int
	do       func(c *call) (any, error)
}

// call is one use of a filter with its values.
type call struct {
	env  *types.Env
	in   any
	args []any
}

var (
	assigned  = regexp.MustCompile(`^\s*(` + quotedText + `|(?:[^\s|'"]|` + quotedText + `)+)`)
	pieces    = regexp.MustCompile(`(?:\s+|` + quotedFragment + `|,)+`)
	filterArg = regexp.MustCompile(`(?::|,)\s*(` + quotedFragment + `)`)
)

// output reads a value and its filters. Filters that don't exist change nothing, as in DotLiquid, and are warned of.
func (p *parser) output(markup string, offset int) *output {
	o := &output{value: literal{}}
	m := assigned.FindStringSubmatchIndex(markup)
	if m == nil {
		return o
	}
	o.value = compile(markup[m[2]:m[3]])
	_, rest, _ := strings.Cut(markup[m[1]:], "|")
	for _, piece := range pieces.FindAllString(rest, -1) {
		name := tagName.FindStringSubmatch(piece)
		if name == nil {
			continue
		}
		f := filters[name[1]]
		if f == nil {
			p.warn(offset, "there is no filter '%s', so that it changes nothing%s", name[1], instead(name[1]))
			continue
		}
		u := use{filter: f}
		for _, a := range filterArg.FindAllStringSubmatch(piece, -1) {
			u.args = append(u.args, compile(a[1]))
		}
		if len(u.args) < f.min || len(u.args) > f.max {
			p.warn(offset, "the filter %s takes %s; used like this it fails", f.name, f.takes())
		}
		o.filters = append(o.filters, u)
	}
	return o
}

func (f *filter) takes() string {
	if f.min == f.max {
		return fmt.Sprintf("%d arguments", f.min)
	}
	return fmt.Sprintf("%d to %d arguments", f.min, f.max)
}

// instead names the filter that somebody who writes Ruby's names means.
func instead(name string) string {
	bare := strings.ReplaceAll(name, "_", "")
	for n := range filters {
		if strings.EqualFold(n, bare) {
			return "; the name is " + n
		}
	}
	return ""
}

func (o *output) eval(r *run) (any, error) {
	v, err := o.value.eval(r)
	for i := range o.filters {
		if err != nil {
			return nil, err
		}
		u := &o.filters[i]
		c := &call{env: r.env, in: v, args: make([]any, u.filter.max)}
		for j, a := range u.args[:min(len(u.args), u.filter.max)] {
			if c.args[j], err = a.eval(r); err != nil {
				return nil, err
			}
		}
		switch {
		case len(u.args) < u.filter.min || len(u.args) > u.filter.max:
			return nil, fmt.Errorf("the filter %s takes %s", u.filter.name, u.filter.takes())
		case u.filter.min < u.filter.max:
			c.args = c.args[:max(len(u.args), u.filter.min)]
		}
		if err = r.env.Step(1 + int64(size(v)/16)); err == nil {
			v, err = u.filter.do(c)
		}
		if err == nil {
			err = r.env.Charge(size(v))
		}
	}
	return v, err
}

func (o *output) render(r *run) error {
	v, err := o.eval(r)
	if err != nil || v == nil {
		return err
	}
	if h, ok := v.(*Hash); ok {
		if err := r.env.Step(int64(h.Len())); err != nil {
			return err
		}
	}
	return r.write(written(v))
}

// size is about how much a value is.
func size(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []any:
		return 16 * len(v)
	case *Hash:
		return 48 * v.Len()
	}
	return 8
}

// has says whether an argument was given.
func (c *call) has(i int) bool { return i < len(c.args) }

// text is an argument as text, or other when it isn't there; null is "".
func (c *call) text(i int, other string) (string, error) {
	if !c.has(i) {
		return other, nil
	}
	return asText(c.args[i])
}

// number is an argument as int, or other when it isn't there.
func (c *call) number(i int, other int) (int, error) {
	if !c.has(i) {
		return other, nil
	}
	if c.args[i] == nil {
		return 0, nil
	}
	n, err := toInt(c.env, c.args[i])
	return int(n), err
}

// asText is a value for a parameter of text.
func asText(v any) (string, error) {
	switch v := v.(type) {
	case []any, Pair:
		return "", types.Throw(types.ArgumentExc, "a list can't be used as text here; take an item of it, or Join it")
	case *Hash:
		if v.Own == "" {
			return "", types.Throw(types.ArgumentExc, "an object can't be used as text here; name one of its properties")
		}
		return v.Own, nil
	case symbol:
		return "", nil
	case types.Text:
		return v.NetString(), nil
	case Lookup:
		return "", types.Throw(types.ArgumentExc, "an object can't be used as text here; name one of its properties")
	}
	return types.ToString(v), nil
}

// onText makes a filter of text; null stays null.
func onText(do func(c *call, s string) (any, error)) func(c *call) (any, error) {
	return func(c *call) (any, error) {
		if c.in == nil {
			return nil, nil
		}
		s, err := asText(c.in)
		if err != nil {
			return nil, err
		}
		return do(c, s)
	}
}

// plainly makes such a filter of a function that needs nothing else.
func plainly(do func(string) string) func(c *call) (any, error) {
	return onText(func(_ *call, s string) (any, error) { return do(s), nil })
}

// filters are the filters by name, which is compared exactly.
var filters = func() map[string]*filter {
	out := map[string]*filter{}
	for _, table := range [][]filter{textFilters, listFilters, numberFilters, {{"Date", 1, 1, dateFilter}}} {
		for i := range table {
			out[table[i].name] = &table[i]
		}
	}
	return out
}()

// dateFilter formats a date, or a text that reads as one, with a format of .NET. What isn't a date stays as it is.
func dateFilter(c *call) (any, error) {
	if c.in == nil {
		return nil, nil
	}
	format, err := c.text(0, "")
	if err != nil {
		return nil, err
	}
	d, ok := c.in.(lib.DateTime)
	if !ok {
		s, err := asText(c.in)
		if err != nil {
			return nil, err
		}
		now := strings.EqualFold(s, "now") || strings.EqualFold(s, "today")
		switch {
		case now:
			d = lib.NewDateTime(c.env.Now())
		case strings.TrimSpace(format) == "":
			return s, nil
		default:
			if d, ok = lib.DateOf(c.env, s); !ok {
				return s, nil
			}
		}
	}
	if strings.TrimSpace(format) == "" {
		return d.NetString(), nil
	}
	return d.FormatDate(format)
}
