package syntax

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// number reads an integer or real literal with its suffix. The type follows
// C#: the first of int, uint, long, ulong that holds the value.
func (l *lexer) number() token {
	start := l.pos
	rest := l.src[start:]
	base := 10
	switch {
	case strings.HasPrefix(rest, "0x"), strings.HasPrefix(rest, "0X"):
		base = 16
	case strings.HasPrefix(rest, "0b"), strings.HasPrefix(rest, "0B"):
		base = 2
	}
	if base != 10 {
		l.pos += 2
		for l.pos < len(l.src) && l.src[l.pos] == '_' { // C# 7.2
			l.pos++
		}
		digits := l.digits(base)
		return l.integer(start, digits, base)
	}
	digits := l.digits(10)
	real := false
	if l.pos+1 < len(l.src) && l.src[l.pos] == '.' && isDigit(l.src[l.pos+1]) {
		l.pos++
		digits += "." + l.digits(10)
		real = true
	}
	if l.pos < len(l.src) && (l.src[l.pos] == 'e' || l.src[l.pos] == 'E') {
		if exp := l.exponent(); exp != "" {
			digits += exp
			real = true
		} else {
			return l.bad(start, "CS0595", "Invalid real literal")
		}
	}
	if l.pos < len(l.src) && strings.IndexByte("fFdDmM", l.src[l.pos]) >= 0 || real {
		return l.real(start, digits)
	}
	return l.integer(start, digits, 10)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digits reads digits of a base and drops the underscores between them.
func (l *lexer) digits(base int) string {
	start := l.pos
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		_, isHex := hexDigit(c)
		switch {
		case c == '_' && l.pos > start:
		case base == 16 && isHex, base == 2 && (c == '0' || c == '1'), base == 10 && isDigit(c):
		default:
			return strings.ReplaceAll(l.src[start:l.pos], "_", "")
		}
		l.pos++
	}
	return strings.ReplaceAll(l.src[start:l.pos], "_", "")
}

// exponent reads e+10; it gives nothing and stays where there is no digit.
func (l *lexer) exponent() string {
	i := l.pos + 1
	if i < len(l.src) && (l.src[i] == '+' || l.src[i] == '-') {
		i++
	}
	if i >= len(l.src) || !isDigit(l.src[i]) {
		return ""
	}
	start := l.pos
	l.pos = i
	l.digits(10)
	return strings.ReplaceAll(l.src[start:l.pos], "_", "")
}

// real ends a real literal by its suffix.
func (l *lexer) real(start int, digits string) token {
	suffix := byte('d')
	if l.pos < len(l.src) && strings.IndexByte("fFdDmM", l.src[l.pos]) >= 0 {
		suffix = l.src[l.pos] | 0x20
		l.pos++
	}
	if strings.HasPrefix(digits, ".") {
		digits = "0" + digits
	}
	var value any = Decimal(plain(digits))
	if suffix == 'm' && exceedsDecimal(plain(digits)) {
		return l.bad(start, "CS0594", "Floating-point constant is outside the range of type 'decimal'")
	}
	if suffix != 'm' {
		bits := 64
		if suffix == 'f' {
			bits = 32
		}
		f, err := strconv.ParseFloat(digits, bits)
		if err != nil || math.IsInf(f, 0) {
			return l.bad(start, "CS0594", "Floating-point constant is outside the range of its type")
		}
		value = f
		if bits == 32 {
			value = float32(f)
		}
	}
	return l.numeric(start, value)
}

// integer ends an integer literal by its suffix and size.
func (l *lexer) integer(start int, digits string, base int) token {
	if digits == "" || l.src[l.pos-1] == '_' {
		return l.bad(start, "CS1013", "Invalid number")
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		return l.bad(start, "CS1021", "Integral constant is too large")
	}
	unsigned, long := false, false
	for l.pos < len(l.src) {
		c := l.src[l.pos] | 0x20
		if c == 'u' && !unsigned {
			unsigned = true
		} else if c == 'l' && !long {
			long = true
		} else {
			break
		}
		l.pos++
	}
	var value any
	switch {
	case !unsigned && !long && n <= math.MaxInt32:
		value = int32(n)
	case !long && n <= math.MaxUint32:
		value = uint32(n)
	case !unsigned && n <= math.MaxInt64:
		value = int64(n)
	default:
		value = n
	}
	return l.numeric(start, value)
}

// numeric ends a number; a letter right behind it is an error, as in 2x.
func (l *lexer) numeric(start int, value any) token {
	if l.pos < len(l.src) {
		if r, _ := utf8.DecodeRuneInString(l.src[l.pos:]); identStart(r) {
			return l.bad(start, "CS1001", "Identifier expected")
		}
	}
	return token{kind: tokLiteral, pos: start, end: l.pos, text: l.src[start:l.pos], value: value}
}

