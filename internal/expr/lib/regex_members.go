package lib

import (
	"strconv"

	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/dlclark/regexp2/v2"
)

// regexDecl is System.Text.RegularExpressions.Regex.
var regexDecl = types.Decl{
	Type: regexT, Doc: "A regular expression of .NET.",
	Denied: []string{"Escape", "GetGroupNames", "GetGroupNumbers", "GroupNameFromNumber", "GroupNumberFromName", "Options", "RightToLeft", "MatchTimeout", "CacheSize", "CompileToAssembly", "InfiniteMatchTimeout"},
	Members: concatRows([]types.Member{
		{Sig: "Regex(string pattern)", Do: types.Do(newRegex), Doc: "Compiles a pattern; ArgumentException for a bad one.", Ex: `new Regex("(") ! ArgumentException`},
		{Sig: "Regex(string pattern, RegexOptions options)", Do: types.Do(newRegex), Doc: "Compiles a pattern."},
		{Sig: "Regex(string pattern, RegexOptions options, TimeSpan matchTimeout)", Do: types.Do(newRegex), Doc: "Compiles a pattern; the engine has a time limit of its own."},
		{Sig: "static string Unescape(string str)", Do: types.Fn1E(unescapeRegex), Doc: "Escapes turned into characters.", Ex: `Regex.Unescape(@"\.a") → .a`},
	}, regexRows("bool IsMatch", "", "Whether the pattern occurs.", regexIsMatch),
		regexRows("Match Match", "", "The first match.", regexMatch),
		regexRows("MatchCollection Matches", "", "All matches.", regexMatches),
		regexRows("string Replace", ", string replacement", "Each match replaced; $1 and ${name} are groups.", regexReplace),
		regexRows("string Replace", ", Func<Match, string> evaluator", "Each match replaced by what the function gives.", regexReplace),
		regexRows("string[] Split", "", "The parts between matches.", regexSplit)),
}

// regexRows are the instance and static overloads of a method.
func regexRows(name, extra, doc string, do func(c *types.Call, r *Regex, s string, rest []types.Value) (types.Value, error)) []types.Member {
	instance := types.Do(func(c *types.Call) (types.Value, error) {
		s, ok := c.Args[0].(string)
		if !ok {
			return nil, errRegexNoInput
		}
		return do(c, c.This.(*Regex), s, c.Args[1:])
	})
	static := types.Do(func(c *types.Call) (types.Value, error) {
		s, ok := c.Args[0].(string)
		if !ok {
			return nil, errRegexNoInput
		}
		pattern, ok := c.Args[1].(string)
		if !ok {
			return nil, types.ArgumentNull("pattern")
		}
		options, rest := int64(0), []types.Value{}
		for _, v := range c.Args[2:] {
			switch v := v.(type) {
			case types.Enum:
				options = v.N
			case TimeSpan:
			default:
				rest = append(rest, v)
			}
		}
		r, err := compileRegex(c.Env, pattern, options)
		if err != nil {
			return nil, err
		}
		return do(c, r, s, rest)
	})
	out := []types.Member{
		{Sig: name + "(string input" + extra + ")", Do: instance, Doc: doc},
		{Sig: "static " + name + "(string input, string pattern" + extra + ")", Do: static, Doc: doc},
		{Sig: "static " + name + "(string input, string pattern" + extra + ", RegexOptions options)", Do: static, Doc: doc},
		{Sig: "static " + name + "(string input, string pattern" + extra + ", RegexOptions options, TimeSpan matchTimeout)", Do: static, Doc: doc},
	}
	further := []string{", int startat"}
	if extra != "" || name == "string[] Split" {
		further = []string{", int count", ", int count, int startat"}
	}
	for _, f := range further {
		out = append(out, types.Member{Sig: name + "(string input" + extra + f + ")", Do: instance, Doc: doc})
	}
	return out
}

