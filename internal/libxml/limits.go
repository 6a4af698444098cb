package libxml

import (
	"fmt"
	"time"
)

// Limits bound one call. What is beyond them ends in a LimitError.
type Limits struct {
	Input  int           // bytes of a document, or of the documents of a schema together
	Output int           // bytes of a result
	Memory int           // bytes that the libraries may use while they work, in steps of 64 KiB
	Time   time.Duration // of one call, and as long again for a seat
	Seats  int           // calls that work at the same time
	Cache  int           // bytes of compiled stylesheets and schemas that are kept
}

// DefaultLimits leave room for real messages: a document of a megabyte takes about a quarter of a second and some ten megabytes.
var DefaultLimits = Limits{Input: 8 << 20, Output: 8 << 20, Memory: 96 << 20, Time: 5 * time.Second, Seats: 4, Cache: 64 << 20}

// LimitError says which limit a call went over.
type LimitError struct {
	Limit string // "input", "output", "memory", "time" or "nesting"
	Text  string // what it was, for the person who gets it
}

func (e *LimitError) Error() string { return e.Text }

func (l Limits) tooMuchInput(what string, size int) error {
	return &LimitError{"input", fmt.Sprintf("%s has %d bytes, more than the limit of %d", what, size, l.Input)}
}

func (l Limits) tooMuchOutput() error {
	return &LimitError{"output", fmt.Sprintf("the result has more than the limit of %d bytes", l.Output)}
}

func (l Limits) tooMuchMemory() error {
	return &LimitError{"memory", fmt.Sprintf("the XML engine needs more than the limit of %d bytes of memory for this", l.Memory)}
}

func (l Limits) tooMuchTime() error {
	return &LimitError{"time", fmt.Sprintf("the XML engine needs more than the limit of %v for this", l.Time)}
}

func (l Limits) tooBusy() error {
	return &LimitError{"time", fmt.Sprintf("the XML engine had no seat for this within %v", l.Time)}
}

func (l Limits) tooDeep() error {
	return &LimitError{"nesting", "elements, expressions or calls of templates are nested deeper than the limit of the XML engine (1000 calls of templates)"}
}