// text reads a string or char literal.
func (l *lexer) text() token {
	start := l.pos
	var err error
	if l.src[start] == '@' {
		if l.pos, err = l.verbatim(start); err != nil {
			return l.badError(err)
		}
		s := strings.ReplaceAll(l.src[start+2:l.pos-1], `""`, `"`)
		return token{kind: tokLiteral, pos: start, end: l.pos, text: l.src[start:l.pos], value: s}
	}
	quote := l.src[start]
	if l.pos, err = l.quoted(start, quote); err != nil {
		return l.badError(err)
	}
	if quote == '"' && l.pos-start == 2 && l.pos < len(l.src) && l.src[l.pos] == '"' {
		return l.bad(start, "CS8652", "Raw string literals are not available in C# 7.3")
	}
	units, fail := unescape(l.src[start+1 : l.pos-1])
	if fail >= 0 {
		return l.bad(start+1+fail, "CS1009", "Unrecognized escape sequence")
	}
	t := token{kind: tokLiteral, pos: start, end: l.pos, text: l.src[start:l.pos], value: units}
	if quote == '\'' {
		u := utf16.Encode([]rune(units))
		if half := lone(units); half != 0 {
			u = []uint16{half}
		}
		switch len(u) {
		case 0:
			return l.bad(start, "CS1011", "Empty character literal")
		case 1:
			t.value = Char(u[0])
		default:
			return l.bad(start, "CS1012", "Too many characters in character literal")
		}
	}
	return t
}

// lone gives the surrogate half that is all of s, or 0.
func lone(s string) uint16 {
	if len(s) == 3 && s[0] == 0xED && s[1] >= 0xA0 {
		return 0xD000 | uint16(s[1]&0x3F)<<6 | uint16(s[2]&0x3F)
	}
	return 0
}

var simpleEscapes = map[byte]byte{
	'\'': '\'', '"': '"', '\\': '\\', '0': 0, 'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v',
}

// unescape decodes the escapes of a regular literal. fail is the offset of an
// escape it does not know, or -1. Surrogate halves written apart are joined; a
// lone one is kept in three bytes.
func unescape(s string) (text string, fail int) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, -1
	}
	var b strings.Builder
	pending := uint16(0)
	put := func(u uint32) {
		if pending != 0 && u >= 0xDC00 && u <= 0xDFFF {
			b.WriteRune(utf16.DecodeRune(rune(pending), rune(u)))
			pending = 0
			return
		}
		writeHalf(&b, pending)
		pending = 0
		switch {
		case u >= 0xD800 && u <= 0xDBFF:
			pending = uint16(u)
		case u >= 0xDC00 && u <= 0xDFFF:
			writeHalf(&b, uint16(u))
		default:
			b.WriteRune(rune(u))
		}
	}
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			r, size := utf8.DecodeRuneInString(s[i:])
			put(uint32(r))
			i += size
			continue
		}
		u, size := escape(s[i:])
		if size == 0 {
			return "", i
		}
		put(u)
		i += size
	}
	writeHalf(&b, pending)
	return b.String(), -1
}

// writeHalf writes a surrogate half in three bytes; 0 is none.
func writeHalf(b *strings.Builder, u uint16) {
	if u != 0 {
		b.Write([]byte{0xED, 0x80 | byte(u>>6)&0x3F, 0x80 | byte(u)&0x3F})
	}
}

// escape decodes one escape; size is 0 when it is not one.
func escape(s string) (u uint32, size int) {
	if len(s) < 2 {
		return 0, 0
	}
	if c, ok := simpleEscapes[s[1]]; ok {
		return uint32(c), 2
	}
	fixed := func(n int) (uint32, int) {
		if len(s) < 2+n {
			return 0, 0
		}
		v, ok := hex(s[2 : 2+n])
		if !ok || v > 0x10FFFF {
			return 0, 0
		}
		return v, 2 + n
	}
	switch s[1] {
	case 'u':
		return fixed(4)
	case 'U':
		return fixed(8)
	case 'x':
		n := 0
		for n < 4 && 2+n < len(s) {
			if _, ok := hexDigit(s[2+n]); !ok {
				break
			}
			n++
		}
		if n > 0 {
			return fixed(n)
		}
	}
	return 0, 0
}

// interp reads an interpolated string into pieces, which the parser parses.
func (l *lexer) interp() token {
	start := l.pos
	verbatim := l.src[start+1] != '"'
	open := start + 2
	if verbatim {
		open++
	}
	var pieces []piece
	end, err := l.interpolated(start, open, verbatim, 0, func(p piece) { pieces = append(pieces, p) })
	if err != nil {
		return l.badError(err)
	}
	l.pos = end
	return token{kind: tokInterp, pos: start, end: end, text: l.src[start:open], value: pieces}
}

// plain writes a decimal literal without its exponent, keeping its scale where
// C# does: 1.50 stays, 1.5e2 is 150.
func plain(digits string) string {
	i := strings.IndexAny(digits, "eE")
	if i < 0 {
		return digits
	}
	exp, err := strconv.Atoi(digits[i+1:])
	if err != nil || exp > 100 || exp < -100 {
		return digits // out of the range of decimal in any case
	}
	whole, frac, _ := strings.Cut(digits[:i], ".")
	for ; exp > 0; exp-- {
		if frac == "" {
			frac = "0"
		}
		whole, frac = whole+frac[:1], frac[1:]
	}
	for ; exp < 0; exp++ {
		if whole == "" {
			whole = "0"
		}
		whole, frac = whole[:len(whole)-1], whole[len(whole)-1:]+frac
	}
	if whole == "" {
		whole = "0"
	}
	if frac == "" {
		return whole
	}
	return whole + "." + frac
}

// exceedsDecimal reports digits whose whole part no decimal holds.
func exceedsDecimal(digits string) bool {
	const most = "79228162514264337593543950335"
	whole, _, _ := strings.Cut(digits, ".")
	whole = strings.TrimLeft(whole, "0")
	return strings.ContainsAny(digits, "eE") && !strings.Contains(digits, "-") || len(whole) > len(most) || len(whole) == len(most) && whole > most
}