func newRegex(c *types.Call) (types.Value, error) {
	pattern, ok := c.Args[0].(string)
	if !ok {
		return nil, types.ArgumentNull("pattern")
	}
	options := int64(0)
	if len(c.Args) > 1 {
		options = c.Args[1].(types.Enum).N
	}
	return compileRegex(c.Env, pattern, options)
}

func unescapeRegex(s string) (string, error) {
	out, err := regexp2.Unescape(s)
	if err != nil {
		return "", types.Throw(types.ArgumentExc, `parsing "`+s+`" - `+err.Error())
	}
	return out, nil
}

// start checks a start position among the arguments; -1 when there is none.
func start(s string, rest []types.Value, i int) (int, error) {
	if len(rest) <= i {
		return -1, nil
	}
	n := int(rest[i].(int32))
	if n < 0 || n > types.Len(s) {
		return 0, errRegexStart
	}
	return n, nil
}

func regexIsMatch(c *types.Call, r *Regex, s string, rest []types.Value) (types.Value, error) {
	from, err := start(s, rest, 0)
	if err != nil {
		return nil, err
	}
	if from >= 0 {
		from = types.Offset(s, from)
	}
	f, err := engineMatch(c.Env, r.engine, s, from, nil)
	return f != nil, err
}

func regexMatch(c *types.Call, r *Regex, s string, rest []types.Value) (types.Value, error) {
	from, err := start(s, rest, 0)
	if err != nil {
		return nil, err
	}
	ms, err := r.all(c.Env, s, from, 1)
	if err != nil {
		return nil, err
	}
	if len(ms) == 0 {
		return emptyMatch(), nil
	}
	return ms[0], nil
}

func regexMatches(c *types.Call, r *Regex, s string, rest []types.Value) (types.Value, error) {
	from, err := start(s, rest, 0)
	if err != nil {
		return nil, err
	}
	ms, err := r.all(c.Env, s, from, -1)
	out := &Collection{typ: matchCollection}
	for _, m := range ms {
		out.items = append(out.items, m)
	}
	return out, err
}

func regexReplace(c *types.Call, r *Regex, s string, rest []types.Value) (types.Value, error) {
	count := -1
	if len(rest) > 1 {
		if count = int(rest[1].(int32)); count < -1 {
			return nil, errRegexCount
		}
	}
	from, err := start(s, rest, 2)
	if err != nil {
		return nil, err
	}
	var with func(m *Match) (string, error)
	switch v := rest[0].(type) {
	case string:
		with = func(m *Match) (string, error) { return m.expand(v), nil }
	case *types.Func:
		with = func(m *Match) (string, error) {
			out, err := v.Call(m)
			return types.ToString(out), err
		}
	default:
		return nil, errRegexNoReplacer
	}
	return r.replace(c.Env, s, count, from, with)
}

func regexSplit(c *types.Call, r *Regex, s string, rest []types.Value) (types.Value, error) {
	count := 0
	if len(rest) > 0 {
		if count = int(rest[0].(int32)); count < 0 {
			return nil, errRegexCount
		}
	}
	from, err := start(s, rest, 1)
	if err != nil {
		return nil, err
	}
	return r.split(c.Env, s, count, from)
}

// Collection is a MatchCollection, GroupCollection or CaptureCollection.
type Collection struct {
	typ   *types.Type
	items []types.Value
	match *Match // of groups
}

// NetType implements types.Typed.
func (c *Collection) NetType() *types.Type { return c.typ }

// Len is Count.
func (c *Collection) Len() int { return len(c.items) }

// Enumerate implements types.Sequence.
func (c *Collection) Enumerate(*types.Env) types.Enumerator { return types.Slice(c.items) }

func (c *Collection) at(i int32) (types.Value, error) {
	if c.match != nil {
		if g := c.match.numbered(strconv.Itoa(int(i))); g != nil {
			return g, nil
		}
		return &Group{}, nil
	}
	if i < 0 || int(i) >= len(c.items) {
		return nil, types.ArgumentRange("i", "Specified argument was out of the range of valid values.")
	}
	return c.items[i], nil
}

