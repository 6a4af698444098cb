package policy

import "fmt"

// Severity says whether a document may be saved.
type Severity string

// The severities: a document with an error is refused, a warning is shown.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Problem is one thing wrong with a document.
type Problem struct {
	Line, Column int
	Element      string // the error's target
	Message      string // what, why and what to do
	Severity     Severity
}

// Error is the problem in the words of the service's validation errors.
func (p Problem) Error() string {
	return fmt.Sprintf("Error in element '%s' on line %d, column %d: %s", p.Element, p.Line, p.Column, p.Message)
}
