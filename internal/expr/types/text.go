package types

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A C# string counts UTF-16 code units, a Go string holds UTF-8. We keep UTF-8
// and count in units where C# does. A lone surrogate, which UTF-8 cannot hold,
// is kept as its three-byte form (WTF-8); joining a high and a low half gives
// the four-byte character again. Text of ASCII only takes the short way.

// IsASCII reports whether s has only ASCII bytes: units are bytes then.
func IsASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Len is string.Length: the number of UTF-16 units.
func Len(s string) int {
	n := 0
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i++
			n++
			continue
		}
		size, units := unitsAt(s, i)
		i += size
		n += units
	}
	return n
}

// unitsAt tells how many bytes and UTF-16 units the character at i has.
func unitsAt(s string, i int) (size, units int) {
	if half(s, i) != 0 {
		return 3, 1
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	if r > 0xFFFF {
		return size, 2
	}
	return size, 1
}

// half is the surrogate encoded in three bytes at i, or 0.
func half(s string, i int) uint16 {
	if i+2 < len(s) && s[i] == 0xED && s[i+1] >= 0xA0 && s[i+1] <= 0xBF && s[i+2]&0xC0 == 0x80 {
		return 0xD000 | uint16(s[i+1]&0x3F)<<6 | uint16(s[i+2]&0x3F)
	}
	return 0
}

// Units gives the UTF-16 units of s.
func Units(s string) []uint16 {
	out := make([]uint16, 0, len(s))
	for i := 0; i < len(s); {
		if h := half(s, i); h != 0 {
			out = append(out, h)
			i += 3
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		out = utf16.AppendRune(out, r)
		i += size
	}
	return out
}

// FromUnits makes a string of UTF-16 units.
func FromUnits(units []uint16) string {
	var b strings.Builder
	b.Grow(len(units))
	for i := 0; i < len(units); i++ {
		u := units[i]
		if utf16.IsSurrogate(rune(u)) {
			if u < 0xDC00 && i+1 < len(units) && units[i+1] >= 0xDC00 && units[i+1] <= 0xDFFF {
				b.WriteRune(utf16.DecodeRune(rune(u), rune(units[i+1])))
				i++
				continue
			}
			b.Write([]byte{0xED, 0x80 | byte(u>>6)&0x3F, 0x80 | byte(u)&0x3F})
			continue
		}
		b.WriteRune(rune(u))
	}
	return b.String()
}

// CharText is the string of one char.
func CharText(c Char) string {
	if c < utf8.RuneSelf {
		return asciiText[c : c+1]
	}
	return FromUnits([]uint16{uint16(c)})
}

var asciiText = func() string {
	var b [utf8.RuneSelf]byte
	for i := range b {
		b[i] = byte(i)
	}
	return string(b[:])
}()

// Offset turns a position in units into one in bytes, clamped to the end.
// Inside a surrogate pair it gives the start of the pair.
func Offset(s string, unit int) int {
	i, n := 0, 0
	for i < len(s) && n < unit {
		size, units := unitsAt(s, i)
		if n+units > unit {
			break
		}
		i += size
		n += units
	}
	return i
}

// At is s[i]; ok is false outside the string.
func At(s string, i int) (c Char, ok bool) {
	if i < 0 {
		return 0, false
	}
	if i < len(s) && IsASCII(s[:i+1]) {
		return Char(s[i]), true
	}
	units := Units(s)
	if i >= len(units) {
		return 0, false
	}
	return Char(units[i]), true
}

// Sub is Substring(start, length), both within the string.
func Sub(s string, start, length int) string {
	if IsASCII(s) {
		return s[start : start+length]
	}
	return FromUnits(Units(s)[start : start+length])
}

// Concat joins two strings, mending a surrogate pair that was split between them.
func Concat(a, b string) string {
	if len(a) >= 3 && len(b) >= 3 && b[0] == 0xED && half(b, 0) >= 0xDC00 {
		if h := half(a, len(a)-3); h >= 0xD800 && h < 0xDC00 {
			return a[:len(a)-3] + FromUnits([]uint16{h, half(b, 0)}) + b[3:]
		}
	}
	return a + b
}
