package lib

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// This file is the encodings of older systems: Windows-1252 and UTF-7.

// upper1252 are the characters that Windows-1252 has where ISO 8859-1 has controls; the five it leaves open stay controls.
var upper1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

func encode1252(s string) []byte {
	out := make([]byte, 0, len(s))
	for _, u := range types.Units(s) {
		c := byte('?')
		if u < 0x80 || u >= 0xA0 && u < 0x100 {
			c = byte(u)
		}
		for i, r := range upper1252 {
			if rune(u) == r {
				c = byte(0x80 + i)
			}
		}
		out = append(out, c)
	}
	return out
}

func decode1252(b []byte) string {
	var out strings.Builder
	for _, c := range b {
		if c >= 0x80 && c < 0xA0 {
			out.WriteRune(upper1252[c-0x80])
			continue
		}
		out.WriteRune(rune(c))
	}
	return out.String()
}

// direct7 are the characters that UTF-7 writes as they are.
const direct7 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'(),-./:? \t\r\n"

func encodeUTF7(s string) []byte {
	var out []byte
	var run []byte // UTF-16 of characters that need base64
	flush := func() {
		if len(run) > 0 {
			out = append(out, '+')
			out = append(out, base64.RawStdEncoding.EncodeToString(run)...)
			out = append(out, '-')
			run = nil
		}
	}
	for _, u := range types.Units(s) {
		switch {
		case u < 0x80 && strings.IndexByte(direct7, byte(u)) >= 0:
			flush()
			out = append(out, byte(u))
		case u == '+' && run == nil:
			out = append(out, "+-"...)
		default:
			run = append(run, byte(u>>8), byte(u))
		}
	}
	flush()
	return out
}

func decodeUTF7(b []byte) string {
	var units []uint16
	for i := 0; i < len(b); i++ {
		if b[i] != '+' {
			units = append(units, uint16(b[i]))
			continue
		}
		end := i + 1
		for end < len(b) && (isDigit(b[end]) || b[end]|0x20 >= 'a' && b[end]|0x20 <= 'z' || b[end] == '+' || b[end] == '/') {
			end++
		}
		text := string(b[i+1 : end])
		raw, _ := base64.RawStdEncoding.DecodeString(whole7(text))
		for k := 0; k+1 < len(raw); k += 2 {
			units = append(units, uint16(raw[k])<<8|uint16(raw[k+1]))
		}
		switch {
		case end < len(b) && b[end] == '-':
			if text == "" {
				units = append(units, '+')
			}
			i = end
		default:
			i = end - 1
		}
	}
	return string(utf16.Decode(units))
}

// narrow reports an encoding of one byte a character.
func (e *Encoding) narrow() bool { return e == asciiEncoding || e == latin1 || e == windows1252 }

// most bounds the bytes of so many characters, as .NET does it: one more may be left of what was encoded before.
func (e *Encoding) most(n int32) int32 {
	switch {
	case e.narrow():
		return n + 1
	case e == utf16LE || e == utf16BE:
		return 2 * (n + 1)
	case e == utf32LE:
		return 4 * (n + 1)
	case e == utf7:
		return 3*n + 2
	}
	return 3 * (n + 1)
}

// whole7 leaves out a last base64 digit that holds no byte.
func whole7(text string) string {
	if len(text)%4 == 1 {
		return text[:len(text)-1]
	}
	return text
}
