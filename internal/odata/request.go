package odata

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Bounds on requests.
const (
	maxSegments = 50
	maxNesting  = 50 // of $expand, and of expressions
	maxTokens   = 5000
)

// place is where a path has led: to values of a type, one or many of them.
type place struct {
	typ       *Type  // of entities and complex values; nil for others
	primitive string // the type's name where typ is nil; "" for what has none, as the service document
	many      bool
	keyed     bool // an entity was chosen by its key already
	end       bool // nothing may follow
}

// Check checks the path below the service's root, escaped, and the query of a request. The error says what is wrong, for the caller.
func (m *Model) Check(method, path, query string) error {
	at, err := m.path(method, path)
	if err != nil {
		return err
	}
	options, err := readOptions(query)
	if err != nil {
		return err
	}
	return m.options(at, options, 0)
}

// path walks the segments of a path.
func (m *Model) path(method, path string) (place, error) {
	text, err := splitSegments(path)
	if err != nil {
		return place{}, err
	}
	if len(text) == 0 {
		return place{end: true}, onlyMethods(method, "the service document", "GET", "HEAD")
	}
	at, err := m.first(method, text)
	for _, s := range text[1:] {
		if err != nil {
			return place{}, err
		}
		at, err = m.next(at, s)
	}
	return at, err
}

// splitSegments cuts a path into decoded segments. Slashes in quotes or parentheses don't cut.
func splitSegments(path string) ([]string, error) {
	var out []string
	from, quoted, depth := 0, false, 0
	path = strings.Trim(path, "/")
	cut := func(to int) error {
		s, err := url.PathUnescape(path[from:to])
		if err != nil || s == "" || len(out) == maxSegments {
			return errors.New("the path can't be read")
		}
		out = append(out, s)
		return nil
	}
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case c == '\'' || c == '%' && strings.HasPrefix(path[i:], "%27"):
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '/' && depth == 0:
			if err := cut(i); err != nil {
				return nil, err
			}
			from = i + 1
		}
	}
	if quoted || depth != 0 {
		return nil, errors.New("a quote or parenthesis of the path is not closed")
	}
	if path == "" {
		return nil, nil
	}
	return out, cut(len(path))
}

func onlyMethods(method, what string, allowed ...string) error {
	for _, a := range allowed {
		if a == method {
			return nil
		}
	}
	return fmt.Errorf("%s is not for %s", what, clip(method))
}

// first is where the first segment leads.
func (m *Model) first(method string, text []string) (place, error) {
	name, args, called := cutArguments(text[0])
	switch name {
	case "$metadata", "$batch":
		verbs := map[string][]string{"$metadata": {"GET", "HEAD"}, "$batch": {"POST"}}[name]
		return place{end: true}, onlyMethods(method, name, verbs...)
	case "$crossjoin", "$all", "$entity":
		return place{primitive: "?", many: true}, nil
	}
	if s := m.sources[name]; s != nil {
		at := place{typ: s.Type, many: s.Set}
		if !called {
			return at, nil
		}
		if !s.Set {
			return place{}, fmt.Errorf("'%s' is a single entity and takes no key", name)
		}
		return m.byKey(at, args)
	}
	i := m.imports[name]
	if i == nil {
		return place{}, fmt.Errorf("the service has no entity set, singleton, function or action '%s'", clip(name))
	}
	c, err := i.overload(args)
	if err != nil {
		return place{}, err
	}
	verbs := []string{"GET", "HEAD"}
	if c.Action {
		verbs = []string{"POST"}
	}
	return m.result(c), onlyMethods(method, "'"+name+"'", verbs...)
}

// overload is the one that takes the arguments.
func (i *Import) overload(args string) (*Callable, error) {
	given, err := namedArguments(args)
	if err != nil {
		return nil, err
	}
	for _, o := range i.Overloads {
		if o.Action || sameNames(o.Parameters, given) {
			return o, nil
		}
	}
	return nil, fmt.Errorf("the function '%s' takes other parameters", i.Name)
}

func sameNames(want []string, given map[string]string) bool {
	if len(want) != len(given) {
		return false
	}
	for _, w := range want {
		if _, ok := given[w]; !ok {
			return false
		}
	}
	return true
}

// result is where a function or action leads.
func (m *Model) result(c *Callable) place {
	return place{typ: m.types[c.Returns], primitive: c.Returns, many: c.Many, end: c.Returns == ""}
}

