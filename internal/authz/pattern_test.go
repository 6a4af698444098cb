package authz

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestPatternMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, action string
		want            bool
	}{
		{"*", "Microsoft.ApiManagement/service/read", true},
		{"*/read", "Microsoft.ApiManagement/service/apis/read", true},
		{"*/read", "read", false},
		{"Microsoft.ApiManagement/service/*/read", "Microsoft.ApiManagement/service/apis/operations/read", true},
		{"Microsoft.ApiManagement/service/*/read", "Microsoft.ApiManagement/service/read", false},
		{"Microsoft.ApiManagement/service/*/read", "Microsoft.ApiManagement/service//read", true},
		{"Microsoft.ApiManagement/service*", "Microsoft.ApiManagement/service", true},
		{"Microsoft.ApiManagement/service*", "Microsoft.ApiManagement/serviceX/read", true},
		{"microsoft.apimanagement/SERVICE/read", "Microsoft.ApiManagement/service/READ", true},
		{"Microsoft.ApiManagement/service/read", "Microsoft.ApiManagement/service/reads", false},
		{"Microsoft.ApiManagement/service/read", "xMicrosoft.ApiManagement/service/read", false},
		{"a*a", "a", false}, // the same letter cannot be both ends
		{"a*a", "aa", true},
		{"*b*b", "b", false},
		{"a.c", "abc", false}, // a dot is a dot
		{"a?c", "abc", false},
		{"**/read", "service/read", true},
		{"k", "\u212a", false}, // the Kelvin sign is no k
	} {
		p, err := ParsePattern(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Matches(c.action); got != c.want {
			t.Errorf("%q matches %q = %v, want %v", c.pattern, c.action, got, c.want)
		}
	}
}

func TestPatternRefusals(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "space": "a b", "control": "a\n", "foreign letter": "Microsoft.Ä/read",
		"too long": strings.Repeat("a", maxPatternLength+1), "too many wildcards": strings.Repeat("*a", maxPatternStars+1),
	} {
		if _, err := ParsePattern(text); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// naive is what a pattern means, written as the definition reads: a star takes nothing, or one character and stays.
func naive(pattern, action string) bool {
	switch {
	case pattern == "":
		return action == ""
	case pattern[0] == '*':
		return naive(pattern[1:], action) || action != "" && naive(pattern, action[1:])
	default:
		return action != "" && fold(pattern[0]) == fold(action[0]) && naive(pattern[1:], action[1:])
	}
}

func fold(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

func TestPatternAgreesWithNaiveMatcher(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	text := func(alphabet string, longest int) string {
		b := make([]byte, random.IntN(longest+1))
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(b)
	}
	hits := 0
	for range 200_000 {
		pattern, action := text("aB/*", 8), text("Ab/", 10)
		p, err := ParsePattern(pattern)
		if err != nil {
			continue
		}
		got, want := p.Matches(action), naive(pattern, action)
		if got != want {
			t.Fatalf("%q matches %q = %v, want %v", pattern, action, got, want)
		}
		if want {
			hits++
		}
	}
	if hits < 1000 {
		t.Errorf("only %d of the random pairs match: the test says little", hits)
	}
}

func FuzzPattern(f *testing.F) {
	f.Add("Microsoft.ApiManagement/service/*/read", "microsoft.apimanagement/service/apis/read")
	f.Add("a*b*c", "aXbYc")
	f.Fuzz(func(t *testing.T, pattern, action string) {
		p, err := ParsePattern(pattern)
		if err != nil || strings.Count(pattern, "*") > 4 || len(action) > 64 {
			return // the naive matcher is exponential in the stars
		}
		if got, want := p.Matches(action), naive(pattern, action); got != want {
			t.Errorf("%q matches %q = %v, want %v", pattern, action, got, want)
		}
	})
}

// TestLower puts every byte at every place of a text longer than a word.
func TestLower(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		for at := range 11 {
			b := []byte("0a-z{[@`}~\xff")
			b[at] = byte(c)
			want := make([]byte, len(b))
			for i := range b {
				want[i] = fold(b[i])
			}
			if got := lower(string(b)); got != string(want) {
				t.Fatalf("lower(%q) = %q, want %q", b, got, want)
			}
		}
	}
}
