package policy

import (
	"errors"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/syntax"
)

// beginsExpression says whether s, without leading white space, begins with "@(" or "@{"; at is where.
func beginsExpression(s string) (at int, ok bool) {
	for at < len(s) && isSpace(s[at]) {
		at++
	}
	return at, strings.HasPrefix(s[at:], "@(") || strings.HasPrefix(s[at:], "@{")
}

// whole says whether s is one expression and white space around it, and where it begins and ends.
func whole(s string) (from, to int, ok bool) {
	from, ok = beginsExpression(s)
	if !ok {
		return 0, 0, false
	}
	end, err := ScanExpression(s[from:])
	if err != nil || strings.TrimSpace(s[from+end:]) != "" {
		return 0, 0, false
	}
	return from, from + end, true
}

// quoted reads an attribute's value, quotes included. An expression may hold the delimiter: then its own end counts and not the next quote.
func (p *parser) quoted(name string) (Value, error) {
	quote, start := p.src[p.pos], p.pos+1
	next := strings.IndexByte(p.src[start:], quote)
	if next < 0 {
		return Value{}, p.fail(p.pos, "the value of attribute '%s' is not closed; add %c", name, quote)
	}
	at, isExpr := beginsExpression(p.src[start:])
	if !isExpr {
		p.pos = start + next + 1
		return literal(p.src[start:start+next], start, quote), nil
	}
	// The escaped form: everything up to the next delimiter is one expression once its entities are decoded.
	if v, ok := expression(p.src[start:start+next], start, quote); ok {
		p.pos = start + next + 1
		return v, nil
	}
	end, err := p.scan(start + at)
	if err != nil {
		return Value{}, p.unended(start+at, err)
	}
	stop := start + at + end
	after := stop
	for after < len(p.src) && isSpace(p.src[after]) {
		after++
	}
	if after < len(p.src) && p.src[after] == quote {
		p.pos = after + 1
		return rawExpression(p.src[start+at:stop], start+at, quote), nil
	}
	// Text beside an expression: the whole is a literal, as in the service.
	next = strings.IndexByte(p.src[stop:], quote)
	if next < 0 {
		return Value{}, p.fail(stop, "the value of attribute '%s' is not closed; add %c after the expression", name, quote)
	}
	p.pos = stop + next + 1
	return literal(p.src[start:stop+next], start, quote), nil
}

// scan finds the end of the raw expression at offset. Text that only looks like one may reach far and be read again as something else, so the
// work on all of them together is bounded.
func (p *parser) scan(offset int) (end int, err error) {
	end, err = ScanExpression(p.src[offset:])
	if p.effort += end; p.effort > maxEffort*(len(p.src)+1024) {
		return 0, errors.New("too many texts in this document begin like an expression and are none")
	}
	return end, err
}

// maxEffort is how often the text of a document may be scanned for the ends of expressions.
const maxEffort = 16

// unended is the error for an expression at offset whose end can't be found.
func (p *parser) unended(offset int, err error) error {
	var bad *syntax.Error
	if errors.As(err, &bad) {
		return p.fail(offset+bad.Offset, "%s", bad.Message)
	}
	return p.fail(offset, "%v", err)
}

// expression is raw as one expression in escaped form.
func expression(raw string, in int, quote byte) (Value, bool) {
	t := decode(raw, in)
	from, to, ok := whole(t.s)
	if !ok {
		return Value{}, false
	}
	rawFrom, rawTo := t.origin(from), t.origin(to)
	return Value{Expr: true, text: t.cut(from, to), raw: span{rawFrom, rawTo}, quote: quote}, true
}

// rawExpression is raw as an expression that stands verbatim. Entities in it are decoded all the same, for real documents mix both forms;
// only where the decoded text would be no expression any more they were meant as they stand.
func rawExpression(raw string, in int, quote byte) Value {
	v := Value{Expr: true, text: decode(raw, in), raw: span{in, in + len(raw)}, quote: quote}
	if from, to, ok := whole(v.s); !ok || from != 0 || to != len(v.s) {
		v.text = verbatim(raw, in)
	}
	return v
}

