package liquid

import (
	"fmt"
	"strings"
)

// maxDepth is how deep tags may be nested.
const maxDepth = 80

type parser struct {
	tokens   []token
	pos      int
	depth    int
	warnings []Warning
}

// tag is a tag as it stands in the source.
type tag struct {
	name, markup string
	offset       int // of the name
	markupAt     int
}

func (t tag) fail(format string, args ...any) error {
	return &Error{Offset: t.offset, Message: fmt.Sprintf(format, args...)}
}

func (p *parser) warn(offset int, format string, args ...any) {
	if len(p.warnings) < 20 {
		p.warnings = append(p.warnings, Warning{offset, fmt.Sprintf(format, args...)})
	}
}

// block reads up to a tag of the names in stops, or up to the end of an open tag: then it returns that tag. open is the tag whose content this is,
// with an empty name for the whole template.
func (p *parser) block(open tag, stops ...string) (nodes []node, stop tag, err error) {
	if p.depth++; p.depth > maxDepth {
		return nil, tag{}, open.fail("tags are nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	for p.pos < len(p.tokens) {
		t := p.tokens[p.pos]
		p.pos++
		switch t.kind {
		case textToken:
			nodes = append(nodes, text(t.s))
		case outputToken:
			nodes = append(nodes, p.output(t.s, t.offset))
		default:
			g, err := readTag(t)
			if err != nil {
				return nil, tag{}, err
			}
			if open.name != "" && (g.name == "end"+open.name || contains(stops, g.name)) {
				return nodes, g, nil
			}
			n, err := p.tag(g, open)
			if err != nil {
				return nil, tag{}, err
			}
			if n != nil {
				nodes = append(nodes, n)
			}
		}
	}
	if open.name != "" {
		return nil, tag{}, open.fail("the tag %s is not closed; end it with {%% end%s %%}", open.name, open.name)
	}
	return nodes, tag{}, nil
}

func contains(all []string, s string) bool {
	for _, a := range all {
		if a == s {
			return true
		}
	}
	return false
}

func readTag(t token) (tag, error) {
	m := tagName.FindStringSubmatchIndex(t.s)
	if m == nil {
		return tag{}, &Error{Offset: t.offset, Message: "a tag needs a name, as in {% if … %}"}
	}
	return tag{t.s[m[2]:m[3]], strings.TrimSpace(t.s[m[1]:]), t.offset + m[2], t.offset + m[1]}, nil
}

// tag compiles one tag; open is the one around it.
func (p *parser) tag(g, open tag) (node, error) {
	if read := tags[g.name]; read != nil {
		return read(p, g)
	}
	switch {
	case contains([]string{"include", "extends", "block", "render", "param"}, g.name):
		return nil, g.fail("the tag %s is not available: a template stands alone", g.name)
	case strings.HasPrefix(g.name, "end") && open.name != "":
		return nil, g.fail("%s does not close %s; end that with {%% end%s %%}", g.name, open.name, open.name)
	case contains([]string{"else", "elsif", "elseif", "when"}, g.name) || strings.HasPrefix(g.name, "end"):
		return nil, g.fail("the tag %s stands outside of the tag that it belongs to", g.name)
	}
	return nil, g.fail("the tag %s is not known; known are %s", g.name, strings.Join(tagNames(), ", "))
}
