package lib

import (
	"sort"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	regexT             = types.Class("System.Text.RegularExpressions.Regex")
	matchT             = types.Class("System.Text.RegularExpressions.Match")
	groupT             = types.Class("System.Text.RegularExpressions.Group")
	captureT           = types.Class("System.Text.RegularExpressions.Capture")
	matchCollection    = types.Class("System.Text.RegularExpressions.MatchCollection")
	groupCollection    = types.Class("System.Text.RegularExpressions.GroupCollection")
	captureCollection  = types.Class("System.Text.RegularExpressions.CaptureCollection")
	regexOptions       = types.EnumWith("System.Text.RegularExpressions.RegexOptions", true, []string{"None", "IgnoreCase", "Multiline", "ExplicitCapture", "Compiled", "Singleline", "IgnorePatternWhitespace", "RightToLeft", "ECMAScript", "CultureInvariant"}, []int64{0, 1, 2, 4, 8, 16, 32, 64, 256, 512})
	regexOptionsDecl   = types.Decl{Type: regexOptions, Doc: "How a pattern is read and matched."}
	errRegexArgument   = types.ArgumentRange("options", "Specified argument was out of the range of valid values.")
	errRegexStart      = types.ArgumentRange("startat", "Start index cannot be less than 0 or greater than input length.")
	errRegexCount      = types.ArgumentRange("count", "Count cannot be less than -1.")
	errRegexNoInput    = types.ArgumentNull("input")
	errRegexNoReplacer = types.ArgumentNull("replacement")
)

// Regex is System.Text.RegularExpressions.Regex.
type Regex struct {
	pattern string
	options int64
	engine  *regexEngine
}

// NetType implements types.Typed.
func (*Regex) NetType() *types.Type { return regexT }

// NetString implements types.Text.
func (r *Regex) NetString() string { return r.pattern }

func compileRegex(env *types.Env, pattern string, options int64) (*Regex, error) {
	if options < 0 || options > 1023 {
		return nil, errRegexArgument
	}
	if err := firstError(env.Step(int64(len(pattern))), env.Charge(64*len(pattern))); err != nil {
		return nil, err
	}
	e, err := engineRegex(pattern, options)
	if err != nil {
		return nil, err
	}
	return &Regex{pattern, options, e}, nil
}

// Capture is one captured part of the input; Group a group with its captures,
// Match the whole with its groups.
type (
	Capture struct {
		index, length int32
		value         string
	}
	Group struct {
		Capture
		success  bool
		captures []*Capture
		name     string
	}
	Match struct {
		Group
		groups []*Group
		regex  *Regex
		input  string
		at     int // byte offset
		size   int // bytes
		found  *found
	}
)

// NetType implements types.Typed.
func (*Capture) NetType() *types.Type { return captureT }

// NetString implements types.Text.
func (c *Capture) NetString() string { return c.value }

// NetType implements types.Typed.
func (*Group) NetType() *types.Type { return groupT }

// NetType implements types.Typed.
func (*Match) NetType() *types.Type { return matchT }

func emptyMatch() *Match { return &Match{groups: []*Group{{}}} }

func (r *Regex) isMatch(env *types.Env, s string) (bool, error) {
	f, err := engineMatch(env, r.engine, s, -1, nil)
	return f != nil, err
}

// match makes a Match of what the engine found; nil gives the empty match.
func (r *Regex) match(s string, f *found) *Match {
	if f == nil {
		return emptyMatch()
	}
	m := &Match{regex: r, input: s, found: f}
	capture := func(c [2]int) *Capture {
		text := s[c[0] : c[0]+c[1]]
		return &Capture{int32(types.Len(s[:c[0]])), int32(types.Len(text)), text}
	}
	for _, fg := range f.groups {
		g := &Group{name: fg.name}
		for _, c := range fg.captures {
			g.captures = append(g.captures, capture(c))
		}
		if n := len(g.captures); n > 0 {
			g.success, g.Capture = true, *g.captures[n-1]
		}
		m.groups = append(m.groups, g)
	}
	m.Group = *m.groups[0]
	whole := f.groups[0].captures[0]
	m.at, m.size = whole[0], whole[1]
	return m
}

func (m *Match) next(env *types.Env) (*Match, error) {
	if m.found == nil {
		return m, nil
	}
	f, err := engineMatch(env, m.regex.engine, m.input, -1, m.found)
	if err != nil {
		return nil, err
	}
	return m.regex.match(m.input, f), nil
}

