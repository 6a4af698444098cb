package eval

import (
	"fmt"
	"io"
	"time"
)

// Exit statuses of the single form.
const (
	StatusOK      = 0
	StatusInput   = 1 // the context document is invalid
	StatusCompile = 2
	StatusRun     = 3
)

// Single evaluates one expression over a context document (nil for the empty one) and prints its text, or the batch form's result line when asJSON
// is set. Errors go to stderr. It gives the exit status of the command.
func Single(expression string, document []byte, asJSON bool, stdout, stderr io.Writer) int {
	r := Evaluate(expression, document, time.Now().UTC(), true)
	status := StatusOK
	switch {
	case r.Error == invalidInput:
		status = StatusInput
	case r.Error == compileError:
		status = StatusCompile
	case !r.OK:
		status = StatusRun
	}
	switch {
	case asJSON && status != StatusInput:
		if err := r.write(stdout); err != nil {
			return StatusInput
		}
	case status == StatusRun:
		fmt.Fprintf(stderr, "%s: %s\n", r.Error, r.Message)
	case !r.OK:
		fmt.Fprintln(stderr, r.Message)
	case r.Text != nil:
		fmt.Fprintln(stdout, *r.Text)
	default:
		fmt.Fprintln(stdout)
	}
	return status
}
