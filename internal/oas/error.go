package oas

import "fmt"

// Error is a mistake in a document, told to its author.
type Error struct {
	Line, Column int // where, both from 1; 0 when the whole document is meant
	Reason       string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Reason)
}

func errorAt(n *node, format string, args ...any) *Error {
	return &Error{n.line, n.column, fmt.Sprintf(format, args...)}
}
