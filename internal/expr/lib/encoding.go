package lib

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var encoding = types.Class("System.Text.Encoding")

// Encoding is System.Text.Encoding.
type Encoding struct {
	web, name string
	page      int32
	encode    func(s string) []byte
	decode    func(b []byte) string
	preamble  []byte
}

// NetType implements types.Typed.
func (*Encoding) NetType() *types.Type { return encoding }

// The encodings, by web name.
var (
	utf8Encoding  = &Encoding{web: "utf-8", name: "Unicode (UTF-8)", page: 65001, encode: encodeUTF8, decode: decodeUTF8, preamble: []byte{0xEF, 0xBB, 0xBF}}
	asciiEncoding = &Encoding{web: "us-ascii", name: "US-ASCII", page: 20127, encode: narrow(0x80), decode: widen(0x80)}
	latin1        = &Encoding{web: "iso-8859-1", name: "Western European (ISO)", page: 28591, encode: narrow(0x100), decode: widen(0x100)}
	windows1252   = &Encoding{web: "Windows-1252", name: "Western European (Windows)", page: 1252, encode: encode1252, decode: decode1252}
	utf16LE       = &Encoding{web: "utf-16", name: "Unicode", page: 1200, encode: encodeUTF16(binary.LittleEndian), decode: decodeUTF16(binary.LittleEndian), preamble: []byte{0xFF, 0xFE}}
	utf16BE       = &Encoding{web: "utf-16BE", name: "Unicode (Big-Endian)", page: 1201, encode: encodeUTF16(binary.BigEndian), decode: decodeUTF16(binary.BigEndian), preamble: []byte{0xFE, 0xFF}}
	utf32LE       = &Encoding{web: "utf-32", name: "Unicode (UTF-32)", page: 12000, encode: encodeUTF32, decode: decodeUTF32, preamble: []byte{0xFF, 0xFE, 0, 0}}
	utf7          = &Encoding{web: "utf-7", name: "Unicode (UTF-7)", page: 65000, encode: encodeUTF7, decode: decodeUTF7}
	encodings     = []*Encoding{utf8Encoding, asciiEncoding, latin1, windows1252, utf16LE, utf16BE, utf32LE}
)

// encodingNames are further names GetEncoding knows.
var encodingNames = map[string]*Encoding{
	"utf8": utf8Encoding, "ascii": asciiEncoding, "latin1": latin1, "windows-1252": windows1252, "x-ansi": windows1252, "iso8859-1": latin1, "iso_8859-1": latin1, "l1": latin1,
	"utf-16le": utf16LE, "unicode": utf16LE, "ucs-2": utf16LE, "unicodefffe": utf16BE, "utf-32le": utf32LE,
	"unicode-1-1-utf-8": utf8Encoding, "x-unicode-1-1-utf-8": utf8Encoding,
}

func encodeUTF8(s string) []byte { return []byte(strings.ToValidUTF8(s, "\uFFFD")) }

// decodeUTF8 replaces each invalid sequence by one U+FFFD per maximal part.
func decodeUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			n = invalidPart(b[i:])
		}
		out.WriteRune(r)
		i += n
	}
	return out.String()
}

