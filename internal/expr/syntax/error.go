package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of a source.
const (
	MaxSource = 256 << 10 // bytes
	MaxDepth  = 200       // nested constructs
	MaxNodes  = 200_000   // nodes of one tree
)

// Error is a defect of a source, at a place.
type Error struct {
	Source  string
	Offset  int    // byte offset into Source
	Code    string // "CS1002", "APIM0001"
	Message string // without the code
}

// Position gives the 1-based line and column (in characters) of the error.
func (e *Error) Position() (line, column int) { return Position(e.Source, e.Offset) }

// Error gives code, message, place and the line with a caret below it.
func (e *Error) Error() string {
	line, column := e.Position()
	return fmt.Sprintf("%s: %s (line %d, column %d)\n%s", e.Code, e.Message, line, column, Caret(e.Source, e.Offset))
}

// Position turns a byte offset into a 1-based line and column.
func Position(source string, offset int) (line, column int) {
	offset = min(max(offset, 0), len(source))
	before := source[:offset]
	line = strings.Count(before, "\n") + 1
	return line, utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
}

// caretWidth bounds the part of a line that is drawn, in bytes either side.
const caretWidth = 60

// Caret draws the line at offset with a caret under the place. A long line is
// cut around it. Tabs are kept, so that the caret stands right.
func Caret(source string, offset int) string {
	offset = min(max(offset, 0), len(source))
	start := strings.LastIndexByte(source[:offset], '\n') + 1
	end := len(source)
	if i := strings.IndexByte(source[offset:], '\n'); i >= 0 {
		end = offset + i
	}
	lead, tail := "", ""
	if offset-start > caretWidth {
		start, lead = offset-caretWidth, "…"
		for start < offset && !utf8.RuneStart(source[start]) {
			start++
		}
	}
	if end-offset > caretWidth {
		end, tail = offset+caretWidth, "…"
		for end > offset && !utf8.RuneStart(source[end]) {
			end--
		}
	}
	pad := []rune(lead + source[start:offset])
	for i, r := range pad {
		if r != '\t' {
			pad[i] = ' '
		}
	}
	return lead + strings.TrimRight(source[start:end], "\r") + tail + "\n" + string(pad) + "^"
}
