package policy

import "strings"

// Templates: element text in a language of its own, whose braces are named values only where there is one of that name (policies.md 3).

// template reads the element's text as a template. Markup stands in it as it is written, but for entities between the delimiters of the
// template, which are decoded: a comparison can't be written in XML without them.
func (c *compiling) template(a *Args) {
	n := a.node
	v := n.Text
	if len(n.Children) > 0 {
		v = Value{text: markup(n.Inner(), n.start)}
	}
	if v.Expr {
		c.reportAt(n, v.raw.start, "The text is a template and takes no expression; leave the template attribute out, or write {{ … }}")
		return
	}
	v, _ = c.substituted(n, v, true)
	a.template = v.text
	a.content = slot{set: strings.TrimSpace(v.s) != "", literal: v.s, typ: a.shape.Text.Type}
}

// markup is raw text whose entities are decoded between {{ and }} and between {% and %}.
func markup(raw string, in int) text {
	var parts []text
	for raw != "" {
		start := len(raw)
		end := start
		for _, d := range [...][2]string{{"{{", "}}"}, {"{%", "%}"}} {
			i := strings.Index(raw, d[0])
			if i < 0 || i >= start {
				continue
			}
			start, end = i, len(raw)
			if j := strings.Index(raw[i:], d[1]); j >= 0 {
				end = i + j + 2
			}
		}
		parts = append(parts, verbatim(raw[:start], in), decode(raw[start:end], in+start))
		raw, in = raw[end:], in+end
	}
	return joinTexts(parts)
}

// joinTexts puts texts one after another.
func joinTexts(parts []text) text {
	var b strings.Builder
	var marks []mark
	for _, t := range parts {
		for _, m := range t.marks {
			marks = append(marks, mark{m.out + b.Len(), m.in})
		}
		b.WriteString(t.s)
	}
	return text{b.String(), marks}
}

// Template is the element's text when it is a template, named values in place.
func (a *Args) Template() string { return a.template.s }

// TemplateError is an error at an offset of the template, for Compile to return.
func (a *Args) TemplateError(offset int, message string) error {
	return &elementError{node: a.node, message: message, within: true, offset: a.template.origin(offset)}
}

// WarnTemplate notes something odd at an offset of the template.
func (a *Args) WarnTemplate(offset int, message string) {
	line, column := a.node.doc.position(a.template.origin(offset))
	a.c.report(Problem{line, column, a.node.Name, message, SeverityWarning})
}
