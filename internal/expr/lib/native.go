package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// What Go code outside of expressions asks of the library: templates and the
// policies that turn documents into others. None of it evaluates C#.

// ParseJTokenText is ParseJToken with DateParseHandling.None: dates stay text.
func ParseJTokenText(env *types.Env, text string) (*JToken, error) {
	return readToken(env, text, true)
}

// Name is the name of a property, "" for other tokens.
func (t *JToken) Name() string {
	if t.kind != JProperty {
		return ""
	}
	return t.name
}

// Value is the value of a JValue; nil for null and for containers.
func (t *JToken) Value() types.Value { return t.value }

// Items are the properties of an object, the value of a property, the tokens
// of an array. The slice must not be changed.
func (t *JToken) Items() []*JToken { return t.items }

// NewJObject is an object without properties, NewJArray an array of tokens.
func NewJObject() *JToken { return &JToken{kind: JObject} }

// NewJArray is an array of tokens that have no parent yet.
func NewJArray(items ...*JToken) *JToken {
	a := &JToken{kind: JArray}
	a.link(0, items...)
	return a
}

// Add appends a property; the last of equal names wins.
func (t *JToken) Add(name string, v *JToken) {
	if p := t.property(name); p != nil {
		v.parent = p
		p.items[0] = v
		return
	}
	t.append(name, v)
}

// Push appends a token to an array.
func (t *JToken) Push(v *JToken) { t.link(len(t.items), v) }

// Kind tells what the node is.
func (n *Node) Kind() XKind { return n.kind }

// XName is the name of an element or attribute.
func (n *Node) XName() XName { return *n.name }

// QualifiedName is the name with the prefix it is written with.
func (n *Node) QualifiedName() string { return n.jsonName() }

// Text is XElement.Value for elements, the text of all other nodes.
func (n *Node) Text() string { return n.text() }

// Target is the target of an instruction, or the name of a document type.
func (n *Node) Target() string { return n.target }

// Attrs and Nodes are the attributes and child nodes. The slices must not be changed.
func (n *Node) Attrs() []*Node { return n.attrs }

// Nodes are the child nodes in order.
func (n *Node) Nodes() []*Node { return n.nodes }

// Root is the root element of a document.
func (n *Node) Root() *Node { return n.documentRoot() }

// Declared is the XML declaration of a document as Newtonsoft writes it, nil
// without one.
func (n *Node) Declared() *JToken {
	if n.decl == nil {
		return nil
	}
	return n.decl.token()
}

// HasEndTag says of an element without content whether it is written <a></a>.
func (n *Node) HasEndTag() bool { return n.open }

// DateOf parses text as DateTime.TryParse does in the invariant culture.
func DateOf(env *types.Env, text string) (DateTime, bool) {
	p, err := parseDate(text, env.Now())
	if err != nil {
		return DateTime{}, false
	}
	return p.dateTime(), true
}

// FormatDate is DateTime.ToString(format) in the invariant culture; the error
// is a FormatException.
func (d DateTime) FormatDate(format string) (string, error) { return formatDate(d.civil(), format) }

// JSONDate is the date as Newtonsoft writes it.
func (d DateTime) JSONDate() string { return jsonDate(d.civil()) }

// ChangeType is Convert.ChangeType.
func ChangeType(env *types.Env, v types.Value, to *types.Type) (types.Value, error) {
	return convertTo(env, v, to)
}

// Calculate is +, -, *, / or % of two decimals.
func Calculate(op byte, x, y Decimal) (Decimal, error) {
	switch op {
	case '+':
		return addDecimals(x, y)
	case '-':
		return subtractDecimals(x, y)
	case '*':
		return multiplyDecimals(x, y)
	case '/':
		return divideDecimals(x, y)
	}
	return remainderDecimals(x, y)
}

// Round is Math.Round: half goes to even.
func (x Decimal) Round(decimals int) Decimal { return roundDecimal(x, decimals, halfEven) }

// Plain is the decimal without trailing zeros.
func (x Decimal) Plain() string {
	s := x.NetString()
	if !strings.Contains(s, ".") {
		return s
	}
	if s = strings.TrimRight(strings.TrimRight(s, "0"), "."); s == "-0" {
		return "0"
	}
	return s
}

// ReplacePattern is Regex.Replace; limit -1 replaces all.
func ReplacePattern(env *types.Env, s, pattern, replacement string, limit int) (string, error) {
	r, err := compileRegex(env, pattern, 0)
	if err != nil {
		return "", err
	}
	return r.replace(env, s, limit, -1, func(m *Match) (string, error) { return m.expand(replacement), nil })
}

// HTMLEncode, URLEncode and URLDecode are those of WebUtility.
func HTMLEncode(s string) string { return htmlEncode(s) }

// URLEncode writes text for a form: a blank is a plus.
func URLEncode(s string) string { return urlEncode(s) }

// URLDecode reads text of a form.
func URLDecode(s string) string { return urlDecode(s) }

// Pattern is a regular expression of .NET for Go code. It is safe for concurrent use.
type Pattern struct{ re *Regex }

// NewPattern compiles a pattern; the error is an ArgumentException.
func NewPattern(pattern string) (*Pattern, error) {
	env := &types.Env{}
	env.Begin()
	re, err := compileRegex(env, pattern, 0)
	if err != nil {
		return nil, err
	}
	return &Pattern{re}, nil
}

// Matches says whether the pattern matches anywhere in s, with the time of the environment; the error says that it was used up.
func (p *Pattern) Matches(env *types.Env, s string) (bool, error) { return p.re.isMatch(env, s) }
