package lib

import (
	"fmt"
	"html"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// webUtilityDecl is System.Net.WebUtility.
var webUtilityDecl = types.Decl{Type: types.StaticClass("System.Net.WebUtility"), Doc: "Encoding for HTML and forms.", Members: []types.Member{
	{Sig: "static string UrlEncode(string value)", Do: types.Do(orNull(urlEncode)), Doc: "As in a form: a blank is a plus.", Ex: `WebUtility.UrlEncode("a b&é") → a+b%26%C3%A9`},
	{Sig: "static string UrlDecode(string encodedValue)", Do: types.Do(orNull(urlDecode)), Doc: "Back from a form.", Ex: `WebUtility.UrlDecode("a+b%26") → a b&`},
	{Sig: "static string HtmlEncode(string value)", Do: types.Do(orNull(htmlEncode)), Doc: "As text of HTML.", Ex: `WebUtility.HtmlEncode("<a b=\"é\">") → &lt;a b=&quot;&#233;&quot;&gt;`},
	{Sig: "static string HtmlDecode(string value)", Do: types.Do(orNull(html.UnescapeString)), Doc: "Back from HTML.", Ex: `WebUtility.HtmlDecode("&lt;&#233;&gt;") → <é>`},
	{Sig: "static byte[] UrlEncodeToBytes(byte[] value, int offset, int count)", Do: types.Do(urlBytes(urlEncode)), Doc: "Bytes as in a form."},
	{Sig: "static byte[] UrlDecodeToBytes(byte[] encodedValue, int offset, int count)", Do: types.Do(urlBytes(decodeForm)), Doc: "Bytes back from a form."},
}}

// orNull passes null through and charges for the text.
func orNull(f func(string) string) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		if c.Args[0] == nil {
			return nil, nil
		}
		return escaping(f)(c)
	}
}

func urlEncode(s string) string { return strings.ReplaceAll(escape(s, "-_.!*() "), " ", "+") }

func urlDecode(s string) string { return decodeUTF8([]byte(decodeForm(s))) }

// decodeForm turns + and %XX back, byte by byte.
func decodeForm(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if c, ok := percent(s, i); ok {
			b = append(b, c)
			i += 2
		} else if s[i] == '+' {
			b = append(b, ' ')
		} else {
			b = append(b, s[i])
		}
	}
	return string(b)
}

func htmlEncode(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '\'':
			b.WriteString("&#39;")
		case r >= 160 && r < 256 || r > 0xFFFF:
			fmt.Fprintf(&b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func urlBytes(f func(string) string) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		a, _ := c.Args[0].(*types.ByteArray)
		if a == nil {
			return nil, nil
		}
		start, count := int(c.Args[1].(int32)), int(c.Args[2].(int32))
		if err := firstError(checkRange(start, count, len(a.B)), c.Env.Charge(3*len(a.B))); err != nil {
			return nil, err
		}
		return &types.ByteArray{B: []byte(f(string(a.B[start : start+count])))}, nil
	}
}
