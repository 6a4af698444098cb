package editor

import (
	"fmt"
	"strings"
)

// Hover is what the word at an offset means, as Markdown; "" when nothing is known of it.
func (e *Editor) Hover(source string, offset int) string {
	offset = min(max(offset, 0), len(source))
	part := nameByte
	if locate(source, offset).kind == inExpression {
		part = identifierByte
	}
	for offset < len(source) && part(source[offset]) {
		offset++ // to the end of the word
	}
	at := locate(source, offset)
	switch at.kind {
	case inElementName:
		return e.elementText(at.stack, at.word)
	case inAttributeName:
		return e.attributeText(at)
	case inExpression:
		return e.memberText(at.expression)
	}
	return ""
}

func (e *Editor) elementText(stack []string, name string) string {
	if doc := sectionDocs[name]; doc != "" && len(stack) == 1 {
		return fmt.Sprintf("**%s**\n\n%s", name, doc)
	}
	parent, _ := e.element(stack)
	doc := e.within(parent, name)
	if doc == nil || len(stack) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n%s", name, doc.Doc)
	if len(doc.Sections) > 0 {
		fmt.Fprintf(&b, "\n\nSections: %s. Scopes: %s.", strings.Join(doc.Sections, ", "), strings.Join(doc.Scopes, ", "))
	}
	for i, a := range doc.Attrs {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "\n- `%s` (%s) %s", a.Name, attributeDetail(a), a.Doc)
	}
	return b.String()
}

func (e *Editor) attributeText(at cursor) string {
	parent, _ := e.element(at.stack)
	doc := e.within(parent, at.element)
	if doc == nil {
		return ""
	}
	for _, a := range doc.Attrs {
		if a.Name == at.word {
			return fmt.Sprintf("**%s** (%s)\n\n%s", a.Name, attributeDetail(a), a.Doc)
		}
	}
	return ""
}

func (e *Editor) memberText(expression string) string {
	path, word := pathBefore(expression)
	if len(path) == 0 {
		if t := e.types[word]; t != nil {
			return fmt.Sprintf("**%s**\n\n%s", word, t.Doc)
		}
		return ""
	}
	t, _ := e.typeOf(path)
	if t == nil {
		return ""
	}
	m := e.member(t, word)
	if m == nil {
		return ""
	}
	return fmt.Sprintf("```csharp\n%s\n```\n\n%s", m.Signature, m.Doc)
}
