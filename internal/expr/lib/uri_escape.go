package lib

import (
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

const upperHex = "0123456789ABCDEF"

func isAlnum(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }

// escape writes every byte outside alphanumerics and safe as %XX.
func escape(s, safe string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	n := 0
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte(safe, s[i]) < 0 {
			n++
		}
	}
	if n == 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 2*n)
	for i := range len(s) {
		if c := s[i]; isAlnum(c) || strings.IndexByte(safe, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + upperHex[c>>4:c>>4+1] + upperHex[c&15:c&15+1])
		}
	}
	return b.String()
}

// percent reads %XX at i.
func percent(s string, i int) (byte, bool) {
	if i+2 >= len(s) || s[i] != '%' || !isHex(s[i+1]) || !isHex(s[i+2]) {
		return 0, false
	}
	return hexValue(s[i+1])<<4 | hexValue(s[i+2]), true
}

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func hexValue(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// unescape turns runs of %XX that are UTF-8 into characters, except those keep
// asks to leave; anything else stays as it is.
func unescape(s string, keep func(r rune) bool) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		var run []byte
		j := i
		for {
			c, ok := percent(s, j)
			if !ok {
				break
			}
			run, j = append(run, c), j+3
		}
		if len(run) == 0 {
			b.WriteByte(s[i])
			i++
			continue
		}
		for k := 0; k < len(run); {
			r, n := utf8.DecodeRune(run[k:])
			if r == utf8.RuneError && n <= 1 || keep(r) {
				n = max(n, 1)
				b.WriteString(s[i+3*k : i+3*(k+n)])
			} else {
				b.WriteRune(r)
			}
			k += n
		}
		i = j
	}
	return b.String()
}

func unescapeData(s string) string { return unescape(s, func(rune) bool { return false }) }

// escapeAllowed escapes what may not stand in a URI and keeps escapes that are
// there already.
func escapeAllowed(s, safe string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if _, ok := percent(s, i); ok {
			b.WriteString(strings.ToUpper(s[i : i+3]))
			i += 3
			continue
		}
		j := i + 1
		for j < len(s) && s[j] != '%' {
			j++
		}
		b.WriteString(escape(s[i:j], safe))
		i = j
	}
	return b.String()
}

const (
	unreserved = "-._~"
	uriSafe    = unreserved + ":/?#[]@!$&'()*+,;="
)

var uriEscapes = []types.Member{
	{Sig: "static string EscapeDataString(string stringToEscape)", Do: types.Do(escaping(func(s string) string { return escape(s, unreserved) })), Doc: "All but unreserved characters as %XX.", Ex: `Uri.EscapeDataString("a b&é!") → a%20b%26%C3%A9%21`},
	{Sig: "static string EscapeUriString(string stringToEscape)", Do: types.Do(escaping(func(s string) string { return escape(s, uriSafe) })), Doc: "What may not stand in a URI as %XX.", Ex: `Uri.EscapeUriString("https://h/a b?x=é") → https://h/a%20b?x=%C3%A9`},
	{Sig: "static string UnescapeDataString(string stringToUnescape)", Do: types.Do(escaping(unescapeData)), Doc: "%XX turned back.", Ex: `Uri.UnescapeDataString("a%20b%C3%A9") → a bé`},
	{Sig: "static string HexEscape(char character)", Do: types.Fn1E(func(c types.Char) (string, error) {
		if c > 255 {
			return "", types.ArgumentRange("character", "Specified argument was out of the range of valid values.")
		}
		return "%" + upperHex[c>>4:c>>4+1] + upperHex[c&15:c&15+1], nil
	}), Doc: "A character as %XX.", Ex: `Uri.HexEscape(' ') → %20`},
	{Sig: "static bool IsHexDigit(char character)", Do: types.Fn1(func(c types.Char) bool { return c < 128 && isHex(byte(c)) }), Doc: "Whether it is a hexadecimal digit."},
	{Sig: "static int FromHex(char digit)", Do: types.Fn1E(func(c types.Char) (int32, error) {
		if c > 127 || !isHex(byte(c)) {
			return 0, types.Argument("digit", "The digit is not a valid hexadecimal digit.")
		}
		return int32(hexValue(byte(c))), nil
	}), Doc: "The value of a hexadecimal digit.", Ex: `Uri.FromHex('f') → 15`},
	{Sig: "static bool IsHexEncoding(string pattern, int index)", Do: types.Fn2(func(s string, i int32) bool {
		_, ok := percent(s, int(max(i, 0)))
		return ok && i >= 0
	}), Doc: "Whether %XX stands at a position."},
}

// escaping charges for the text and what it may grow to.
func escaping(f func(string) string) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		s, ok := c.Args[0].(string)
		if !ok {
			return nil, types.ArgumentNull(c.Method.Params[0].Name)
		}
		if err := c.Env.Charge(3 * len(s)); err != nil {
			return nil, err
		}
		return f(s), nil
	}
}