// next is where a further segment leads.
func (m *Model) next(at place, segment string) (place, error) {
	if at.end {
		return place{}, fmt.Errorf("nothing can follow before '%s'", clip(segment))
	}
	name, args, called := cutArguments(segment)
	switch name {
	case "$count":
		if !at.many {
			return place{}, errors.New("$count is for collections")
		}
		return place{primitive: "Edm.Int32", end: true, typ: at.typ, many: true}, nil
	case "$ref":
		at.end = true
		return at, nil
	case "$value":
		return place{primitive: "Edm.Stream", end: true}, nil
	}
	if at.primitive == "?" {
		return at, nil
	}
	if strings.Contains(name, ".") {
		if t := m.typeOf(name); t != nil {
			return m.cast(at, t, args, called)
		}
		if c := m.boundTo(name[strings.LastIndexByte(name, '.')+1:]); c != nil {
			return m.result(c), nil
		}
		return place{}, fmt.Errorf("the service has no type, function or action '%s'", clip(name))
	}
	if at.typ != nil && !at.many {
		if p := at.typ.Property(name); p != nil {
			to := place{typ: m.types[p.Type], primitive: p.Type, many: p.Many}
			if called {
				return m.byKey(to, args)
			}
			return to, nil
		}
		if c := m.boundTo(name); c != nil {
			return m.result(c), nil
		}
		if at.typ.open() {
			return place{primitive: "?"}, nil
		}
		return place{}, fmt.Errorf("the type '%s' has no property '%s'", at.typ.Name, clip(name))
	}
	if c := m.boundTo(name); c != nil && at.typ != nil {
		return m.result(c), nil
	}
	if at.many && at.typ != nil && at.typ.Entity && len(at.typ.Keys) == 1 && !at.keyed { // the key as a segment (4.01)
		return place{typ: at.typ, keyed: true}, nil
	}
	return place{}, fmt.Errorf("'%s' can't follow there", clip(name))
}

func (m *Model) boundTo(name string) *Callable { return m.bound[name] }

// cast narrows a place to a derived type.
func (m *Model) cast(at place, t *Type, args string, called bool) (place, error) {
	if at.typ == nil || !t.derives(at.typ) && !at.typ.derives(t) {
		return place{}, fmt.Errorf("'%s' is not of the type '%s'", at.name(), t.Name)
	}
	at.typ = t
	if called {
		return m.byKey(at, args)
	}
	return at, nil
}

func (p place) name() string {
	if p.typ != nil {
		return p.typ.Name
	}
	return p.primitive
}

// byKey chooses one entity of a collection.
func (m *Model) byKey(at place, args string) (place, error) {
	if !at.many || at.typ == nil || !at.typ.Entity {
		return place{}, errors.New("a key is for collections of entities")
	}
	at.many, at.keyed = false, true
	if !strings.Contains(outsideQuotes(args), "=") {
		if strings.Contains(outsideQuotes(args), ",") || args == "" {
			return place{}, fmt.Errorf("the key of '%s' can't be read", at.typ.Name)
		}
		if len(at.typ.keys()) > 1 {
			return place{}, fmt.Errorf("the key of '%s' has several parts; name them", at.typ.Name)
		}
		return at, checkLiteral(args)
	}
	given, err := namedArguments(args)
	if err != nil {
		return place{}, err
	}
	if keys := at.typ.keys(); len(keys) > 0 && !sameNames(keys, given) {
		return place{}, fmt.Errorf("the key of '%s' is %s", at.typ.Name, strings.Join(keys, ", "))
	}
	return at, nil
}

// keys are those of the type or of the type that it derives from.
func (t *Type) keys() []string {
	for ; t != nil; t = t.parent {
		if len(t.Keys) > 0 {
			return t.Keys
		}
	}
	return nil
}

// cutArguments takes the parentheses off a segment.
func cutArguments(segment string) (name, args string, called bool) {
	name, rest, called := strings.Cut(segment, "(")
	if !called {
		return segment, "", false
	}
	return name, strings.TrimSuffix(rest, ")"), true
}

// outsideQuotes is a text with what stands in quotes taken out.
func outsideQuotes(s string) string {
	var b strings.Builder
	quoted := false
	for i := range len(s) {
		if s[i] == '\'' {
			quoted = !quoted
		} else if !quoted {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// namedArguments reads a=1,b='x'. Values are literals or aliases.
func namedArguments(args string) (map[string]string, error) {
	out := map[string]string{}
	for rest := args; rest != ""; {
		name, after, ok := strings.Cut(rest, "=")
		if !ok || !isSimpleName(name) {
			return nil, errors.New("the arguments in parentheses can't be read")
		}
		end := nextComma(after)
		if err := checkLiteral(after[:end]); err != nil {
			return nil, err
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("the argument '%s' stands twice", clip(name))
		}
		out[name] = after[:end]
		rest = strings.TrimPrefix(after[end:], ",")
	}
	return out, nil
}

// nextComma is where a value ends: at a comma outside of quotes.
func nextComma(s string) int {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '\'':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			return i
		}
	}
	return len(s)
}

// checkLiteral refuses what is neither a literal nor an alias.
func checkLiteral(s string) error {
	p := &parser{}
	if err := p.read(s); err != nil {
		return err
	}
	if k := p.kind(); len(p.tokens) == 1 && (k == literal || k == alias) {
		return nil
	}
	if len(p.tokens) == 2 && p.tokens[0].kind == word && p.tokens[1].kind == literal && strings.HasPrefix(p.tokens[1].text, "'") {
		return nil // an enumeration's value: Namespace.Colour'Red'
	}
	if len(p.tokens) == 1 && p.kind() == word && (p.tokens[0].text == "true" || p.tokens[0].text == "false" || p.tokens[0].text == "null") {
		return nil
	}
	return fmt.Errorf("'%s' is no value", clip(s))
}
