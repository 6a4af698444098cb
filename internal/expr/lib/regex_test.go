package lib

import (
	"strings"
	"testing"
)

func TestPatternsThatNETRefusesAreRefused(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	for _, p := range []string{"a++", "a*+", "a?+", "a{2}+", "a**", `\Qa\E`, `\R`, `\X`, "(?P<n>a)", "(", "[", "*a"} {
		if _, err := compileRegex(env, p, 0); thrown(err) != "ArgumentException" {
			t.Errorf("%s: got %v, want ArgumentException", p, err)
		}
	}
}

func TestPatternsOfNETWork(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	for _, c := range []struct {
		pattern, input string
		options        int64
		want           bool
	}{
		{`^(?:(?<o>\()|(?<-o>\)))*(?(o)(?!))$`, "(())", 0, true},
		{`^(?:(?<o>\()|(?<-o>\)))*(?(o)(?!))$`, "(()", 0, false},
		{`\p{IsGreek}`, "ω", 0, true},
		{`[\p{IsCyrillic}x]`, "я", 0, true},
		{`\P{IsBasicLatin}`, "a", 0, false},
		{`(?<=foo)bar`, "foobar", 0, true},
		{`[a-z-[aeiou]]`, "e", 0, false},
		{`[\]]`, "]", 0, true},
		{`a b # c`, "ab", 32, true},
		{`^b$`, "a\nb", 2, true},
		{`a.b`, "a\nb", 16, true},
		{`ABC`, "abc", 1, true},
		{`a{2,3}?`, "aa", 0, true},
		{`a{,3}`, "a{,3}", 0, true},
	} {
		r, err := compileRegex(env, c.pattern, c.options)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if got, err := r.isMatch(env, c.input); err != nil || got != c.want {
			t.Errorf("%s on %q: got %v %v, want %v", c.pattern, c.input, got, err, c.want)
		}
	}
}

func TestReplacementPatterns(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	for _, c := range []struct{ pattern, with, want string }{
		{"(b)(c)", "$2$1", "acbd"},
		{"(?<x>b)", "[${x}]", "a[b]cd"},
		{"b", "$$", "a$cd"},
		{"b", "$&$&", "abbcd"},
		{"b", "$`$'", "aacdcd"},
		{"(b)", "$10", "a$10cd"},
		{"b", "$9", "a$9cd"},
		{"b", "$", "a$cd"},
		{"(b)(c)?", "$+", "acd"},
		{"b", "$_", "aabcdcd"},
	} {
		r, err := compileRegex(env, c.pattern, 0)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.replace(env, "abcd", -1, -1, func(m *Match) (string, error) { return m.expand(c.with), nil })
		if err != nil || got != c.want {
			t.Errorf("%s by %s: got %s %v, want %s", c.pattern, c.with, got, err, c.want)
		}
	}
}

func TestRightToLeftReplacesInPlace(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	r, err := compileRegex(env, "a", 64)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.replace(env, "a1a2a3", 2, -1, func(*Match) (string, error) { return "-", nil })
	if err != nil || got != "a1-2-3" {
		t.Errorf("the last two of three: got %s %v, want a1-2-3", got, err)
	}
}

func TestMatchPositionsCountUTF16Units(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	r, _ := compileRegex(env, "x", 0)
	ms, err := r.all(env, "😀xéx", -1, -1)
	if err != nil || len(ms) != 2 || ms[0].index != 2 || ms[1].index != 4 {
		t.Errorf("got %v %v, want matches at 2 and 4", ms, err)
	}
}

func TestARunawayPatternIsALimit(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	r, err := compileRegex(env, "^(a+)+$", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.isMatch(env, strings.Repeat("a", 64)+"!"); thrown(err) != "limit" {
		t.Errorf("got %v, want a limit", err)
	}
}

func FuzzRegex(f *testing.F) {
	for _, s := range []string{`(?<a>\w+)\s*`, `[a-z-[b]]+`, `\p{IsGreek}`, `a{1,2}?b*`, `(?#c)x`, `\u0041\x41`} {
		f.Add(s, "aab ω")
	}
	f.Fuzz(func(t *testing.T, pattern, input string) {
		env := testEnv(t)
		r, err := compileRegex(env, pattern, 0)
		if err == nil {
			_, err = r.isMatch(env, input)
		}
		if k := thrown(err); k != "" && k != "ArgumentException" && k != "limit" {
			t.Errorf("an error of an unknown kind: %v", err)
		}
	})
}
