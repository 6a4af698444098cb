package policy

import (
	"errors"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Reason of errors that a policy's author makes at run time (policies.md 5.4).
const reasonEvaluation = "ExpressionValueEvaluationFailure"

// located makes the error of a step one that says where it happened. An error that knows its place already keeps it: the innermost policy is
// the one that failed.
func located(err error, place *Place) error {
	if errors.Is(err, ErrReplied) {
		return ErrReplied
	}
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Reason: reasonEvaluation, Message: "Expression evaluation failed. " + exceptionText(err), Status: 500, Cause: err}
	}
	if e.Path != "" {
		return e
	}
	if e.Source == "" {
		e.Source = place.Element
	}
	if e.Status == 0 {
		e.Status = 500
	}
	e.Scope, e.Section, e.Path, e.PolicyID = place.Scope.String(), place.Section.String(), place.Path, place.PolicyID
	return e
}

// exceptionText is what .NET shows of an exception: its message alone.
func exceptionText(err error) string {
	var thrown *types.Exception
	if errors.As(err, &thrown) {
		return thrown.Message
	}
	return err.Error()
}
