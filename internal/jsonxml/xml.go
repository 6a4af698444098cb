package jsonxml

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// XMLOptions say how property names become names of XML.
type XMLOptions struct {
	// Separator stands between prefix and name, where the prefix is one that is declared.
	Separator string
	// Namespaces begins the names of properties that declare a namespace: xmlns for "xmlns:a". Empty: nothing declares one.
	Namespaces string
	// Attributes is the name of an object that holds the attributes of the one it stands in. Empty: there is none.
	Attributes string
}

const instanceNamespace = "http://www.w3.org/2001/XMLSchema-instance"

// ToXML is the XML of a JSON value. A single property is the root element; everything else stands in an element Document. Booleans and dates are
// written as .NET writes them, null is xsi:nil.
func ToXML(env *types.Env, t *lib.JToken, o XMLOptions) (string, error) {
	w := &xmlWriter{env: env, o: o}
	err := w.document(t)
	return w.b.String(), err
}

type xmlWriter struct {
	env      *types.Env
	o        XMLOptions
	b        bytes.Buffer
	prefixes []string // in scope
}

func (w *xmlWriter) document(t *lib.JToken) error {
	switch t.Kind() {
	case lib.JArray:
		root := lib.NewJObject()
		root.Add("Item", t)
		return w.element("Document", root)
	case lib.JObject:
		if len(t.Items()) == 1 {
			p := t.Items()[0]
			if v := p.Items()[0]; v.Kind() != lib.JArray && !w.special(p.Name()) {
				return w.element(p.Name(), v)
			}
		}
	}
	return w.element("Document", t)
}

// special says whether a property is no element.
func (w *xmlWriter) special(name string) bool {
	return name == "#text" || name == "#cdata-section" || strings.HasPrefix(name, "@") || strings.HasPrefix(name, "?") ||
		w.o.Attributes != "" && name == w.o.Attributes || w.declares(name)
}

// declares says whether a property declares a namespace.
func (w *xmlWriter) declares(name string) bool {
	p := w.o.Namespaces
	return p != "" && (name == p || w.o.Separator != "" && strings.HasPrefix(name, p+w.o.Separator))
}

// element writes a value under a name; an array is as many elements, an empty one is one without content.
func (w *xmlWriter) element(name string, t *lib.JToken) error {
	if name == "" {
		return types.Throw(types.ArgumentExc, "JSON with an empty property name can't be converted to XML.")
	}
	if err := firstError(w.env.Enter(), w.env.Step(1)); err != nil {
		return err
	}
	defer w.env.Leave()
	if t.Kind() == lib.JArray && len(t.Items()) > 0 {
		for _, item := range t.Items() {
			if item.Kind() == lib.JArray {
				nested := lib.NewJObject()
				nested.Add(name, item)
				item = nested
			}
			if err := w.element(name, item); err != nil {
				return err
			}
		}
		return nil
	}
	mark := len(w.prefixes)
	defer func() { w.prefixes = w.prefixes[:mark] }()
	start := w.b.Len()
	attributes := ""
	var err error
	switch t.Kind() {
	case lib.JObject:
		attributes, err = w.attributes(t)
	case lib.JNull, lib.JUndefined:
		attributes = ` xsi:nil="true" xmlns:xsi="` + instanceNamespace + `"`
	}
	if err != nil {
		return err
	}
	tag := w.name(name)
	w.b.WriteString("<" + tag + attributes)
	open := w.b.Len()
	w.b.WriteByte('>')
	if err := w.content(t); err != nil {
		return err
	}
	if w.b.Len() == open+1 {
		w.b.Truncate(open)
		w.b.WriteString(" />")
	} else {
		w.b.WriteString("</" + tag + ">")
	}
	return w.env.Charge(w.b.Len() - start)
}

