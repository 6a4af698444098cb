package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// trees is how many expressions the generator grows, from the same seed every time.
const trees = 3000

// locals stand before every grown expression: operands that no compiler folds.
var locals = []struct{ typ, name, value string }{
	{"int", "i", "7"},
	{"int", "j", "-3"},
	{"int", "big", "int.MaxValue"},
	{"long", "l", "5000000000L"},
	{"double", "d", "2.5"},
	{"double", "e", "-0.75"},
	{"decimal", "m", "1.10m"},
	{"decimal", "k", "-3m"},
	{"string", "s", "\"text\""},
	{"string", "n", "null"},
	{"bool", "t", "true"},
	{"bool", "f", "false"},
	{"int?", "q", "null"},
	{"int?", "r", "4"},
	{"byte", "b", "200"},
	{"char", "c", "'x'"},
	{"uint", "u", "3000000000"},
}

// productions give the forms of each type; a word in angle brackets is an expression of that type.
var productions = map[string][]string{
	"int": {
		"<int> + <int>", "<int> - <int>", "<int> * <int>", "<int> / <int>", "<int> % <int>", "<int> & <int>", "<int> | <int>", "<int> ^ <int>", "<int> << <int>", "<int> >> <int>", "-<int>", "~<int>",
		"(<int>)", "(<bool> ? <int> : <int>)", "(int)<long>", "(int)<double>", "(int)<decimal>", "<string>.Length", "(<int?> ?? <int>)", "Math.Max(<int>, <int>)", "Math.Abs(<int>)", "<byte> + <byte>", "<char> - <char>",
		"<string>.IndexOf(<char>)", "unchecked(<int> * <int>)", "checked(<int> + <int>)", "<int?>.GetValueOrDefault()", "new[] { <int>, <int> }.Sum()", "string.Compare(<string>, <string>)", "(int)<char>", "Math.Sign(<double>)", "<int>.CompareTo(<int>)", "Convert.ToInt32(<double>)", "Convert.ToInt32(<bool>)",
	},
	"long":    {"<long> + <int>", "<long> * <long>", "<int> + <uint>", "(long)<int>", "(long)<double>", "<long> / <int>", "<long> % <int>", "<long> << <int>", "<uint> - <int>", "(<long>)", "-<long>", "(<bool> ? <int> : <long>)", "Math.Max(<int>, <long>)", "Convert.ToInt64(<decimal>)"},
	"double":  {"<double> + <double>", "<double> - <int>", "<double> * <double>", "<double> / <double>", "<double> % <double>", "-<double>", "(<double>)", "(double)<decimal>", "(<bool> ? <double> : <int>)", "Math.Floor(<double>)", "Math.Round(<double>, 1)", "Math.Sqrt(<double>)", "<int> / <double>", "Math.Min(<double>, <int>)", "Convert.ToDouble(<int>)", "Math.Truncate(<double>)"},
	"decimal": {"<decimal> + <decimal>", "<decimal> * <decimal>", "<decimal> - <int>", "<decimal> / <decimal>", "<decimal> % <decimal>", "-<decimal>", "(decimal)<int>", "(decimal)<double>", "(<decimal>)", "Math.Round(<decimal>, 1)", "(<bool> ? <decimal> : <int>)", "Math.Max(<decimal>, <int>)", "<long> * <decimal>", "decimal.Truncate(<decimal>)"},
	"string": {
		"<string> + <string>", "<string> + <int>", "<int> + <string>", "<string> + <decimal>", "<string> + <bool>", "<string> + <char>", "<string> + <int?>", "<string>.ToUpper()", "(<string> ?? <string>)", "(<bool> ? <string> : <string>)", "$\"{<int>,5}|{<string>}\"", "$\"{<decimal>:F2}\"", "string.Format(\"{0}-{1}\", <int>, <bool>)",
		"<string>.Substring(<int>)", "<string>.Replace(<string>, <string>)", "<int>.ToString(\"D4\")", "<double>.ToString(\"F3\")", "<decimal>.ToString()", "string.Join(\",\", <int>, <string>)", "<string>?.Trim()", "string.Concat(<string>, <char>, <int>)", "<string>.PadLeft(<int> & 15)", "<bool>.ToString()", "new string(<char>, 3)", "<int?>.ToString()", "nameof(i)", "<long>.ToString(\"X\")",
	},
	"bool": {
		"<int> == <int>", "<int> != <long>", "<int> < <double>", "<int> >= <uint>", "<decimal> > <decimal>", "<decimal> == <int>", "<string> == <string>", "<string> != null", "<bool> && <bool>", "<bool> || <bool>", "!<bool>", "<bool> ^ <bool>", "<bool> & <bool>", "<bool> == <bool>", "(<bool>)", "<int?> == null", "<int?> > <int>", "<string>.Contains(<string>)", "<double> <= <double>",
		"string.IsNullOrEmpty(<string>)", "<char> < <char>", "<int?>.HasValue", "<string>.StartsWith(<string>)", "<int>.Equals(<int>)", "((object)<int>).Equals(<long>)", "object.Equals(<string>, <string>)", "<byte> == <int>", "<int?> == <int?>", "(<object> is int)", "(<object> is string)", "(<object> as string) == <string>", "new[] { <int>, <int> }.Contains(<int>)",
	},
	"int?":   {"<int?> + <int>", "<int?> * <int?>", "-<int?>", "(int?)<int>", "(<int?>)", "(<bool> ? <int> : (int?)null)", "<string>?.Length", "<int?> & <int?>", "(<int?> ?? <int?>)"},
	"byte":   {"(byte)<int>", "(byte)(<byte> + <int>)", "(<byte>)", "unchecked((byte)<long>)"},
	"char":   {"(char)<int>", "(char)(<char> + 1)", "<string>[<int>]", "char.ToUpper(<char>)", "(<char>)"},
	"uint":   {"(uint)<int>", "<uint> + <uint>", "<uint> / <uint>", "<uint> >> <int>", "(<uint>)", "<uint> & <uint>"},
	"object": {"(object)<int>", "(object)<string>", "(object)<decimal>", "(object)<bool>"},
}

