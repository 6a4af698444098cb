package liquid

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
)

// What break and continue do to the nodes around them.
var (
	errBreak    = errors.New("break")
	errContinue = errors.New("continue")
)

type interrupt struct{ err error }

func readInterrupt(_ *parser, g tag) (node, error) {
	if g.name == "break" {
		return interrupt{errBreak}, nil
	}
	return interrupt{errContinue}, nil
}

func (i interrupt) render(*run) error { return i.err }

var (
	loopSyntax = regexp.MustCompile(`^([\p{L}\p{N}_-]+)\s+in\s+(` + quotedFragment + `)\s*(reversed)?`)
	attribute  = regexp.MustCompile(`([\p{L}\p{N}_]+)\s*:\s*(` + quotedFragment + `)`)
)

// loop is for, and JSONArrayFor: that puts commas between what its rounds write, and takes a single value for a list of one, as XML has no lists.
type loop struct {
	variable string
	name     string // of the loop, for offset:continue
	over     expression
	attrs    map[string]string
	reversed bool
	array    bool
	inside   []node
	none     []node
}

func readLoop(p *parser, g tag) (node, error) {
	m := loopSyntax.FindStringSubmatch(g.markup)
	if m == nil {
		return nil, g.fail("%s is written {%% %s item in list %%}", g.name, g.name)
	}
	l := &loop{variable: m[1], name: m[1] + "-" + m[2], over: compile(m[2]), attrs: attributes(g.markup), reversed: m[3] != "", array: g.name != "for"}
	inside, stop, err := p.block(g, "else")
	l.inside = inside
	if err == nil && stop.name == "else" {
		l.none, _, err = p.block(g)
	}
	return l, err
}

func attributes(markup string) map[string]string {
	out := map[string]string{}
	for _, m := range attribute.FindAllStringSubmatch(markup, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// number is an attribute of a loop; absent ones are other.
func (r *run) number(attrs map[string]string, name string, other int) (int, error) {
	s, ok := attrs[name]
	if !ok {
		return other, nil
	}
	n, err := r.integer(compile(s))
	return int(n), err
}

// items are the items that the loop goes through.
func (l *loop) items(r *run) ([]any, error) {
	v, err := l.over.eval(r)
	if err != nil {
		return nil, err
	}
	items, ok := enumerate(v)
	if _, isList := v.([]any); l.array && !isList && v != nil {
		items, ok = []any{v}, true
	}
	if !ok {
		return nil, nil
	}
	if err := firstError(r.env.Step(int64(len(items))), r.env.Charge(16*len(items))); err != nil {
		return nil, err
	}
	from := r.progress[l.name]
	if l.attrs["offset"] != "continue" {
		if from, err = r.number(l.attrs, "offset", 0); err != nil {
			return nil, err
		}
	}
	limit, err := r.number(l.attrs, "limit", len(items))
	if err != nil {
		return nil, err
	}
	start := min(max(from, 0), len(items))
	items = items[start:min(max(from+limit, start), len(items))]
	if l.reversed {
		items = slices.Clone(items)
		slices.Reverse(items)
	}
	if r.progress == nil {
		r.progress = map[string]int{}
	}
	r.progress[l.name] = from + len(items)
	return items, nil
}

func (l *loop) render(r *run) error {
	items, err := l.items(r)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return r.all(l.none)
	}
	scope := map[string]any{}
	r.scopes = append(r.scopes, scope)
	defer func() { r.scopes = r.scopes[:len(r.scopes)-1] }()
	for i, item := range items {
		if err := firstError(r.env.Step(1), r.env.Charge(100)); err != nil {
			return err
		}
		scope[l.variable], scope["forloop"] = item, position(l.name, i, len(items))
		if l.array && i > 0 {
			if err := r.write(","); err != nil {
				return err
			}
		}
		err := r.all(l.inside)
		if err == errBreak {
			return nil
		}
		if err != nil && err != errContinue {
			return err
		}
	}
	return nil
}

// position is forloop.
func position(name string, i, length int) *Hash {
	return NewHash("name", name, "length", int32(length), "index", int32(i+1), "index0", int32(i), "rindex", int32(length-i),
		"rindex0", int32(length-i-1), "first", i == 0, "last", i == length-1)
}

// rows is tablerow: the rows of an HTML table.
type rows struct {
	variable string
	over     expression
	attrs    map[string]string
	inside   []node
}

func readRows(p *parser, g tag) (node, error) {
	m := loopSyntax.FindStringSubmatch(g.markup)
	if m == nil {
		return nil, g.fail("tablerow is written {%% tablerow item in list cols: 3 %%}")
	}
	inside, _, err := p.block(g)
	return &rows{m[1], compile(m[2]), attributes(g.markup), inside}, err
}

func (t *rows) render(r *run) error {
	l := &loop{over: t.over, attrs: map[string]string{}}
	for _, name := range []string{"offset", "limit"} {
		if s, ok := t.attrs[name]; ok {
			l.attrs[name] = s
		}
	}
	v, err := t.over.eval(r)
	if err != nil {
		return err
	}
	if _, ok := enumerate(v); !ok {
		return nil
	}
	items, err := l.items(r)
	if err != nil {
		return err
	}
	cols, err := r.number(t.attrs, "cols", len(items))
	if err != nil {
		return err
	}
	scope := map[string]any{}
	r.scopes = append(r.scopes, scope)
	defer func() { r.scopes = r.scopes[:len(r.scopes)-1] }()
	if err := r.write("<tr class=\"row1\">\n"); err != nil {
		return err
	}
	row, col := 1, 0
	for i, item := range items {
		if err := firstError(r.env.Step(1), r.env.Charge(100)); err != nil {
			return err
		}
		at := position("", i, len(items))
		for name, v := range map[string]any{"col": int32(col + 1), "col0": int32(col), "col_first": col == 0, "col_last": col == cols-1} {
			at.Set(name, v)
		}
		scope[t.variable], scope["tablerowloop"] = item, at
		col++
		cell, err := r.apart(t.inside)
		if err != nil {
			return err
		}
		if err := r.write(`<td class="col` + strconv.Itoa(col) + `">` + cell + "</td>"); err != nil {
			return err
		}
		if col == cols && i != len(items)-1 {
			col, row = 0, row+1
			if err := r.write("</tr>\n<tr class=\"row" + strconv.Itoa(row) + `">`); err != nil {
				return err
			}
		}
	}
	return r.write("</tr>\n")
}