// attributes gathers namespaces first, for the names of the attributes may use them.
func (w *xmlWriter) attributes(t *lib.JToken) (string, error) {
	var b strings.Builder
	seen := map[string]bool{}
	add := func(name string, v *lib.JToken) error {
		if v.Kind() == lib.JObject || v.Kind() == lib.JArray {
			return types.Throw(types.ArgumentExc, fmt.Sprintf("The attribute '%s' can't hold an object or an array.", name))
		}
		if !seen[name] {
			seen[name] = true
			b.WriteString(" " + name + `="` + escape(scalar(v), true) + `"`)
		}
		return w.env.Step(1)
	}
	for _, p := range t.Items() {
		if !w.declares(p.Name()) {
			continue
		}
		name := "xmlns"
		if prefix, ok := strings.CutPrefix(p.Name(), w.o.Namespaces+w.o.Separator); ok && prefix != "" {
			w.prefixes = append(w.prefixes, prefix)
			name += ":" + encode(prefix)
		}
		if err := add(name, p.Items()[0]); err != nil {
			return "", err
		}
	}
	for _, p := range t.Items() {
		if name, ok := strings.CutPrefix(p.Name(), "@"); ok && name != "" {
			if err := add(w.name(name), p.Items()[0]); err != nil {
				return "", err
			}
		}
		if v := p.Items()[0]; w.o.Attributes != "" && p.Name() == w.o.Attributes {
			if v.Kind() != lib.JObject {
				return "", types.Throw(types.ArgumentExc, fmt.Sprintf("'%s' must be an object with the attributes.", p.Name()))
			}
			for _, a := range v.Items() {
				if err := add(w.name(a.Name()), a.Items()[0]); err != nil {
					return "", err
				}
			}
		}
	}
	return b.String(), nil
}

func (w *xmlWriter) content(t *lib.JToken) error {
	if t.Kind() != lib.JObject {
		if t.Kind() != lib.JArray {
			w.b.WriteString(escape(scalar(t), false))
		}
		return nil
	}
	for _, p := range t.Items() {
		v := p.Items()[0]
		switch name := p.Name(); {
		case name == "#text" || name == "#cdata-section":
			texts := []*lib.JToken{v}
			if v.Kind() == lib.JArray {
				texts = v.Items()
			}
			for _, s := range texts {
				w.b.WriteString(escape(scalar(s), false))
			}
		case w.special(name):
		default:
			if err := w.element(name, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// name is a property's name as a name of XML. What stands before the separator is a prefix when it is one that is declared.
func (w *xmlWriter) name(property string) string {
	if w.o.Separator != "" {
		for i := len(w.prefixes) - 1; i >= 0; i-- {
			if local, ok := strings.CutPrefix(property, w.prefixes[i]+w.o.Separator); ok && local != "" {
				return encode(w.prefixes[i]) + ":" + encode(local)
			}
		}
	}
	return encode(property)
}

// encode is XmlConvert.EncodeLocalName: what can't stand in a name is written _xHHHH_.
func encode(s string) string {
	var b strings.Builder
	for i, r := range s {
		ok := r == '_' || unicode.IsLetter(r) || i > 0 && (r == '-' || r == '.' || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
		switch {
		case r == '_' && isEscape(s[i:]):
			b.WriteString("_x005F_")
		case ok:
			b.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&b, "_x%08X_", r)
		default:
			fmt.Fprintf(&b, "_x%04X_", r)
		}
	}
	return b.String()
}

// isEscape says whether s begins like an escape, so that its underscore must be one itself.
func isEscape(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	return strings.Trim(s[2:6], "0123456789abcdefABCDEF") == ""
}

func scalar(t *lib.JToken) string {
	if t.Value() == nil {
		return ""
	}
	return types.ToString(t.Value())
}

// escape writes text so that it reads back as it is; characters that XML can't hold are left out.
func escape(s string, attribute bool) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"' && attribute:
			b.WriteString("&quot;")
		case attribute && (r == '\n' || r == '\t') || r == '\r':
			fmt.Fprintf(&b, "&#x%X;", r)
		case r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