// all finds every match from a unit offset (-1: the start), at most limit of
// them when that is not negative.
func (r *Regex) all(env *types.Env, s string, from, limit int) ([]*Match, error) {
	if from >= 0 {
		from = types.Offset(s, from)
	}
	f, err := engineMatch(env, r.engine, s, from, nil)
	var out []*Match
	for f != nil && err == nil && (limit < 0 || len(out) < limit) {
		out = append(out, r.match(s, f))
		f, err = engineMatch(env, r.engine, s, -1, f)
	}
	return out, err
}

// inOrder sorts matches by position: right-to-left patterns find the last first.
func inOrder(ms []*Match) []*Match {
	sort.SliceStable(ms, func(i, j int) bool { return ms[i].at < ms[j].at })
	return ms
}

// replace puts what with gives in the place of each match.
func (r *Regex) replace(env *types.Env, s string, limit, from int, with func(m *Match) (string, error)) (string, error) {
	ms, err := r.all(env, s, from, limit)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	last := 0
	texts := make([]string, len(ms))
	for i, m := range ms {
		if texts[i], err = with(m); err != nil {
			return "", err
		}
		if err := env.Charge(len(texts[i])); err != nil {
			return "", err
		}
		m.name = strconv.Itoa(i)
	}
	for _, m := range inOrder(ms) {
		i, _ := strconv.Atoi(m.name)
		b.WriteString(s[last:m.at] + texts[i])
		last = m.at + m.size
	}
	b.WriteString(s[last:])
	return b.String(), env.Charge(len(s))
}

// group finds a group by number or name; nil when there is none.
func (m *Match) group(name string) *Group {
	for _, g := range m.groups {
		if g.name == name {
			return g
		}
	}
	return nil
}

// numbered finds a group by the digits of its number: a named group has one too, after those of groups without a name.
func (m *Match) numbered(digits string) *Group {
	n, ok := smallNumber(digits)
	if !ok || m.regex == nil {
		return m.group(digits)
	}
	for i, number := range m.regex.engine.numbers() {
		if number == n && i < len(m.groups) {
			return m.groups[i]
		}
	}
	return nil
}

// expand writes a replacement pattern: $1, ${name}, $$, $&, $`, $', $+, $_.
func (m *Match) expand(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '$' || i+1 >= len(pattern) {
			b.WriteByte(pattern[i])
			continue
		}
		text, n := m.substitute(pattern[i+1:])
		if n == 0 {
			b.WriteByte('$')
			continue
		}
		b.WriteString(text)
		i += n
	}
	return b.String()
}

// substitute reads what follows a dollar sign and tells its length; 0 means
// that the dollar stands for itself.
func (m *Match) substitute(s string) (string, int) {
	switch s[0] {
	case '$':
		return "$", 1
	case '&':
		return m.value, 1
	case '`':
		return m.input[:m.at], 1
	case '\'':
		return m.input[m.at+m.size:], 1
	case '_':
		return m.input, 1
	case '+':
		return m.groups[len(m.groups)-1].value, 1
	case '{':
		if end := strings.IndexByte(s, '}'); end > 1 {
			g := m.group(s[1:end])
			if g == nil && isDigit(s[1]) {
				g = m.numbered(s[1:end])
			}
			if g != nil {
				return g.value, end + 1
			}
		}
		return "", 0
	}
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	if n > 0 {
		if g := m.numbered(strings.TrimLeft(s[:n-1], "0") + s[n-1:n]); g != nil {
			return g.value, n
		}
	}
	return "", 0
}

// split cuts at each match; captured groups are put between the parts.
func (r *Regex) split(env *types.Env, s string, count, from int) (types.Value, error) {
	if count == 1 {
		return types.Strings([]string{s}), nil
	}
	limit := -1
	if count > 1 {
		limit = count - 1
	}
	ms, err := r.all(env, s, from, limit)
	if err != nil {
		return nil, err
	}
	var parts []string
	last := 0
	for _, m := range inOrder(ms) {
		parts = append(parts, s[last:m.at])
		last = m.at + m.size
		for _, g := range m.groups[1:] {
			if g.success {
				parts = append(parts, g.value)
			}
		}
	}
	parts = append(parts, s[last:])
	return types.Strings(parts), env.Charge(48 * len(parts))
}
