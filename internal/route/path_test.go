package route

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPathIsReadInOneWayOrRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, escaped, refused string }{
		{"/", "/", ""},
		{"/orders/7", "/orders/7", ""},
		{"/orders/", "/orders/", ""},
		{"/a%7Eb/%41", "/a~b/A", ""},                // unreserved characters are decoded
		{"/a%c3%a9", "/a%C3%A9", ""},                // others stay encoded, upper-case
		{"/a b", "", `character ' '`},               // net/http lets no blank through, HTTP/2 does
		{"/{x}|\"", "/%7Bx%7D%7C%22", ""},           // sent raw by real clients
		{"/50%25", "/50%25", ""},                    //
		{"/%252e%252e/x", "/%252e%252e/x", ""},      // is decoded once, so this is text
		{"/a;rev=2/b", "/a/b", ""},                  //
		{"/;rev=2/b", "/b", ""},                     // an API whose path is empty
		{"/a/../b", "", "dot segment"},              //
		{"/a/..", "", "dot segment"},                //
		{"/./b", "", "dot segment"},                 //
		{"/a/%2e%2E/b", "", "dot segment"},          //
		{"/a/.%2e", "", "dot segment"},              //
		{"//a", "", "empty segment"},                //
		{"/a//b", "", "empty segment"},              //
		{"/a%2fb", "", "encoded slash"},             //
		{"/a%5Cb", "", "encoded backslash"},         //
		{`/a\b`, "", "backslash"},                   //
		{"/a%00", "", "encoded control byte"},       //
		{"/a%0d%0aX:y", "", "encoded control byte"}, //
		{"/a%7f", "", "encoded control byte"},       //
		{"/a%3bx", "", "encoded semicolon"},         //
		{"/a;x=1/b", "", "semicolon"},               //
		{"/a;rev=/b", "", "without a revision"},     //
		{"/a;rev=1;rev=2", "", "without a revision"},
		{"/a;rev=1/b;rev=2", "", "second ;rev="},
		{"/a%", "", "without two hexadecimal digits"},
		{"/a%4", "", "without two hexadecimal digits"},
		{"/a%zz", "", "without two hexadecimal digits"},
		{"/%c0%af", "", "not UTF-8"}, // an overlong slash
		{"/caf\xc3\xa9", "", "outside ASCII"},
		{"/a#b", "", `character '#'`},
		{"a", "", "begin with a slash"},
		{"", "", "begin with a slash"},
		{strings.Repeat("/a", 257), "", "more than 256 segments"},
	} {
		var p Path
		err := p.Parse(c.raw)
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%q: %v", c.raw, err)
		case c.refused == "" && p.Escaped != c.escaped:
			t.Errorf("%q: escaped %q, want %q", c.raw, p.Escaped, c.escaped)
		case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%q: error %v, want one that says %q", c.raw, err, c.refused)
		}
	}
}

func TestRestIsTheEscapedPathBelowAnAPI(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		raw  string
		skip int
		want string
	}{
		{"/a/b/c", 1, "/b/c"}, {"/a/b/c", 0, "/a/b/c"}, {"/a", 1, "/"}, {"/a/", 1, "/"}, {"/a;rev=3/b%20c", 1, "/b%20c"}, {"/;rev=3/b", 0, "/b"},
	} {
		var p Path
		if err := p.Parse(c.raw); err != nil {
			t.Fatal(err)
		}
		if got := p.Rest(c.skip); got != c.want {
			t.Errorf("%q after %d: %q, want %q", c.raw, c.skip, got, c.want)
		}
	}
}

// What is accepted reads the same a second time, holds no segment that climbs, and only bytes that may stand in a request line.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"/", "/a/b", "/a%2e/..", "/a;rev=1/b", "/%c3%a9", "/;rev=2/x", "/a%252f", "/{x}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var p Path
		if p.Parse(raw) != nil {
			return
		}
		for i := 0; i < len(p.Escaped); i++ {
			if c := p.Escaped[i]; class[c] != plain && c != '%' {
				t.Fatalf("%q became %q, which holds %q", raw, p.Escaped, c)
			}
		}
		for _, s := range p.segments {
			if s.text == "." || s.text == ".." || strings.ContainsAny(s.text, "/\\;\x00") {
				t.Fatalf("%q has the segment %q", raw, s.text)
			}
		}
		var again Path
		if err := again.Parse(p.Escaped); err != nil {
			t.Fatalf("%q became %q, which is refused: %v", raw, p.Escaped, err)
		}
		if again.Escaped != p.Escaped || len(again.segments) != len(p.segments) {
			t.Fatalf("%q became %q and then %q", raw, p.Escaped, again.Escaped)
		}
	})
}

func TestQueryGoesOnAsPoliciesSeeIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, want, refused string }{
		{"", "", ""},
		{"a=b&c=d%20e+f", "a=b&c=d%20e+f", ""},
		{"a=b;c=d&e[]=1", "a=b;c=d&e[]=1", ""},
		{`a="x"|{y}\z`, "a=%22x%22%7C%7By%7D%5Cz", ""},
		{"a=%", "", "hexadecimal"},
		{"a=\xff", "", "character"},
		{"a=\x00", "", "character"},
		{"a=b#c", "", "character"},
		{strings.Repeat("&", 5), "", "more than 5 parameters"},
	} {
		got, err := CleanQuery(c.raw, 5)
		switch {
		case c.refused == "" && (err != nil || got != c.want):
			t.Errorf("%q: %q, %v; want %q", c.raw, got, err, c.want)
		case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%q: error %v, want one that says %q", c.raw, err, c.refused)
		}
	}
}

func TestQueryValueSeesEncodedNames(t *testing.T) {
	t.Parallel()
	const raw = "a=1&%6Bey=x%26y&KEY=z&b"
	if v, n := QueryValue(raw, "key"); v != "x&y" || n != 2 {
		t.Errorf("got %q, %d; want the first of two", v, n)
	}
	if v, n := QueryValue(raw, "b"); v != "" || n != 1 {
		t.Errorf("got %q, %d; want an empty value", v, n)
	}
	if diff := cmp.Diff("a=1&KEY=z&b", WithoutQuery(raw, "key", "x&y")); diff != "" {
		t.Error(diff)
	}
}
