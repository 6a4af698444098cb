package lib

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

const (
	jsonReaderException = "Newtonsoft.Json.JsonReaderException"
	jsonException       = "Newtonsoft.Json.JsonException"
	maxDepth            = 100 // of JSON and XML
)

// bigInteger is a System.Numerics.BigInteger: a JSON integer beyond long. It
// is kept as its digits so that it compares.
type bigInteger struct{ text string }

var bigIntegerT = types.Struct("System.Numerics.BigInteger")

// NetType implements types.Typed.
func (bigInteger) NetType() *types.Type { return bigIntegerT }

// NetString implements types.Text.
func (b bigInteger) NetString() string { return b.text }

func bigOf(v types.Value) *big.Int {
	if b, ok := v.(bigInteger); ok {
		n, _ := new(big.Int).SetString(b.text, 10)
		return n
	}
	n, unsigned, _ := types.Integer(v)
	if unsigned {
		return new(big.Int).SetUint64(uint64(n))
	}
	return big.NewInt(n)
}

// plainNumber turns a BigInteger into a double.
func plainNumber(v types.Value) types.Value {
	if b, ok := v.(bigInteger); ok {
		f, _ := strconv.ParseFloat(b.text, 64)
		return f
	}
	return v
}

// ParseJToken reads JSON as Newtonsoft.Json does: comments, single quotes and
// bare property names are accepted, ISO dates become dates, the last of equal
// property names wins. The error is a JsonReaderException; env, which may be
// nil, pays for the tokens.
func ParseJToken(env *types.Env, text string) (*JToken, error) { return readToken(env, text, false) }

func readToken(env *types.Env, text string, plainDates bool) (*JToken, error) {
	return newReader(env, text, plainDates).document()
}

func newReader(env *types.Env, text string, plainDates bool) *jsonReader {
	return &jsonReader{env: env, s: strings.TrimPrefix(text, "\uFEFF"), plainDates: plainDates}
}

// document reads the text as a whole.
func (r *jsonReader) document() (*JToken, error) {
	if r.env != nil {
		if err := r.env.Charge(4 * len(r.s)); err != nil {
			return nil, err
		}
	}
	if err := r.space(); err != nil {
		return nil, err
	}
	if r.i >= len(r.s) {
		return nil, types.Throw(jsonReaderException, "Error reading JToken from JsonReader. Path '', line 0, position 0.")
	}
	t, err := r.token(0)
	if err != nil {
		return nil, err
	}
	if err := r.space(); err != nil {
		return nil, err
	}
	if r.i < len(r.s) {
		return nil, r.fail("Additional text encountered after finished reading JSON content: " + r.char() + ".")
	}
	return t, nil
}

type jsonReader struct {
	env        *types.Env
	s          string
	i          int
	plainDates bool // dates stay text
	unclosed   bool // the end of the text closes what is open
}

func (r *jsonReader) char() string {
	c, _ := utf8.DecodeRuneInString(r.s[r.i:])
	return string(c)
}

// fail makes an exception with the place in the text.
func (r *jsonReader) fail(why string) error {
	line := 1 + strings.Count(r.s[:min(r.i, len(r.s))], "\n")
	at := min(r.i, len(r.s)) - strings.LastIndexByte(r.s[:min(r.i, len(r.s))], '\n') - 1
	return types.Throw(jsonReaderException, fmt.Sprintf("%s Line %d, position %d.", why, line, at))
}

func (r *jsonReader) unexpected() error {
	if r.i >= len(r.s) {
		return r.fail("Unexpected end of content while loading JToken.")
	}
	return r.fail("Unexpected character encountered while parsing value: " + r.char() + ".")
}

// onlyComment gives the first comment of a text that holds nothing else.
func onlyComment(text string) (comment string, ok bool) {
	r := newReader(nil, text, false)
	if err := r.space(); err != nil || r.i < len(r.s) {
		return "", false
	}
	_, after, found := strings.Cut(r.s, "/")
	switch {
	case !found:
		return "", false
	case after[0] == '*':
		comment, _, _ = strings.Cut(after[1:], "*/")
	default:
		comment = after[1:]
		if end := strings.IndexAny(comment, "\r\n"); end >= 0 {
			comment = comment[:end]
		}
	}
	return comment, true
}

// space skips white space and comments.
func (r *jsonReader) space() error {
	for r.i < len(r.s) {
		switch c := r.s[r.i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xC2 && strings.HasPrefix(r.s[r.i:], "\u00a0"):
			r.i++
			if c == 0xC2 {
				r.i++
			}
		case strings.HasPrefix(r.s[r.i:], "//"):
			n := strings.IndexAny(r.s[r.i:], "\r\n")
			if n < 0 {
				n = len(r.s) - r.i
			}
			r.i += n
		case strings.HasPrefix(r.s[r.i:], "/*"):
			n := strings.Index(r.s[r.i+2:], "*/")
			if n < 0 {
				r.i = len(r.s)
				return r.fail("Unexpected end while parsing comment.")
			}
			r.i += n + 4
		default:
			return nil
		}
	}
	return nil
}

