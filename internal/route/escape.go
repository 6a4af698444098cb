package route

// kind is what a byte of a path may be.
type kind uint8

// Kinds of bytes.
const (
	refused kind = iota
	plain        // stands for itself: RFC 3986 pchar without "%" and ";", and the slash
	encode       // not allowed by RFC 3986 but harmless and sent by real clients: goes on percent-encoded
	special      // decided where it stands: "%" and ";"
)

var class = func() (t [256]kind) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = plain, plain
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = plain
	}
	for _, c := range "-._~!$&'()*+,=:@/" {
		t[c] = plain
	}
	for _, c := range "\"<>[]^`{|}" {
		t[c] = encode
	}
	t['%'], t[';'] = special, special
	return t
}()

func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

// unhex reads "%XX" at s[i].
func unhex(s string, i int) (byte, bool) {
	if i+2 >= len(s) {
		return 0, false
	}
	hi, ok1 := digit(s[i+1])
	lo, ok2 := digit(s[i+2])
	return hi<<4 | lo, ok1 && ok2
}

func digit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

func appendEscape(out []byte, c byte) []byte {
	const digits = "0123456789ABCDEF"
	return append(out, '%', digits[c>>4], digits[c&15])
}
