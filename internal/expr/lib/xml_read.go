package lib

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// ParseXElement reads an XML element as XElement.Parse does: white space
// between elements is dropped. The error is an XmlException; env, which may be
// nil, pays for the nodes.
func ParseXElement(env *types.Env, text string) (*Node, error) {
	d, err := parseXML(env, text, false)
	if err != nil {
		return nil, err
	}
	root := d.documentRoot()
	return root, root.remove()
}

// ParseXDocument reads an XML document.
func ParseXDocument(env *types.Env, text string) (*Node, error) { return parseXML(env, text, false) }

func (n *Node) documentRoot() *Node {
	for _, k := range n.nodes {
		if k.kind == XElement {
			return k
		}
	}
	return nil
}

func parseXML(env *types.Env, text string, keepSpace bool) (*Node, error) {
	if env != nil {
		if err := env.Charge(4 * len(text)); err != nil {
			return nil, err
		}
	}
	text = strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(text, "\uFEFF"), "\r\n", "\n"), "\r", "\n")
	r := &xmlReader{env: env, s: text, keep: keepSpace}
	d := &Node{kind: XDocument}
	if err := r.prolog(d); err != nil {
		return nil, err
	}
	if d.documentRoot() == nil {
		return nil, r.fail("Root element is missing.")
	}
	return d, nil
}

type xmlReader struct {
	env  *types.Env
	s    string
	i    int
	keep bool
}

func (r *xmlReader) fail(why string) error {
	at := min(r.i, len(r.s))
	line := 1 + strings.Count(r.s[:at], "\n")
	column := at - strings.LastIndexByte(r.s[:at], '\n')
	return types.Throw(xmlException, fmt.Sprintf("%s Line %d, position %d.", why, line, column))
}

func (r *xmlReader) peek(s string) bool { return strings.HasPrefix(r.s[r.i:], s) }

func (r *xmlReader) accept(s string) bool {
	if r.peek(s) {
		r.i += len(s)
		return true
	}
	return false
}

func (r *xmlReader) space() bool {
	start := r.i
	for r.i < len(r.s) && isXMLSpace(r.s[r.i]) {
		r.i++
	}
	return r.i > start
}

func isXMLSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// until takes the text up to end and skips end.
func (r *xmlReader) until(end, what string) (string, error) {
	n := strings.Index(r.s[r.i:], end)
	if n < 0 {
		r.i = len(r.s)
		return "", r.fail("Unexpected end of file while parsing " + what + " has occurred.")
	}
	out := r.s[r.i : r.i+n]
	r.i += n + len(end)
	return out, nil
}

func (r *xmlReader) spend() error {
	if r.env == nil {
		return nil
	}
	return firstError(r.env.Step(1), r.env.Charge(160))
}

// prolog reads everything of a document.
func (r *xmlReader) prolog(d *Node) error {
	if r.peek("<?xml") && r.i+5 < len(r.s) && isXMLSpace(r.s[r.i+5]) {
		r.i += 5
		text, err := r.until("?>", "XmlDeclaration")
		if err != nil {
			return err
		}
		d.decl = declarationOf(text)
	}
	for {
		if r.space(); r.i >= len(r.s) {
			return nil
		}
		var k *Node
		var err error
		switch {
		case r.accept("<!DOCTYPE"):
			if d.documentRoot() != nil {
				return r.fail("Unexpected DTD declaration.")
			}
			k, err = r.documentType()
		case r.peek("<!--"), r.peek("<?"):
			k, err = r.markup()
		case r.peek("<"):
			if d.documentRoot() != nil {
				return r.fail("There are multiple root elements.")
			}
			k, err = r.element(map[string]string{"xml": xmlNamespace, "xmlns": xmlnsNamespace}, 1)
		default:
			return r.fail("Data at the root level is invalid.")
		}
		if err != nil {
			return err
		}
		k.parent = d
		d.nodes = append(d.nodes, k)
	}
}

// markup reads a comment, a CDATA section or an instruction.
func (r *xmlReader) markup() (*Node, error) {
	if err := r.spend(); err != nil {
		return nil, err
	}
	switch {
	case r.accept("<!--"):
		text, err := r.until("-->", "Comment")
		if err == nil && (strings.Contains(text, "--") || strings.HasSuffix(text, "-")) {
			err = r.fail("An XML comment cannot contain '--', and '-' cannot be the last character.")
		}
		return &Node{kind: XComment, value: text}, err
	case r.accept("<![CDATA["):
		text, err := r.until("]]>", "CDATA")
		return &Node{kind: XCData, value: text}, err
	case r.accept("<?"):
		target, err := r.name()
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(target, "xml") {
			return nil, r.fail("Unexpected XML declaration. The XML declaration must be the first node in the document, and no white space characters are allowed to appear before it.")
		}
		r.space()
		data, err := r.until("?>", "PI")
		return &Node{kind: XInstruction, target: target, value: data}, err
	}
	return nil, r.fail("Name cannot begin with the '!' character.")
}