// literal is raw as a literal of an attribute: line breaks and tabs count as blanks, as XML has it.
func literal(raw string, in int, quote byte) Value {
	flat := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		return r
	}, raw)
	return Value{text: decode(flat, in), raw: span{in, in + len(raw)}, quote: quote}
}

// cut is the part of t from offset from up to to.
func (t text) cut(from, to int) text {
	out := text{s: t.s[from:to], marks: []mark{{0, t.origin(from)}}}
	for _, m := range t.marks {
		if m.out > from && m.out <= to {
			out.marks = append(out.marks, mark{m.out - from, m.in})
		}
	}
	return out
}

// textRun gathers the character data of one element.
type textRun struct {
	parts []text
	expr  *Value
	raw   span
	some  bool // something that isn't white space was seen
}

func (r *textRun) add(t text, raw span) {
	if len(r.parts) == 0 && r.expr == nil {
		r.raw = raw
	}
	if r.expr != nil && strings.TrimSpace(t.s) != "" {
		// Text beside an expression makes the whole a literal.
		r.parts, r.raw, r.expr = append(r.parts, r.expr.text), r.expr.raw, nil
	}
	r.raw.end = raw.end
	r.some = r.some || strings.TrimSpace(t.s) != ""
	r.parts = append(r.parts, t)
}

// value is the whole text: an expression when that was all, else the pieces joined.
func (r *textRun) value() Value {
	if r.expr != nil && !r.some {
		return *r.expr
	}
	if len(r.parts) == 1 {
		return Value{text: r.parts[0], raw: r.raw}
	}
	return Value{text: joinTexts(r.parts), raw: r.raw}
}

// characters reads text up to the next markup, or one expression when the element's text begins with it.
func (p *parser) characters(r *textRun, first bool) error {
	start := p.pos
	next := strings.IndexByte(p.rest(), '<')
	if next < 0 {
		next = len(p.rest())
	}
	raw := p.src[start : start+next]
	at, isExpr := beginsExpression(p.rest())
	if !isExpr || !first || r.some || r.expr != nil {
		p.pos += next
		r.add(decode(raw, start), span{start, p.pos})
		return nil
	}
	if p.doc.Format == FormatXML {
		if v, ok := expression(raw, start, 0); ok {
			p.pos, r.expr = start+next, &v
			return nil
		}
	}
	end, scanErr := p.scan(start + at)
	if scanErr == nil {
		stop := start + at + end
		after := stop
		for after < len(p.src) && isSpace(p.src[after]) {
			after++
		}
		if after < len(p.src) && p.src[after] == '<' {
			v := rawExpression(p.src[start+at:stop], start+at, 0)
			p.pos, r.expr = after, &v
			return nil
		}
	}
	if v, ok := expression(raw, start, 0); ok {
		p.pos, r.expr = start+next, &v
		return nil
	}
	if scanErr != nil {
		return p.unended(start+at, scanErr)
	}
	p.pos += next
	r.add(decode(raw, start), span{start, p.pos})
	return nil
}

// cdata reads a CDATA section; one that holds a whole expression is that expression.
func (p *parser) cdata(r *textRun) error {
	start := p.pos + len("<![CDATA[")
	end := strings.Index(p.src[start:], "]]>")
	if end < 0 {
		return p.fail(p.pos, "the CDATA section is not closed; end it with ]]>")
	}
	raw := p.src[start : start+end]
	p.pos = start + end + 3
	if from, to, ok := whole(raw); ok && !r.some && r.expr == nil {
		r.expr = &Value{Expr: true, text: verbatim(raw[from:to], start+from), raw: span{start + from, start + to}, cdata: true}
		return nil
	}
	r.add(verbatim(raw, start), span{start, start + end})
	return nil
}
