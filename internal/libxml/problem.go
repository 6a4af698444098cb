package libxml

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Problem is something wrong with a stylesheet, schema or document.
type Problem struct {
	Document     string // name of the schema document; "" when there is only one
	Line, Column int    // from 1; 0 when not known
	Path         string // of the element, as XPath; "" when there is none
	Message      string
}

func (p Problem) String() string {
	var b strings.Builder
	if p.Document != "" {
		fmt.Fprintf(&b, "%s: ", p.Document)
	}
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d", p.Line)
		if p.Column > 0 {
			fmt.Fprintf(&b, ", column %d", p.Column)
		}
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Problems is the error of a stylesheet, schema or document that is not as it should be; it has at least one.
type Problems []Problem

func (p Problems) Error() string {
	const most = 3
	texts := make([]string, 0, most+1)
	for i, one := range p {
		if i == most {
			texts = append(texts, fmt.Sprintf("and %d more", len(p)-most))
			break
		}
		texts = append(texts, one.String())
	}
	return strings.Join(texts, "; ")
}

// Levels of what the module tells.
const (
	levelNote = iota
	levelWarning
	levelError
)

// told is one record of the module's list of problems.
type told struct {
	level uint32
	Problem
}

// decode reads the list as module.c writes it. A list that is cut short, which only a broken module would give, ends where it is cut.
func decode(list []byte) (all []told) {
	number := func() (n uint32) {
		if len(list) >= 4 {
			n, list = binary.LittleEndian.Uint32(list), list[4:]
		}
		return n
	}
	text := func() string {
		n := min(int(number()), len(list))
		s := list[:n]
		list = list[n:]
		return strings.ToValidUTF8(string(s), "�")
	}
	for len(list) >= 6*4 {
		t := told{level: number()}
		t.Line, t.Column = int(number()), int(number())
		t.Document, t.Path = text(), text()
		t.Message = readable(text())
		all = append(all, t)
	}
	return all
}

// readable leaves away what only programmers of libxml2 can act on.
func readable(s string) string {
	s = strings.TrimSpace(s)
	for _, hint := range []string{" use XML_PARSE_HUGE option", ", use XML_PARSE_HUGE option", " try increasing XML_MAX_DEPTH"} {
		s = strings.ReplaceAll(s, hint, "")
	}
	return strings.Join(strings.Fields(s), " ")
}

// errorsOf keeps the errors and finds the places of elements in the source of their document.
func errorsOf(all []told, source func(document string) (name string, text []byte)) (out Problems) {
	for _, t := range all {
		if t.level < levelError {
			continue
		}
		p := t.Problem
		var text []byte
		p.Document, text = source(t.Document)
		if p.Line > 0 && p.Column == 0 && p.Path != "" {
			p.Line, p.Column = place(text, p.Line, p.Path)
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		out = Problems{{Message: "the XML engine refuses this without saying why"}}
	}
	// A cause without a place stands before what came of it, which has one.
	for i := len(out) - 2; i >= 0; i-- {
		if p, next := &out[i], out[i+1]; p.Line == 0 && p.Document == next.Document {
			p.Line, p.Column, p.Path = next.Line, next.Column, next.Path
		}
	}
	return out
}

// place is where the element at the end of path begins. libxml2 knows the line on which its start tag ends, and no column; the column is told
// when only one such tag can be meant.
func place(source []byte, line int, path string) (atLine, column int) {
	if !utf8.Valid(source) {
		return line, 0
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	name, _, _ = strings.Cut(name, "[")
	if _, local, ok := strings.Cut(name, ":"); ok {
		name = local
	}
	end := 0
	for range line {
		next := bytes.IndexByte(source[end:], '\n')
		if next < 0 {
			end = len(source)
			break
		}
		end += next + 1
	}
	at := lastTag(source[:end], name)
	if at < 0 {
		return line, 0
	}
	begin := bytes.LastIndexByte(source[:at], '\n') + 1
	atLine = 1 + bytes.Count(source[:begin], []byte("\n"))
	if lastTag(source[begin:at], name) >= 0 {
		return atLine, 0
	}
	return atLine, 1 + utf8.RuneCount(source[begin:at])
}

// lastTag is where the last start tag of the element begins, whatever its prefix; -1 when there is none. "*" is any element.
func lastTag(source []byte, name string) int {
	for at := len(source); ; {
		at = bytes.LastIndexByte(source[:at], '<')
		if at < 0 {
			return -1
		}
		tag := source[at+1:]
		if end := bytes.IndexAny(tag, " \t\r\n/>"); end >= 0 {
			tag = tag[:end]
		}
		if len(tag) == 0 || tag[0] == '!' || tag[0] == '?' {
			continue
		}
		if colon := bytes.IndexByte(tag, ':'); colon >= 0 {
			tag = tag[colon+1:]
		}
		if name == "*" || string(tag) == name {
			return at
		}
	}
}