// documentType reads a document type; its internal subset is kept as text and
// declares nothing.
func (r *xmlReader) documentType() (*Node, error) {
	r.space()
	name, err := r.name()
	if err != nil {
		return nil, err
	}
	n := &Node{kind: XDocumentType, target: name}
	r.space()
	ids := 0
	if r.accept("PUBLIC") {
		ids = 2
	} else if r.accept("SYSTEM") {
		ids = 1
	}
	for i := 2 - ids; i < 2; i++ {
		r.space()
		if r.i >= len(r.s) || r.s[r.i] != '"' && r.s[r.i] != '\'' {
			return nil, r.fail("Expected a quoted identifier.")
		}
		quote := r.s[r.i : r.i+1]
		r.i++
		if n.ids[i], err = r.until(quote, "DOCTYPE"); err != nil {
			return nil, err
		}
	}
	r.space()
	if r.accept("[") {
		if n.value, err = r.until("]", "DOCTYPE"); err != nil {
			return nil, err
		}
		r.space()
	}
	if !r.accept(">") {
		return nil, r.fail("Expected '>' at the end of the document type.")
	}
	return n, nil
}

func (r *xmlReader) name() (string, error) {
	start := r.i
	for r.i < len(r.s) {
		c, n := utf8.DecodeRuneInString(r.s[r.i:])
		if r.i == start && !isNameStart(c) || !isNameRune(c) {
			break
		}
		r.i += n
	}
	if r.i == start {
		if r.i >= len(r.s) {
			return "", r.fail("Unexpected end of file has occurred.")
		}
		c, _ := utf8.DecodeRuneInString(r.s[r.i:])
		return "", r.fail("Name cannot begin with the '" + string(c) + "' character, hexadecimal value 0x" + hexRune(c) + ".")
	}
	return r.s[start:r.i], nil
}

type rawAttribute struct{ name, value string }

// element reads an element with the prefixes in sight.
func (r *xmlReader) element(prefixes map[string]string, depth int) (*Node, error) {
	if depth > maxDepth {
		return nil, r.fail(fmt.Sprintf("The element is nested more than %d deep.", maxDepth))
	}
	if err := r.spend(); err != nil {
		return nil, err
	}
	r.i++
	tag, err := r.name()
	if err != nil {
		return nil, err
	}
	raw, err := r.attributes()
	if err != nil {
		return nil, err
	}
	prefixes = withPrefixes(prefixes, raw)
	n := &Node{kind: XElement}
	if n.name, err = r.resolve(tag, prefixes, true); err != nil {
		return nil, err
	}
	for _, a := range raw {
		name, err := r.resolve(a.name, prefixes, false)
		if err != nil {
			return nil, err
		}
		if n.attribute(name) != nil {
			return nil, r.fail("'" + a.name + "' is a duplicate attribute name.")
		}
		n.attrs = append(n.attrs, &Node{kind: XAttribute, name: name, value: a.value, parent: n})
	}
	if r.accept("/>") {
		return n, nil
	}
	if !r.accept(">") {
		return nil, r.unexpected()
	}
	n.open = true
	return n, r.content(n, tag, prefixes, depth)
}

func (r *xmlReader) unexpected() error {
	if r.i >= len(r.s) {
		return r.fail("Unexpected end of file has occurred.")
	}
	c, _ := utf8.DecodeRuneInString(r.s[r.i:])
	return r.fail("'" + string(c) + "' is an unexpected token. Expecting white space.")
}

func (r *xmlReader) attributes() ([]rawAttribute, error) {
	var out []rawAttribute
	for {
		space := r.space()
		if r.i >= len(r.s) || r.s[r.i] == '>' || r.s[r.i] == '/' {
			return out, nil
		}
		if !space {
			return nil, r.unexpected()
		}
		if err := r.spend(); err != nil {
			return nil, err
		}
		name, err := r.name()
		if err != nil {
			return nil, err
		}
		r.space()
		if !r.accept("=") {
			return nil, r.fail("Expected '=' after the name of attribute '" + name + "'.")
		}
		r.space()
		if r.i >= len(r.s) || r.s[r.i] != '"' && r.s[r.i] != '\'' {
			return nil, r.fail("The value of attribute '" + name + "' must be quoted.")
		}
		quote := r.s[r.i : r.i+1]
		r.i++
		text, err := r.until(quote, "attribute")
		if err != nil {
			return nil, err
		}
		if strings.IndexByte(text, '<') >= 0 {
			return nil, r.fail("'<', hexadecimal value 0x3C, is an invalid attribute character.")
		}
		value, err := r.decode(strings.NewReplacer("\n", " ", "\t", " ").Replace(text))
		if err != nil {
			return nil, err
		}
		out = append(out, rawAttribute{name, value})
	}
}

