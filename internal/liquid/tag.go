package liquid

import (
	"regexp"
	"slices"
	"strings"
)

// tags are the tags by name; each compiles itself, its content included. They are filled in by init, for tags hold tags.
var tags map[string]func(p *parser, g tag) (node, error)

func init() {
	tags = map[string]func(p *parser, g tag) (node, error){
		"assign": readAssign, "capture": readCapture, "case": readCase, "comment": readVerbatim, "cycle": readCycle,
		"raw": readVerbatim, "literal": readVerbatim, "if": readIf, "unless": readIf, "ifchanged": readChanged,
		"for": readLoop, "JSONArrayFor": readLoop, "tablerow": readRows, "break": readInterrupt, "continue": readInterrupt,
		"increment": readCounter, "decrement": readCounter,
	}
}

func tagNames() []string {
	var names []string
	for n := range tags {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// readVerbatim reads raw, literal and comment, whose content the scanner has left alone.
func readVerbatim(p *parser, g tag) (node, error) {
	var inside text
	if t := p.tokens[p.pos]; t.kind == textToken {
		inside = text(t.s)
		p.pos++
	}
	p.pos++ // the end tag, which the scanner has found
	if g.name == "comment" {
		return nil, nil
	}
	return inside, nil
}

var assignment = regexp.MustCompile(`^\(?([\p{L}\p{N}_.\[\]-]+)\)?\s*=\s*([\s\S]*)$`)

// assign sets a variable for the rest of the template.
type assign struct {
	name  string
	value *output
}

func readAssign(p *parser, g tag) (node, error) {
	m := assignment.FindStringSubmatch(g.markup)
	if m == nil {
		return nil, g.fail("assign is written {%% assign name = value %%}")
	}
	return &assign{m[1], p.output(m[2], g.markupAt+len(g.markup)-len(m[2]))}, nil
}

func (a *assign) render(r *run) error {
	v, err := a.value.eval(r)
	r.outer[a.name] = v
	return err
}

var variableName = regexp.MustCompile(`^[\p{L}\p{N}_-]+$`)

// capture renders into a variable.
type capture struct {
	name   string
	inside []node
}

func readCapture(p *parser, g tag) (node, error) {
	if !variableName.MatchString(g.markup) {
		return nil, g.fail("capture is written {%% capture name %%}")
	}
	inside, _, err := p.block(g)
	return &capture{g.markup, inside}, err
}

func (c *capture) render(r *run) error {
	s, err := r.apart(c.inside)
	r.outer[c.name] = s
	return err
}

// branches are if, unless and case: the first branch whose condition holds.
type (
	branches struct{ all []branch }
	branch   struct {
		when   *condition // nil for else
		not    bool
		inside []node
	}
)

func readIf(p *parser, g tag) (node, error) {
	out, head := &branches{}, g
	for {
		b := branch{not: head.name == "unless"}
		if head.name != "else" {
			when, err := p.condition(head)
			if err != nil {
				return nil, err
			}
			b.when = when
		}
		inside, stop, err := p.block(g, "elsif", "elseif", "else")
		if err != nil {
			return nil, err
		}
		b.inside = inside
		out.all = append(out.all, b)
		if stop.name == "end"+g.name {
			return out, nil
		}
		head = stop
	}
}

func (b *branches) render(r *run) error {
	for i := range b.all {
		c := &b.all[i]
		if c.when != nil {
			ok, err := c.when.holds(r)
			if err != nil {
				return err
			}
			if ok == c.not {
				continue
			}
		}
		return r.all(c.inside)
	}
	return nil
}

// choice is case: every when that is equal is rendered, else when none before it was.
type choice struct {
	value expression
	all   []when
}

type when struct {
	values []expression // nil for else
	inside []node
}

var separator = regexp.MustCompile(`\s+or\s+|\s*,\s*`)

func readCase(p *parser, g tag) (node, error) {
	w := word.FindString(g.markup)
	if w == "" {
		return nil, g.fail("case is written {%% case value %%}")
	}
	out := &choice{value: compile(w)}
	_, stop, err := p.block(g, "when", "else")
	for err == nil && stop.name != "endcase" {
		var b when
		if stop.name == "when" {
			for _, part := range separator.Split(stop.markup, -1) {
				if v := word.FindString(part); v != "" {
					b.values = append(b.values, compile(v))
				}
			}
			if b.values == nil {
				return nil, stop.fail("when is written {%% when value %%}, with or between several values")
			}
		}
		b.inside, stop, err = p.block(g, "when", "else")
		out.all = append(out.all, b)
	}
	return out, err
}

func (c *choice) render(r *run) error {
	v, err := c.value.eval(r)
	if err != nil {
		return err
	}
	none := true
	for i := range c.all {
		w := &c.all[i]
		times := 0
		if w.values == nil && none {
			times = 1
		}
		for _, e := range w.values {
			other, err := e.eval(r)
			if err != nil {
				return err
			}
			if equal(r.env, v, other) {
				times, none = times+1, false
			}
		}
		for range times {
			if err := r.all(w.inside); err != nil {
				return err
			}
		}
	}
	return nil
}

// cycle writes its values in turn, each time it is rendered.
type cycle struct {
	name   expression
	values []expression
}

var namedCycle = regexp.MustCompile(`^(` + quotedFragment + `)\s*:\s*(.+)$`)

func readCycle(_ *parser, g tag) (node, error) {
	c := &cycle{}
	markup, plain := g.markup, ""
	if m := namedCycle.FindStringSubmatch(markup); m != nil {
		c.name, markup = compile(m[1]), m[2]
	}
	for _, part := range strings.Split(markup, ",") {
		w := word.FindString(part)
		c.values, plain = append(c.values, compile(w)), plain+w
	}
	if markup == "" {
		return nil, g.fail("cycle is written {%% cycle 'one', 'two' %%}")
	}
	if c.name == nil {
		c.name = literal{plain}
	}
	return c, nil
}

func (c *cycle) render(r *run) error {
	name, err := c.name.eval(r)
	if err != nil {
		return err
	}
	if r.cycles == nil {
		r.cycles = map[string]int{}
	}
	key := plain(name)
	i := r.cycles[key]
	if i >= len(c.values) {
		i = 0
	}
	r.cycles[key] = (i + 1) % len(c.values)
	v, err := c.values[i].eval(r)
	if err != nil {
		return err
	}
	return r.write(plain(v))
}

// counter is increment, which writes and then counts, or decrement, which counts first.
type counter struct {
	name string
	by   int64
}

func readCounter(_ *parser, g tag) (node, error) {
	if !variableName.MatchString(g.markup) {
		return nil, g.fail("%s is written {%% %s name %%}", g.name, g.name)
	}
	if g.name == "increment" {
		return counter{g.markup, 1}, nil
	}
	return counter{g.markup, -1}, nil
}

func (c counter) render(r *run) error {
	if r.counters == nil {
		r.counters = map[string]int64{}
	}
	before := r.counters[c.name]
	r.counters[c.name] = before + c.by
	return r.write(plain(before + min(c.by, 0)))
}

// changed writes its content when that differs from what it was before.
type changed []node

func readChanged(p *parser, g tag) (node, error) {
	inside, _, err := p.block(g)
	return changed(inside), err
}

func (c changed) render(r *run) error {
	s, err := r.apart(c)
	if err != nil || s == r.changed {
		return err
	}
	r.changed = s
	return r.write(s)
}