// spend charges a token.
func (r *jsonReader) spend() error {
	if r.env == nil {
		return nil
	}
	return firstError(r.env.Step(1), r.env.Charge(120))
}

func (r *jsonReader) token(depth int) (*JToken, error) {
	if depth > maxDepth {
		return nil, r.fail(fmt.Sprintf("The reader's MaxDepth of %d has been exceeded.", maxDepth))
	}
	if err := firstError(r.spend(), r.space()); err != nil {
		return nil, err
	}
	if r.i >= len(r.s) {
		return nil, r.unexpected()
	}
	switch c := r.s[r.i]; {
	case c == '{':
		return r.object(depth)
	case c == '[':
		return r.array(depth, JArray, ']')
	case c == '"' || c == '\'':
		s, err := r.quoted()
		if err != nil {
			return nil, err
		}
		if r.plainDates {
			return NewJValue(s), nil
		}
		return NewJValue(dateOrText(s)), nil
	case c == '-' || c == '.' || isDigit(c):
		return r.number()
	}
	return r.word(depth)
}

// ended reports a container that the end of the text closes.
func (r *jsonReader) ended() bool { return r.unclosed && r.i >= len(r.s) }

func (r *jsonReader) object(depth int) (*JToken, error) {
	o := &JToken{kind: JObject}
	r.i++
	for {
		if err := r.space(); err != nil {
			return nil, err
		}
		if r.ended() {
			return o, nil
		}
		if r.i < len(r.s) && r.s[r.i] == '}' {
			r.i++
			return o, nil
		}
		name, err := r.propertyName()
		if err != nil {
			return nil, err
		}
		if err := r.space(); err != nil {
			return nil, err
		}
		if r.i >= len(r.s) || r.s[r.i] != ':' {
			return nil, r.fail("Invalid character after parsing property name. Expected ':'.")
		}
		r.i++
		v, err := r.token(depth + 1)
		if err != nil {
			return nil, err
		}
		if p := o.property(name); p != nil {
			p.items[0].parent = nil
			p.items = nil
			p.link(0, v)
		} else {
			o.append(name, v)
		}
		if more, err := r.more('}'); err != nil || !more {
			return o, err
		}
	}
}

// append adds a property whose name is new.
func (t *JToken) append(name string, v *JToken) {
	p := &JToken{kind: JProperty, name: name, parent: t, items: []*JToken{v}}
	v.parent = p
	t.items = append(t.items, p)
	if t.names != nil {
		t.names[name] = p
	}
}

// more reads a comma (true) or the end of a container (false).
func (r *jsonReader) more(end byte) (bool, error) {
	if err := r.space(); err != nil {
		return false, err
	}
	if r.ended() {
		return false, nil
	}
	if r.i >= len(r.s) {
		return false, r.unexpected()
	}
	switch r.s[r.i] {
	case ',':
		r.i++
		return true, nil
	case end:
		r.i++
		return false, nil
	}
	return false, r.fail("After parsing a value an unexpected character was encountered: " + r.char() + ".")
}

func (r *jsonReader) array(depth int, kind JKind, end byte) (*JToken, error) {
	a := &JToken{kind: kind}
	r.i++
	for {
		if err := r.space(); err != nil {
			return nil, err
		}
		if r.ended() {
			return a, nil
		}
		if r.i < len(r.s) && r.s[r.i] == end {
			r.i++
			return a, nil
		}
		var v *JToken
		if r.i < len(r.s) && r.s[r.i] == ',' {
			v = &JToken{kind: JUndefined}
		} else {
			var err error
			if v, err = r.token(depth + 1); err != nil {
				return nil, err
			}
		}
		v.parent = a
		a.items = append(a.items, v)
		if more, err := r.more(end); err != nil || !more {
			return a, err
		}
	}
}

func (r *jsonReader) propertyName() (string, error) {
	if r.i >= len(r.s) {
		return "", r.fail("Unexpected end while parsing unquoted property name.")
	}
	if c := r.s[r.i]; c == '"' || c == '\'' {
		return r.quoted()
	}
	start := r.i
	for r.i < len(r.s) && (isAlnum(r.s[r.i]) || r.s[r.i] == '_' || r.s[r.i] == '$' || r.s[r.i] >= utf8.RuneSelf) {
		r.i++
	}
	if r.i == start {
		return "", r.fail("Invalid property identifier character: " + r.char() + ".")
	}
	return r.s[start:r.i], nil
}

