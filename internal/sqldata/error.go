package sqldata

import "fmt"

// Kind says what went wrong.
type Kind uint8

// The kinds.
const (
	Refused     Kind = iota // the statement or a value of it, by the server or before it is asked
	Unreachable             // the server, or it takes no connection
	TooLarge                // what the statement brings
	TooLate                 // nothing was there in time
	TooMany                 // of what may run or be kept at once
)

// Error is why there is no result. Its message is for logs: it holds what a server has said, and neither passwords nor tokens.
type Error struct {
	Kind    Kind
	Message string
	Cause   error
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Cause }

func refused(format string, args ...any) *Error {
	return &Error{Kind: Refused, Message: fmt.Sprintf(format, args...)}
}
