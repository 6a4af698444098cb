package lib

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// xmlText is the text XML content has for a value: that of XmlConvert.
func xmlText(v types.Value) string {
	switch v := v.(type) {
	case bool:
		return strings.ToLower(types.ToString(v))
	case DateTime:
		return jsonDate(v.civil())
	case DateTimeOffset:
		return jsonDate(v.civil())
	case TimeSpan:
		return isoDuration(v)
	case float64, float32:
		if s, ok := notFinite(v); ok {
			return strings.Replace(s, "Infinity", "INF", 1)
		}
	}
	return types.ToString(v)
}

// isoDuration writes a span as P1DT2H3M4.5S.
func isoDuration(s TimeSpan) string {
	sign, d, h, m, sec, frac := s.parts()
	if s == 0 {
		return "PT0S"
	}
	out := sign + "P"
	if d > 0 {
		out += strconv.FormatUint(d, 10) + "D"
	}
	if h+m+sec+frac == 0 {
		return out
	}
	out += "T"
	if h > 0 {
		out += strconv.FormatUint(h, 10) + "H"
	}
	if m > 0 {
		out += strconv.FormatUint(m, 10) + "M"
	}
	if sec+frac > 0 {
		out += strconv.FormatUint(sec, 10)
		if frac > 0 {
			out += "." + strings.TrimRight(padZeros(strconv.FormatUint(frac, 10), 7), "0")
		}
		out += "S"
	}
	return out
}

// insert adds content at a position among the nodes and tells where it ended:
// nodes, attributes, the items of a sequence, or text; null adds nothing.
func (n *Node) insert(env *types.Env, at int, content types.Value) (int, error) {
	switch v := content.(type) {
	case nil:
		return at, nil
	case *Node:
		if v == nil {
			return at, nil
		}
		return n.insertNode(env, at, v)
	case string:
		return n.insertText(env, at, v)
	case *types.ByteArray, *JToken:
		return n.insertText(env, at, types.ToString(v))
	case types.Sequence:
		for item, err := range types.Each(env, v) {
			if err == nil {
				at, err = n.insert(env, at, item)
			}
			if err != nil {
				return at, err
			}
		}
		return at, nil
	}
	return n.insertText(env, at, xmlText(content))
}

// xmlHolds refuses characters that no XML document can have, when they come: what is written later could not be read.
func xmlHolds(s string) error {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0xEF && (strings.HasPrefix(s[i:], "\uFFFE") || strings.HasPrefix(s[i:], "\uFFFF")) {
			r, _ := utf8.DecodeRuneInString(s[i:])
			return types.Throw(types.ArgumentExc, fmt.Sprintf("%q, hexadecimal value 0x%02X, is an invalid character.", r, r))
		}
	}
	return nil
}

// setText is the setter of the text of an attribute, or of a node that is nothing else.
func (n *Node) setText(s string) error {
	if err := xmlHolds(s); err != nil {
		return err
	}
	n.value = s
	return nil
}

func (n *Node) insertText(env *types.Env, at int, s string) (int, error) {
	if err := firstError(env.Charge(len(s)+160), xmlHolds(s)); err != nil {
		return at, err
	}
	if n.kind == XDocument && strings.Trim(s, " \t\r\n") != "" {
		return at, types.Throw(types.ArgumentExc, "Non-whitespace characters cannot be added to content.")
	}
	if s == "" && n.kind == XDocument {
		return at, nil
	}
	if s == "" {
		n.open = n.open || len(n.nodes) == 0
		return at, nil
	}
	if at > 0 && n.nodes[at-1].kind == XText {
		n.nodes[at-1].value += s
		return at, nil
	}
	n.place(at, &Node{kind: XText, value: s})
	return at + 1, nil
}

func (n *Node) place(at int, k *Node) {
	k.parent = n
	n.nodes = append(n.nodes[:at:at], append([]*Node{k}, n.nodes[at:]...)...)
	n.open = false
}

func (n *Node) insertNode(env *types.Env, at int, k *Node) (int, error) {
	if k.parent != nil || k == n.root() {
		if err := env.Charge(160 * k.count()); err != nil {
			return at, err
		}
		k = k.clone()
	}
	if err := firstError(env.Step(1), env.Charge(160), xmlHolds(k.value)); err != nil {
		return at, err
	}
	up := 0
	for p := n; p != nil; p = p.parent {
		up++
	}
	if up+k.height() > 4*maxDepth {
		return at, &types.Limit{What: "depth"}
	}
	switch {
	case k.kind == XAttribute:
		return at, n.addAttribute(k)
	case k.kind == XDocument:
		return at, types.Throw(types.ArgumentExc, "A node of type Document cannot be added to content.")
	case n.kind == XDocument && (k.kind == XText || k.kind == XCData):
		return n.insertText(env, at, k.value)
	case n.kind == XDocument && k.kind == XElement && n.documentRoot() != nil:
		return at, types.Throw(types.InvalidOperation, "This operation would create an incorrectly structured document.")
	}
	n.place(at, k)
	return at + 1, nil
}

func (n *Node) addAttribute(a *Node) error {
	if n.kind != XElement {
		return types.Throw(types.ArgumentExc, "An attribute cannot be added to content.")
	}
	if n.attribute(a.name) != nil {
		return types.Throw(types.InvalidOperation, "Duplicate attribute.")
	}
	a.parent = n
	n.attrs = append(n.attrs, a)
	return nil
}

func (n *Node) add(env *types.Env, content ...types.Value) error {
	for _, v := range content {
		if _, err := n.insert(env, len(n.nodes), v); err != nil {
			return err
		}
	}
	return nil
}

// setValue is the setter of XElement.Value.
func (n *Node) setValue(env *types.Env, s string) error {
	n.removeNodes()
	return n.add(env, s)
}

// addBeside puts content before (0) or after (1) n.
func (n *Node) addBeside(env *types.Env, by int, content ...types.Value) error {
	if n.parent == nil {
		return errNoParent
	}
	at := n.index() + by
	for _, v := range content {
		var err error
		if at, err = n.parent.insert(env, at, v); err != nil {
			return err
		}
	}
	return nil
}
