package libxml

import (
	"context"
	"strconv"
)

// Value is what an XPath expression gives: nodes, or one of the other three kinds.
type Value struct {
	Kind   ValueKind
	Nodes  []Node // in the order of the document
	String string // of the value, as the string() function has it; of nodes: of the first
}

// ValueKind is the type of a value.
type ValueKind uint32

// The four types of XPath 1.0.
const (
	NodeSet ValueKind = iota + 1
	Boolean
	Number
	String
)

// Node is one node of a document.
type Node struct {
	Line   int
	Path   string // an XPath to it
	Value  string // its string value
	Markup string // of an element, comment or processing instruction; "" for others
}

// XPath evaluates an expression of XPath 1.0 over a document; namespaces gives meaning to the prefixes in it. The error is Problems, of expression
// or document, or a *LimitError.
func (e *Engine) XPath(ctx context.Context, document []byte, expression string, namespaces map[string]string) (*Value, error) {
	if size := len(document) + len(expression); size > e.limits.Input {
		return nil, e.limits.tooMuchInput("the document", size)
	}
	var pairs []string
	for prefix, name := range namespaces {
		pairs = append(pairs, prefix, name)
	}
	var v *Value
	err := e.work(ctx, nil, func(ctx context.Context, m *machine) error {
		var at [3]uint64
		names := row(pairs...)
		for i, b := range [][]byte{document, []byte(expression), names} {
			var err error
			if at[i], err = m.put(ctx, b); err != nil {
				return err
			}
		}
		found, err := m.call(ctx, "xpath", at[0], uint64(len(document)), at[1], at[2], uint64(len(names)))
		if err != nil {
			return err
		}
		if found {
			return errorsOf(m.told(), func(string) (string, []byte) { return "", document })
		}
		v = value(ValueKind(m.field(stateKind)), m.result())
		return nil
	})
	return v, err
}

func value(kind ValueKind, result []byte) *Value {
	v := &Value{Kind: kind}
	if kind != NodeSet {
		v.String = string(result)
		return v
	}
	for f := fields(result); len(f) > 0; {
		v.Nodes = append(v.Nodes, Node{Line: int(f.number()), Path: f.text(), Value: f.text(), Markup: f.text()})
	}
	if len(v.Nodes) > 0 {
		v.String = v.Nodes[0].Value
	}
	return v
}

// Bool is a boolean's value.
func (v *Value) Bool() bool { return v.String == "true" }

// Float is a number's value; NaN as XPath has it for what is none.
func (v *Value) Float() float64 {
	f, _ := strconv.ParseFloat(v.String, 64)
	return f
}