var literals = map[string][]string{
	"int": {"0", "1", "2", "3", "10", "31", "-1", "100000"}, "long": {"1L", "-7L", "4294967296L"}, "double": {"0.0", "1.5", "-2.25", "1e10", "0.1"},
	"decimal": {"0m", "1m", "2.50m", "-0.1m"}, "string": {"\"\"", "\"a\"", "\"Text\"", "\" x \"", "\"e\""}, "bool": {"true", "false"}, "int?": {"(int?)null", "(int?)2"},
	"byte": {"(byte)7"}, "char": {"'a'", "'e'", "'0'"}, "uint": {"1u", "40u"}, "object": {"(object)\"o\"", "(object)null"},
}

type grower struct{ *rand.Rand }

// grown gives trees of every type. One in eight holds an expression of a wrong type somewhere, for the compiler to find or to convert.
func grown() []string {
	g := grower{rand.New(rand.NewPCG(2024, 1))}
	types := []string{"int", "int", "long", "double", "decimal", "string", "string", "bool", "bool", "int?", "uint", "char"}
	var out []string
	for range trees {
		wrong := 0.0
		if g.IntN(8) == 0 {
			wrong = 0.08
		}
		e := g.tree(types[g.IntN(len(types))], 2+g.IntN(3), wrong)
		var used strings.Builder
		for _, l := range locals {
			if mentions(e, l.name) {
				fmt.Fprintf(&used, "%s %s = %s; ", l.typ, l.name, l.value)
			}
		}
		if used.Len() == 0 {
			out = append(out, e)
			continue
		}
		out = append(out, "@{ "+used.String()+"return "+e+"; }")
	}
	return out
}

// mentions reports whether an expression has a word that stands for itself, outside texts.
func mentions(e, word string) bool {
	isWord := func(c byte) bool {
		return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	for at := 0; at+len(word) <= len(e); at++ {
		if e[at:at+len(word)] == word && (at == 0 || !isWord(e[at-1]) && e[at-1] != '.' && e[at-1] != '\'' && e[at-1] != '"') &&
			(at+len(word) == len(e) || !isWord(e[at+len(word)]) && e[at+len(word)] != '\'' && e[at+len(word)] != '"') {
			return true
		}
	}
	return false
}

func (g grower) tree(typ string, depth int, wrong float64) string {
	if g.Float64() < wrong {
		names := []string{"int", "long", "double", "decimal", "string", "bool", "int?", "char", "uint", "object"}
		typ = names[g.IntN(len(names))]
	}
	if depth == 0 || g.IntN(6) == 0 {
		return g.leaf(typ)
	}
	form := productions[typ][g.IntN(len(productions[typ]))]
	var b strings.Builder
	for {
		start := strings.IndexByte(form, '<')
		end := -1
		if start >= 0 {
			end = strings.IndexByte(form[start:], '>')
		}
		if start < 0 {
			break
		}
		name := ""
		if end > 0 {
			name = form[start+1 : start+end]
		}
		if _, ok := productions[name]; !ok {
			b.WriteString(form[:start+1])
			form = form[start+1:]
			continue
		}
		b.WriteString(form[:start])
		form = form[start+end+1:]
		inner := g.tree(name, depth-1, wrong)
		// A member binds to what stands before it: most operands get brackets where one follows, operators are left to precedence.
		if (strings.HasPrefix(form, ".") || strings.HasPrefix(form, "?.") || strings.HasPrefix(form, "[")) && strings.ContainsAny(inner, " -(") || strings.HasSuffix(b.String(), ")") && strings.ContainsAny(inner, " -") || strings.HasSuffix(b.String(), "-") && strings.HasPrefix(inner, "-") || strings.Contains(form, "}\"") {
			inner = "(" + inner + ")"
		}
		b.WriteString(inner)
	}
	return b.String() + form
}

func (g grower) leaf(typ string) string {
	var names []string
	for _, l := range locals {
		if l.typ == typ {
			names = append(names, l.name)
		}
	}
	if len(names) > 0 && g.IntN(3) > 0 {
		return names[g.IntN(len(names))]
	}
	return literals[typ][g.IntN(len(literals[typ]))]
}