// named gives a group; one that does not exist has not matched.
func (c *Collection) named(name string) types.Value {
	if g := c.match.group(name); g != nil {
		return g
	}
	return &Group{}
}

func collectionDecl(t *types.Type, elem string, extra ...types.Member) types.Decl {
	return types.Decl{Type: t, Doc: "The parts of a match.", Interfaces: []string{"IEnumerable<" + elem + ">"}, Members: append([]types.Member{
		{Sig: "int Count { get; }", Do: types.Fn1(func(c *Collection) int32 { return int32(len(c.items)) }), Doc: "The number of items."},
		{Sig: elem + " this[int i] { get; }", Do: types.Fn2E((*Collection).at), Doc: "The item at a position."},
	}, extra...)}
}

var (
	matchCollectionDecl   = collectionDecl(matchCollection, "Match")
	captureCollectionDecl = collectionDecl(captureCollection, "Capture")
	groupCollectionDecl   = collectionDecl(groupCollection, "Group", types.Member{
		Sig: "Group this[string groupname] { get; }", Do: types.Fn2((*Collection).named), Doc: "The group of a name.",
	})
	captureDecl = types.Decl{Type: captureT, Doc: "A captured part of the input.", Members: []types.Member{
		{Sig: "int Index { get; }", Do: types.Fn1(func(v types.Value) int32 { return captureOf(v).index }), Doc: "Where it begins."},
		{Sig: "int Length { get; }", Do: types.Fn1(func(v types.Value) int32 { return captureOf(v).length }), Doc: "Its length."},
		{Sig: "string Value { get; }", Do: types.Fn1(func(v types.Value) string { return captureOf(v).value }), Doc: "Its text.", Ex: `Regex.Match("a1", @"\d").Value → 1`},
	}}
	groupDecl = types.Decl{Type: groupT, Base: "Capture", Doc: "A group of a match.", Denied: []string{"Name", "Synchronized"}, Members: []types.Member{
		{Sig: "bool Success { get; }", Do: types.Fn1(func(v types.Value) bool { return groupOf(v).success }), Doc: "Whether it matched."},
		{Sig: "CaptureCollection Captures { get; }", Do: types.Fn1(func(v types.Value) *Collection {
			out := &Collection{typ: captureCollection}
			for _, c := range groupOf(v).captures {
				out.items = append(out.items, c)
			}
			return out
		}), Doc: "All it captured."},
	}}
	matchDecl = types.Decl{Type: matchT, Base: "Group", Doc: "A match of a pattern.", Denied: []string{"Synchronized"}, Members: []types.Member{
		{Sig: "static Match Empty { get; }", Do: types.Fn0(emptyMatch), Doc: "No match."},
		{Sig: "GroupCollection Groups { get; }", Do: types.Fn1(func(m *Match) *Collection {
			out := &Collection{typ: groupCollection, match: m}
			for _, g := range m.groups {
				out.items = append(out.items, g)
			}
			return out
		}), Doc: "Its groups; the first is the whole match.", Ex: `Regex.Match("k=v", @"(?<k>\w)=(\w)").Groups["k"].Value → k`},
		{Sig: "string Result(string replacement)", Do: types.Fn2E(func(m *Match, pattern string) (string, error) {
			if !m.success {
				return "", types.Throw(types.NotSupported, "Result cannot be called on a failed Match.")
			}
			return m.expand(pattern), nil
		}), Doc: "A replacement pattern filled in.", Ex: `Regex.Match("k=v", @"(?<k>\w)=(?<v>\w)").Result("${v}=${k}") → v=k`},
		{Sig: "Match NextMatch()", Do: types.Do(func(c *types.Call) (types.Value, error) { return c.This.(*Match).next(c.Env) }), Doc: "The match after it."},
	}}
)

func captureOf(v types.Value) *Capture {
	switch v := v.(type) {
	case *Group:
		return &v.Capture
	case *Match:
		return &v.Capture
	}
	return v.(*Capture)
}

func groupOf(v types.Value) *Group {
	if m, ok := v.(*Match); ok {
		return &m.Group
	}
	return v.(*Group)
}