// invalidPart is the length of the longest prefix that could have begun a
// character.
func invalidPart(b []byte) int {
	want := 0
	low, high := byte(0x80), byte(0xBF)
	switch c := b[0]; {
	case c >= 0xC2 && c <= 0xDF:
		want = 1
	case c >= 0xE0 && c <= 0xEF:
		want = 2
		if c == 0xE0 {
			low = 0xA0
		} else if c == 0xED {
			high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		want = 3
		if c == 0xF0 {
			low = 0x90
		} else if c == 0xF4 {
			high = 0x8F
		}
	}
	n := 1
	if (low > 0x80 || high < 0xBF) && want == 2 && len(b) > 1 && b[1]&0xC0 == 0x80 && (b[1] < low || b[1] > high) {
		return 2 // .NET takes the byte that makes it too short, or half of a pair, along
	}
	for n <= want && n < len(b) && b[n] >= low && b[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return n
}

func narrow(top uint16) func(string) []byte {
	return func(s string) []byte {
		out := make([]byte, 0, len(s))
		for _, u := range types.Units(s) {
			if u >= top {
				u = '?'
			}
			out = append(out, byte(u))
		}
		return out
	}
}

func widen(top uint16) func([]byte) string {
	return func(b []byte) string {
		var out strings.Builder
		for _, c := range b {
			if uint16(c) >= top {
				c = '?'
			}
			out.WriteRune(rune(c))
		}
		return out.String()
	}
}

func encodeUTF16(order binary.AppendByteOrder) func(string) []byte {
	return func(s string) []byte {
		out := make([]byte, 0, 2*len(s))
		for _, u := range types.Units(s) {
			out = order.AppendUint16(out, u)
		}
		return out
	}
}

func decodeUTF16(order binary.ByteOrder) func([]byte) string {
	return func(b []byte) string {
		units := make([]uint16, 0, len(b)/2)
		for i := 0; i+1 < len(b); i += 2 {
			units = append(units, order.Uint16(b[i:]))
		}
		if len(b)%2 == 1 {
			units = append(units, 0xFFFD)
		}
		return types.FromUnits(units)
	}
}

func encodeUTF32(s string) []byte {
	var out []byte
	for _, r := range s {
		out = binary.LittleEndian.AppendUint32(out, uint32(r))
	}
	return out
}

func decodeUTF32(b []byte) string {
	var out strings.Builder
	for i := 0; i+3 < len(b); i += 4 {
		out.WriteRune(rune(binary.LittleEndian.Uint32(b[i:])))
	}
	if len(b)%4 > 0 {
		out.WriteRune(utf8.RuneError)
	}
	return out.String()
}

func getEncoding(name string) (*Encoding, error) {
	low := strings.ToLower(name)
	for _, e := range encodings {
		if strings.ToLower(e.web) == low {
			return e, nil
		}
	}
	if e := encodingNames[low]; e != nil {
		return e, nil
	}
	return nil, types.Argument("name", "'"+name+"' is not a supported encoding name.")
}

func getEncodingPage(page int32) (*Encoding, error) {
	for _, e := range encodings {
		if e.page == page {
			return e, nil
		}
	}
	return nil, types.Throw(types.NotSupported, "No data is available for this encoding.")
}

// encodingDecl is System.Text.Encoding.
var encodingDecl = types.Decl{Type: encoding, Doc: "A way to write text as bytes.", Members: append([]types.Member{
	{Sig: "static Encoding GetEncoding(string name)", Do: types.Fn1E(getEncoding), Doc: "By its name; ArgumentException for an unknown one.", Ex: `Encoding.GetEncoding("no-such") ! ArgumentException`},
	{Sig: "static Encoding GetEncoding(int codepage)", Do: types.Fn1E(getEncodingPage), Doc: "By the number of its code page."},
	{Sig: "byte[] GetBytes(string s)", Do: types.Do(getBytes), Doc: "The text as bytes.", Ex: `Encoding.UTF8.GetBytes("é").Length → 2`},
	{Sig: "byte[] GetBytes(char[] chars)", Do: types.Do(getBytes), Doc: "The characters as bytes."},
	{Sig: "string GetString(byte[] bytes)", Do: types.Do(getString), Doc: "The bytes as text.", Ex: `Encoding.UTF8.GetString(new byte[] { 0xC3, 0xA9 }) → é`},
	{Sig: "string GetString(byte[] bytes, int index, int count)", Do: types.Do(getString), Doc: "Some of the bytes as text."},
	{Sig: "char[] GetChars(byte[] bytes)", Do: types.Do(getChars), Doc: "The bytes as characters."},
	{Sig: "int GetByteCount(string s)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		v, err := getBytes(c)
		if err != nil {
			return nil, err
		}
		return int32(len(v.(*types.ByteArray).B)), nil
	}), Doc: "The number of bytes of a text.", Ex: `Encoding.UTF8.GetByteCount("é") → 2`},
	{Sig: "int GetCharCount(byte[] bytes)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		v, err := getString(c)
		if err != nil {
			return nil, err
		}
		return int32(types.Len(v.(string))), nil
	}), Doc: "The number of characters of bytes."},
	{Sig: "int GetMaxByteCount(int charCount)", Do: types.Fn2((*Encoding).most), Doc: "An upper bound of the bytes of so many characters."},
	{Sig: "bool IsSingleByte { get; }", Do: types.Fn1((*Encoding).narrow), Doc: "Whether each character is one byte.", Ex: "Encoding.ASCII.IsSingleByte → True"},
	{Sig: "byte[] GetPreamble()", Do: types.Fn1(func(e *Encoding) *types.ByteArray {
		return &types.ByteArray{B: append([]byte{}, e.preamble...)}
	}), Doc: "The byte order mark."},
	{Sig: "static byte[] Convert(Encoding srcEncoding, Encoding dstEncoding, byte[] bytes)", Do: types.Fn3E(func(from, to *Encoding, b *types.ByteArray) (*types.ByteArray, error) {
		if from == nil || to == nil || b == nil {
			return nil, types.ArgumentNull("bytes")
		}
		return &types.ByteArray{B: to.encode(from.decode(b.B))}, nil
	}), Doc: "Bytes from one encoding to another."},
	{Sig: "string WebName { get; }", Do: types.Fn1(func(e *Encoding) string { return e.web }), Doc: "The registered name.", Ex: `Encoding.UTF8.WebName → utf-8`},
	{Sig: "string HeaderName { get; }", Do: types.Fn1(func(e *Encoding) string { return e.web }), Doc: "The name in mail headers."},
	{Sig: "string BodyName { get; }", Do: types.Fn1(func(e *Encoding) string { return e.web }), Doc: "The name in mail bodies."},
	{Sig: "string EncodingName { get; }", Do: types.Fn1(func(e *Encoding) string { return e.name }), Doc: "The name for people."},
	{Sig: "int CodePage { get; }", Do: types.Fn1(func(e *Encoding) int32 { return e.page }), Doc: "The number of the code page."},
}, encodingConstants()...)}

