package expr

import (
	"errors"
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/eval"
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Kind says what sort of failure an error is.
type Kind string

// The kinds of error.
const (
	Syntax        Kind = "syntax"
	UnknownMember Kind = "unknown member"
	Conversion    Kind = "conversion"
	Semantic      Kind = "semantic" // any other compile error
	Refused       Kind = "refused"  // by the allow-list
	Runtime       Kind = "runtime"
	Budget        Kind = "budget"
	Internal      Kind = "internal" // a defect of the engine
)

// Error is a compile error.
type Error struct {
	Kind    Kind
	Code    string // "CS1061", "APIM0002"
	Line    int    // 1-based, in the text of the expression
	Column  int    // 1-based, in characters
	Message string
	caret   string
}

// Error gives the message, the place and the line with a caret under it.
func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s (line %d, column %d)\n%s", e.Code, e.Message, e.Line, e.Column, e.caret)
}

func compileError(err error, kind Kind) error {
	var se *syntax.Error
	if !errors.As(err, &se) {
		return err
	}
	line, column := se.Position()
	if kind == "" {
		kind = kindOf(se.Code)
	}
	return &Error{kind, se.Code, line, column, se.Message, syntax.Caret(se.Source, se.Offset)}
}

func kindOf(code string) Kind {
	switch code {
	case "CS0103", "CS0117", "CS0234", "CS0246", "CS1061", "CS0021":
		return UnknownMember
	case "CS0029", "CS0030", "CS0031", "CS0037", "CS0039", "CS0266", "CS0664", "CS1503":
		return Conversion
	}
	if strings.HasPrefix(code, "APIM") {
		return Refused
	}
	return Semantic
}

// Classify gives the kind of an error of Compile or of a run, and the name that
// results show: CompileError, the short name of the exception, TimeoutException
// for a limit, InternalError for a defect.
func Classify(err error) (kind Kind, name string) {
	var ce *Error
	var exc *types.Exception
	var limit *types.Limit
	var defect *eval.Defect
	switch {
	case errors.As(err, &ce):
		return ce.Kind, "CompileError"
	case errors.As(err, &exc):
		return Runtime, types.ShortName(exc.Type)
	case errors.As(err, &limit):
		return Budget, "TimeoutException"
	case errors.As(err, &defect):
		return Internal, "InternalError"
	}
	return Internal, "InternalError"
}
