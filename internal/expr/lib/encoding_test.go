package lib

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

func TestEncodings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, bytes, back string }{
		{"utf-8", "é€😀", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "é€😀"},
		{"us-ascii", "aé", "a?", "a?"},
		{"ISO-8859-1", "é€", "\xe9?", "é?"},
		{"utf-16", "Aé", "A\x00\xe9\x00", "Aé"},
		{"utf-16BE", "A", "\x00A", "A"},
		{"utf-32", "A", "A\x00\x00\x00", "A"},
	} {
		e, err := getEncoding(c.name)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(e.encode(c.text)); got != c.bytes {
			t.Errorf("%s of %q: got %q, want %q", c.name, c.text, got, c.bytes)
		}
		if got := e.decode([]byte(c.bytes)); got != c.back {
			t.Errorf("%s of bytes %q: got %q, want %q", c.name, c.bytes, got, c.back)
		}
	}
	if _, err := getEncoding("no-such"); thrown(err) != "ArgumentException" {
		t.Errorf("an unknown encoding: %v", err)
	}
}

func TestInvalidUTF8BecomesReplacementCharacters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ bytes, want string }{
		{"\xffA", "\uFFFDA"}, {"\xe2\x82", "\uFFFD"}, {"\xe2\x82A", "\uFFFDA"}, {"\xc0\x80", "\uFFFD\uFFFD"}, {"\xed\xa0\x80", "\uFFFD\uFFFD"}, {"\xe0\x80\x80", "\uFFFD\uFFFD"}, {"\xe0\x80A", "\uFFFDA"}, {"\xf0\x9fA", "\uFFFDA"}, {"ok", "ok"},
	} {
		if got := decodeUTF8([]byte(c.bytes)); got != c.want {
			t.Errorf("%q: got %q, want %q", c.bytes, got, c.want)
		}
	}
}

func TestBase64IsReadStrictly(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	for _, c := range []struct{ text, want string }{
		{" AQ\tID ", "\x01\x02\x03"}, {"", ""}, {"a", "! FormatException"}, {"AQI", "! FormatException"}, {"AQ-_", "! FormatException"}, {"=AQI", "! FormatException"},
	} {
		v, err := call(env, fromBase64, nil, c.text)
		got := "! " + thrown(err)
		if err == nil {
			got = string(v.(*types.ByteArray).B)
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestURLAndHTMLCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		f         func(string) string
		in, wants string
	}{
		{"UrlEncode", urlEncode, "a b/é~!*'()", "a+b%2F%C3%A9%7E!*%27()"},
		{"UrlDecode", urlDecode, "a+b%20%C3%A9%zz%2", "a b é%zz%2"},
		{"HtmlEncode", htmlEncode, `<a b='é'>&"`, "&lt;a b=&#39;&#233;&#39;&gt;&amp;&quot;"},
		{"EscapeDataString", func(s string) string { return escape(s, unreserved) }, "AZaz09-_.~!*'()", "AZaz09-_.~%21%2A%27%28%29"},
		{"UnescapeDataString", unescapeData, "%41%zz%C3%A9%FF100%", "A%zzé%FF100%"},
	} {
		if got := c.f(c.in); got != c.wants {
			t.Errorf("%s(%q): got %q, want %q", c.name, c.in, got, c.wants)
		}
	}
}
