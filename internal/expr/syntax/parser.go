package syntax

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Parse reads a whole policy expression, @(expr) or @{ statements }, with white
// space allowed around it. The error is an *Error.
func Parse(text string) (src *Source, err error) {
	if len(text) > MaxSource {
		return nil, &Error{text, 0, "CS8078", "the expression is longer than 256 KiB"}
	}
	if i := invalidUTF8(text); i >= 0 {
		return nil, &Error{text, i, "CS1056", "the expression is not valid UTF-8"}
	}
	start := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	end, err := Scan(text[start:])
	if err != nil {
		var e *Error
		if errors.As(err, &e) {
			e.Source, e.Offset = text, e.Offset+start
		}
		return nil, err
	}
	end += start
	if rest := strings.TrimLeft(text[end:], " \t\r\n"); rest != "" {
		return nil, &Error{text, len(text) - len(rest), "CS1026", "unexpected text after the expression; an expression must be the whole value"}
	}
	p := &parser{src: text, toks: lex(text, start+2, end-1), nodes: new(int)}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			src, err = nil, e
		}
	}()
	src = &Source{Text: text}
	if text[start+1] == '(' {
		src.Expr = p.expr()
		if p.cur().kind != tokEOF {
			p.unexpected(")", "CS1026")
		}
		return src, nil
	}
	b := &Block{At: At(start + 1), End: end - 1}
	for p.cur().kind != tokEOF {
		b.Stmts = append(b.Stmts, p.statement())
	}
	src.Body = b
	return src, nil
}

// invalidUTF8 is the offset of the first bad byte, or -1.
func invalidUTF8(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return i
		}
	}
	return -1
}

// parser is recursive descent over the tokens of one source, or of one hole of
// an interpolated string. A defect panics with an *Error, which Parse returns.
type parser struct {
	src   string
	toks  []token
	i     int
	depth int
	nodes *int // shared with the parsers of holes
	hole  bool // of an interpolated string, where a colon begins the format
}

// cur is the token in hand.
func (p *parser) cur() token { return p.toks[p.i] }

// at looks n tokens ahead; past the end it gives the last token.
func (p *parser) at(n int) token { return p.toks[min(p.i+n, len(p.toks)-1)] }

// advance takes the token in hand; a defect of the lexer is reported here, where
// it is first in the way.
func (p *parser) advance() token {
	t := p.cur()
	if t.kind == tokBad {
		p.failAt(t.pos, t.code, t.value.(string))
	}
	if p.i < len(p.toks)-1 {
		p.i++
	}
	return t
}

// failAt reports a defect and does not return.
func (p *parser) failAt(pos int, code, message string) {
	panic(&Error{p.src, pos, code, message})
}

// unexpected reports that want should stand here.
func (p *parser) unexpected(want, code string) {
	t := p.cur()
	if t.kind == tokBad {
		p.failAt(t.pos, t.code, t.value.(string))
	}
	p.failAt(t.pos, code, want+" expected")
}

// refuse reports a construct that C# or a later C# has and expressions have not.
func (p *parser) refuse(pos int, what, since string) {
	if since != "" {
		p.failAt(pos, "CS8107", "Feature '"+what+"' is not available in C# 7.3. Please use language version "+since+" or greater.")
	}
	p.failAt(pos, "CS8058", what+" cannot be used within expressions")
}

// isOp reports whether the token in hand is that operator.
func (p *parser) isOp(op string) bool { t := p.cur(); return t.kind == tokOp && t.text == op }

// isWord reports a keyword or contextual keyword; @word is never one.
func (p *parser) isWord(w string) bool {
	t := p.cur()
	return (t.kind == tokKeyword || t.kind == tokIdent) && t.text == w && p.src[t.pos] != '@'
}

func opAt(t token, op string) bool { return t.kind == tokOp && t.text == op }

// accept takes an operator if it is there.
func (p *parser) accept(op string) bool {
	if p.isOp(op) {
		p.i++
		return true
	}
	return false
}

func (p *parser) acceptWord(w string) bool {
	if p.isWord(w) {
		p.i++
		return true
	}
	return false
}

var expectCodes = map[string]string{")": "CS1026", ";": "CS1002", "{": "CS1514", "}": "CS1513"}

// expect takes an operator or reports that it is missing.
func (p *parser) expect(op string) token {
	t := p.cur()
	if !p.isOp(op) {
		if code, ok := expectCodes[op]; ok {
			p.unexpected(op, code)
		}
		p.unexpected("Syntax error, '"+op+"'", "CS1003")
	}
	p.i++
	return t
}

// ident takes a name.
func (p *parser) ident() token {
	if p.cur().kind != tokIdent {
		if t := p.cur(); t.kind == tokKeyword {
			p.failAt(t.pos, "CS1041", "Identifier expected; '"+t.text+"' is a keyword")
		}
		p.unexpected("Identifier", "CS1001")
	}
	t := p.cur()
	p.i++
	return t
}

// enter counts a node and a level of nesting; the caller defers leave.
func (p *parser) enter() {
	p.depth++
	*p.nodes++
	if p.depth > MaxDepth {
		p.failAt(p.cur().pos, "CS8078", "An expression is too long or complex to compile: more than 200 levels deep")
	}
	if *p.nodes > MaxNodes {
		p.failAt(p.cur().pos, "CS8078", "An expression is too long or complex to compile: more than 200000 parts")
	}
}

func (p *parser) leave() { p.depth-- }

// try runs f and goes back when it gives false. Inside f, defects count as
// false: it is how the parser looks ahead over types.
func (p *parser) try(f func() bool) (ok bool) {
	start, depth := p.i, p.depth
	defer func() {
		if r := recover(); r != nil {
			if _, mine := r.(*Error); !mine {
				panic(r)
			}
			ok = false
		}
		if !ok {
			p.i, p.depth = start, depth
		}
	}()
	return f()
}