// withPrefixes adds the declarations among attributes.
func withPrefixes(in map[string]string, raw []rawAttribute) map[string]string {
	out := in
	for _, a := range raw {
		prefix, ok := strings.CutPrefix(a.name, "xmlns:")
		if !ok && a.name != "xmlns" {
			continue
		}
		if !ok {
			prefix = ""
		}
		if len(out) == len(in) {
			fresh := make(map[string]string, len(in)+1)
			for k, v := range out {
				fresh[k] = v
			}
			out = fresh
		}
		out[prefix] = a.value
	}
	return out
}

func (r *xmlReader) resolve(name string, prefixes map[string]string, element bool) (*XName, error) {
	prefix, local, ok := strings.Cut(name, ":")
	if !ok {
		if element {
			return &XName{prefixes[""], name}, nil
		}
		return &XName{Local: name}, nil
	}
	uri, known := prefixes[prefix]
	if !known || local == "" || strings.Contains(local, ":") {
		return nil, r.fail("'" + prefix + "' is an undeclared prefix.")
	}
	return &XName{uri, local}, nil
}

// content reads up to the end tag.
func (r *xmlReader) content(n *Node, tag string, prefixes map[string]string, depth int) error {
	keep := r.keep
	if a := n.attribute(&XName{xmlNamespace, "space"}); a != nil {
		keep = a.value == "preserve"
	}
	for {
		if r.i >= len(r.s) {
			return r.fail("Unexpected end of file has occurred. The following elements are not closed: " + tag + ".")
		}
		var k *Node
		var err error
		switch {
		case r.accept("</"):
			name, err := r.name()
			if err != nil {
				return err
			}
			r.space()
			if name != tag {
				return r.fail("The '" + tag + "' start tag does not match the end tag of '" + name + "'.")
			}
			if !r.accept(">") {
				return r.unexpected()
			}
			return nil
		case r.peek("<!"), r.peek("<?"):
			k, err = r.markup()
		case r.peek("<"):
			k, err = r.element(prefixes, depth+1)
		default:
			k, err = r.text(keep)
		}
		if err != nil {
			return err
		}
		if k != nil {
			k.parent = n
			n.nodes = append(n.nodes, k)
			n.open = false
		}
	}
}

func (r *xmlReader) text(keep bool) (*Node, error) {
	n := strings.IndexByte(r.s[r.i:], '<')
	if n < 0 {
		n = len(r.s) - r.i
	}
	raw := r.s[r.i : r.i+n]
	if strings.Contains(raw, "]]>") {
		return nil, r.fail("']]>' is not allowed in character data.")
	}
	text, err := r.decode(raw)
	if err != nil {
		return nil, err
	}
	r.i += n
	if !keep && strings.Trim(raw, " \t\n") == "" {
		return nil, nil
	}
	return &Node{kind: XText, value: text}, r.spend()
}

var xmlEntities = map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`, "apos": "'"}

// decode replaces entities and refuses characters XML does not have.
func (r *xmlReader) decode(s string) (string, error) {
	for _, c := range s {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0xFFFE || c == 0xFFFF {
			return "", r.fail("'" + string(c) + "', hexadecimal value 0x" + hexRune(c) + ", is an invalid character.")
		}
	}
	if strings.IndexByte(s, '&') < 0 {
		return s, nil
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			b.WriteString(s)
			return b.String(), nil
		}
		b.WriteString(s[:i])
		end := strings.IndexByte(s[i:], ';')
		if end < 0 {
			return "", r.fail("An error occurred while parsing EntityName.")
		}
		name := s[i+1 : i+end]
		text, ok := xmlEntities[name]
		if !ok {
			if text, ok = charReference(name); !ok {
				return "", r.fail("Reference to undeclared entity '" + name + "'.")
			}
		}
		b.WriteString(text)
		s = s[i+end+1:]
	}
}

func charReference(name string) (string, bool) {
	digits, ok := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if !ok || err != nil || n == 0 || n > 0x10FFFF || n >= 0xD800 && n <= 0xDFFF || n < 0x20 && n != 9 && n != 10 && n != 13 {
		return "", false
	}
	return string(rune(n)), true
}