func (r *jsonReader) quoted() (string, error) {
	quote := r.s[r.i]
	r.i++
	start := r.i
	for r.i < len(r.s) && r.s[r.i] != quote && r.s[r.i] != '\\' {
		r.i++
	}
	if r.i < len(r.s) && r.s[r.i] == quote {
		r.i++
		return r.s[start : r.i-1], nil
	}
	var b strings.Builder
	b.WriteString(r.s[start:r.i])
	halves := false
	for r.i < len(r.s) {
		c := r.s[r.i]
		r.i++
		switch c {
		case quote:
			if halves {
				return types.FromUnits(types.Units(b.String())), nil
			}
			return b.String(), nil
		case '\\':
			half, err := r.escaped(&b)
			if err != nil {
				return "", err
			}
			halves = halves || half
		default:
			b.WriteByte(c)
		}
	}
	return "", r.fail("Unterminated string. Expected delimiter: " + string(quote) + ".")
}

// escaped reads what follows a backslash; half tells of a surrogate.
func (r *jsonReader) escaped(b *strings.Builder) (half bool, err error) {
	if r.i >= len(r.s) {
		return false, r.fail("Unterminated string. Expected delimiter: \".")
	}
	c := r.s[r.i]
	r.i++
	if i := strings.IndexByte(`bfnrt"'\/`, c); i >= 0 {
		b.WriteByte("\b\f\n\r\t\"'\\/"[i])
		return false, nil
	}
	if c != 'u' {
		return false, r.fail("Bad JSON escape sequence: \\" + string(rune(c)) + ".")
	}
	if r.i+4 > len(r.s) {
		return false, r.fail("Unexpected end while parsing Unicode escape sequence.")
	}
	u, err := strconv.ParseUint(r.s[r.i:r.i+4], 16, 16)
	if err != nil {
		return false, r.fail("Invalid Unicode escape sequence: \\u" + r.s[r.i:r.i+4] + ".")
	}
	r.i += 4
	b.WriteString(types.FromUnits([]uint16{uint16(u)}))
	return u >= 0xD800 && u <= 0xDFFF, nil
}

func (r *jsonReader) number() (*JToken, error) {
	start := r.i
	for r.i < len(r.s) && (isAlnum(r.s[r.i]) || strings.IndexByte("+-.", r.s[r.i]) >= 0) {
		r.i++
	}
	text := r.s[start:r.i]
	if text == "-Infinity" {
		return NewJValue(math.Inf(-1)), nil
	}
	v, ok := jsonNumber(text)
	if !ok {
		r.i = start
		return nil, r.fail("Input string '" + text + "' is not a valid number.")
	}
	return NewJValue(v), nil
}

// jsonNumber reads an integer (also hexadecimal and octal) or a double.
func jsonNumber(text string) (types.Value, bool) {
	if len(text) > 400 {
		return nil, false
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && (len(text) == 1 || text[0] != '0') && text[0] != '+' {
		return n, true
	}
	if len(text) > 1 && text[0] == '0' && !strings.ContainsAny(text, ".eE") || strings.HasPrefix(text, "0x") || strings.HasPrefix(text, "0X") {
		n, err := strconv.ParseInt(text, 0, 64)
		return n, err == nil && !strings.ContainsAny(text, "_oO")
	}
	if !strings.ContainsAny(text, ".eE") {
		b, ok := new(big.Int).SetString(text, 10)
		if !ok || text[0] == '+' {
			return nil, false
		}
		return bigInteger{b.String()}, true
	}
	clean, ok := numeral(text, true, false)
	if !ok || strings.ContainsRune(text, ',') {
		return nil, false
	}
	f, err := strconv.ParseFloat(clean, 64)
	return f, err == nil
}

// word reads a keyword, or a constructor such as new Date(1).
func (r *jsonReader) word(depth int) (*JToken, error) {
	start := r.i
	for r.i < len(r.s) && isAlnum(r.s[r.i]) {
		r.i++
	}
	switch word := r.s[start:r.i]; word {
	case "true", "false":
		return NewJValue(word == "true"), nil
	case "null":
		return NewJValue(nil), nil
	case "undefined":
		return &JToken{kind: JUndefined}, nil
	case "NaN":
		return NewJValue(math.NaN()), nil
	case "Infinity":
		return NewJValue(math.Inf(1)), nil
	case "new":
		if err := r.space(); err != nil {
			return nil, err
		}
		name, err := r.propertyName()
		if err == nil {
			err = r.space()
		}
		if err != nil {
			return nil, err
		}
		if r.i >= len(r.s) || r.s[r.i] != '(' {
			return nil, r.unexpected()
		}
		t, err := r.array(depth, JConstructor, ')')
		if t != nil {
			t.name = name
		}
		return t, err
	}
	r.i = start
	return nil, r.unexpected()
}
