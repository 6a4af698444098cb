package oas

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// quoted reads a text in single or double quotes.
func (r *yamlReader) quoted() (*node, error) {
	n, err := r.make(text)
	if err != nil {
		return nil, err
	}
	quote := r.at(0)
	r.pos++
	var b []byte
	kept := 0 // what is written up to here stays, even white space at the end of a line
	for r.pos < len(r.s) {
		c := r.at(0)
		switch {
		case c == quote && quote == '\'' && r.at(1) == '\'':
			b = append(b, '\'')
			r.pos += 2
		case c == quote:
			r.pos++
			n.value = string(b)
			return n, nil
		case c == '\\' && quote == '"':
			if b, err = r.escape(b); err != nil {
				return nil, err
			}
			kept = len(b)
		case c == '\n':
			b = append(b[:kept], bytes.TrimRight(b[kept:], " \t")...)
			if b, err = r.foldQuoted(b); err != nil {
				return nil, err
			}
			kept = len(b)
		default:
			b = append(b, c)
			r.pos++
		}
	}
	return nil, errorAt(n, "this text has no closing quote")
}

// foldQuoted goes over the ends of lines inside quotes, and over the white space that begins the next.
func (r *yamlReader) foldQuoted(b []byte) ([]byte, error) {
	line := r.line
	for r.at(0) == '\n' {
		r.newLine()
		if r.pos < len(r.s) && r.ended() {
			return nil, r.fault("a closing quote is missing before this")
		}
		r.blanks()
	}
	return fold(b, r.line-line), nil
}

// yamlEscapes are the escapes of one letter.
var yamlEscapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': `"`, '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// escape reads one escape of a double-quoted text.
func (r *yamlReader) escape(b []byte) ([]byte, error) {
	c := r.at(1)
	if s, ok := yamlEscapes[c]; ok {
		r.pos += 2
		return append(b, s...), nil
	}
	switch c {
	case '\n': // the line goes on
		r.pos++
		r.newLine()
		r.blanks()
		return b, nil
	case 'u':
		if char, width := unescape([]byte(r.s[r.pos:min(r.pos+12, len(r.s))])); width > 0 {
			r.pos += width
			return utf8.AppendRune(b, char), nil
		}
	case 'x', 'U':
		width := 2
		if c == 'U' {
			width = 8
		}
		if r.pos+2+width <= len(r.s) {
			if v, err := strconv.ParseUint(r.s[r.pos+2:r.pos+2+width], 16, 32); err == nil && v <= utf8.MaxRune {
				r.pos += 2 + width
				return utf8.AppendRune(b, rune(v)), nil
			}
		}
	}
	return nil, r.fault("this is no escape of YAML; write \\\\ for a backslash")
}

// blockText reads a text after | (lines kept) or > (lines folded).
func (r *yamlReader) blockText(parent int) (*node, error) {
	n, err := r.make(text)
	if err != nil {
		return nil, err
	}
	folded := r.at(0) == '>'
	r.pos++
	indent, chomp := -1, byte(0)
	for ; !r.ends(0); r.pos++ {
		switch c := r.at(0); {
		case c == '+' || c == '-':
			chomp = c
		case c >= '1' && c <= '9' && indent < 0:
			indent = max(parent, 0) + int(c-'0')
		default:
			return nil, r.fault("after | or > only a sign, a digit and a comment may stand")
		}
	}
	if !r.lineDone() {
		return nil, r.fault("after | or > only a sign, a digit and a comment may stand")
	}
	r.skipLine()
	n.value = r.blockLines(parent, indent, chomp, folded)
	return n, nil
}

// blockLines reads the lines of a block text. An indent below 0 is that of the first line that is not blank.
func (r *yamlReader) blockLines(parent, indent int, chomp byte, folded bool) string {
	var b strings.Builder
	blank, deepBefore, written := 0, false, false
	for r.pos < len(r.s) {
		start := r.pos + 1 // r is at the end of the line before
		end := start
		for end < len(r.s) && r.s[end] != '\n' {
			end++
		}
		if start > len(r.s) {
			break
		}
		line := r.s[start:end]
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		if spaces == len(line) && (indent < 0 || spaces <= indent) {
			if start == len(r.s) {
				r.pos = start
				r.line, r.lineStart = r.line+1, start
				break // the text ends with the end of its last line
			}
			blank++
			r.newLine()
			r.pos = end
			continue
		}
		if indent < 0 && spaces > parent {
			indent = spaces
		}
		if indent < 0 || spaces < indent || spaces == 0 && isDocumentMark(line) {
			break
		}
		line = line[indent:]
		deep := line[0] == ' ' || line[0] == '\t'
		breakLines(&b, blank, written, folded && !deep && !deepBefore)
		b.WriteString(line)
		blank, deepBefore, written = 0, deep, true
		r.newLine()
		r.pos = end
	}
	switch {
	case chomp == '+' && written:
		blank++
		fallthrough
	case chomp == '+':
		b.WriteString(strings.Repeat("\n", blank))
	case chomp == 0 && written:
		b.WriteByte('\n')
	}
	return b.String()
}

func isDocumentMark(line string) bool {
	return (strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...")) && (len(line) == 3 || line[3] == ' ' || line[3] == '\t')
}

// breakLines writes the ends of lines before another line of a block text.
func breakLines(b *strings.Builder, blank int, written, folded bool) {
	switch {
	case !written:
	case !folded:
		blank++
	case blank == 0:
		b.WriteByte(' ')
	}
	b.WriteString(strings.Repeat("\n", blank))
}
