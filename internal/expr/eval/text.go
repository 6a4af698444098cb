package eval

import (
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// concat joins texts: null gives nothing, other values their ToString().
func (c *compiler) concat(e *check.Concat) code {
	parts := make([]func(*frame) string, len(e.Parts))
	for i, p := range e.Parts {
		parts[i] = c.part(p)
	}
	out := code{t: types.String, rep: repStr}
	if len(parts) == 2 {
		x, y := parts[0], parts[1]
		out.s = func(f *frame) (string, bool) {
			a := x(f)
			s := types.Concat(a, y(f))
			f.charge(len(s))
			return s, true
		}
		return out
	}
	out.s = func(f *frame) (string, bool) {
		var room [8]string
		texts := room[:0]
		n, halves := 0, false
		for _, p := range parts {
			s := p(f)
			n += len(s)
			halves = halves || len(s) > 2 && s[0] == 0xED
			texts = append(texts, s)
		}
		f.charge(n)
		if halves { // a surrogate pair may meet at a border
			s := ""
			for _, t := range texts {
				s = types.Concat(s, t)
			}
			return s, true
		}
		return strings.Join(texts, ""), true
	}
	return out
}

// part is one piece of a text: formatted, then padded.
func (c *compiler) part(p check.Part) func(*frame) string {
	if p.X == nil {
		text := p.Text
		return func(*frame) string { return text }
	}
	text := c.textOf(p.X)
	if p.Format != "" {
		x, lib, format := c.any(p.X), c.lib, p.Format
		text = func(f *frame) string {
			s, err := lib.Format(x(f), format)
			if err != nil {
				throw(err)
			}
			return s
		}
	}
	if p.Align == 0 {
		return text
	}
	align := p.Align
	return func(f *frame) string {
		s := text(f)
		n := max(align, -align) - types.Len(s)
		if n <= 0 {
			return s
		}
		f.charge(n)
		if align < 0 {
			return s + strings.Repeat(" ", n)
		}
		return strings.Repeat(" ", n) + s
	}
}

// textOf is ToString() of a value, without boxing the common types.
func (c *compiler) textOf(e check.Expr) func(*frame) string {
	x := c.expr(e)
	switch {
	case x.rep == repStr:
		s := x.s
		return func(f *frame) string { v, _ := s(f); return v }
	case x.rep == repInt && x.t.Kind != types.KindChar && x.t.Kind != types.KindUInt64:
		i := x.i
		return func(f *frame) string { return strconv.FormatInt(i(f), 10) }
	}
	a := x.boxed()
	return func(f *frame) string {
		if err := f.env.Step(1); err != nil {
			throw(err)
		}
		return types.ToString(a(f))
	}
}