func encodingConstants() []types.Member {
	var out []types.Member
	for _, e := range []struct {
		name string
		e    *Encoding
	}{{"UTF8", utf8Encoding}, {"ASCII", asciiEncoding}, {"Unicode", utf16LE}, {"BigEndianUnicode", utf16BE}, {"UTF32", utf32LE}, {"UTF7", utf7}, {"Default", utf8Encoding}} {
		out = append(out, types.Member{Sig: "static Encoding " + e.name + " { get; }", Do: types.Fn0(func() *Encoding { return e.e }), Doc: e.e.name + "."})
	}
	return out
}

func getBytes(c *types.Call) (types.Value, error) {
	var s string
	switch v := c.Args[0].(type) {
	case string:
		s = v
	case *types.Array:
		var err error
		if s, err = charsText(c.Env, v.Items); err != nil {
			return nil, err
		}
	default:
		return nil, types.ArgumentNull(c.Method.Params[0].Name)
	}
	if err := c.Env.Charge(2 * len(s)); err != nil {
		return nil, err
	}
	return &types.ByteArray{B: c.This.(*Encoding).encode(s)}, nil
}

func getString(c *types.Call) (types.Value, error) {
	a, _ := c.Args[0].(*types.ByteArray)
	if a == nil {
		return nil, types.ArgumentNull("bytes")
	}
	b := a.B
	if len(c.Args) == 3 {
		start, count := int(c.Args[1].(int32)), int(c.Args[2].(int32))
		if err := checkRange(start, count, len(b)); err != nil {
			return nil, err
		}
		b = b[start : start+count]
	}
	if err := c.Env.Charge(3 * len(b)); err != nil {
		return nil, err
	}
	return c.This.(*Encoding).decode(b), nil
}

func getChars(c *types.Call) (types.Value, error) {
	s, err := getString(c)
	if err != nil {
		return nil, err
	}
	return toCharArray(&types.Call{Env: c.Env, This: s})
}
