package policy

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Expression is a compiled expression over an exchange. It is immutable and may run for many exchanges at once.
type Expression struct {
	program                     *expr.Program
	readsRequest, readsResponse bool       // bodies
	mark                        *CoverMark // counts evaluations; nil when nobody observes
}

// CompileExpression compiles the whole text of an expression, @(…) or @{…}, whose value may be anything. The error of a bad expression is an
// *expr.Error, with line and column inside of the text.
func CompileExpression(source string) (*Expression, error) { return compileWanted(source, wantAny) }

func compileWanted(source string, w want) (*Expression, error) {
	lib, err := contextLibrary()
	if err != nil {
		return nil, err
	}
	wants := [...]expr.Want{wantText: expr.Text, wantBool: expr.Bool, wantInt: expr.Int, wantAny: expr.Any}
	p, err := expr.Compile(source, expr.Options{Library: lib, Context: contextType, Want: wants[w]})
	if err != nil {
		return nil, err
	}
	return &Expression{program: p, readsRequest: p.Reads("context.Request.Body"), readsResponse: p.Reads("context.Response.Body")}, nil
}

// expressionError is a compile error with its place as an offset into the source.
type expressionError struct {
	offset  int
	message string
}

// compileExpression is compileWanted for the compiler of documents.
func compileExpression(source string, w want) (*Expression, *expressionError) {
	e, err := compileWanted(source, w)
	if err == nil {
		return e, nil
	}
	var bad *expr.Error
	if errors.As(err, &bad) {
		return nil, &expressionError{offsetOf(source, bad.Line, bad.Column), bad.Message}
	}
	return nil, &expressionError{0, err.Error()}
}

// offsetOf turns a line and column, from 1 and in characters, into an offset.
func offsetOf(s string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		next := strings.IndexByte(s[at:], '\n')
		if next < 0 {
			return at
		}
		at += next + 1
	}
	for ; column > 1 && at < len(s); column-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// Evaluation is the clock and budget of the exchange's expressions. Each evaluation begins with a full budget, within what is left of the request's.
func (x *Exchange) Evaluation() *types.Env {
	if x.env.Clock == nil && x.Host != nil {
		x.env.Clock = x.Host.Now
		x.env.Pool = x.Memory
		x.total = RequestLimits
		x.env.Total = &x.total
	}
	return &x.env
}

// Text is the value for a text slot: null is "", everything else its invariant text.
func (e *Expression) Text(x *Exchange) (string, error) {
	e.count()
	return e.program.String(x.Evaluation(), x)
}

func (e *Expression) count() {
	if e.mark != nil {
		e.mark.runs.Add(1)
	}
}

// Bool is the value of an expression that was compiled for a bool.
func (e *Expression) Bool(x *Exchange) (bool, error) {
	e.count()
	return e.program.Bool(x.Evaluation(), x)
}

// Int is the value of an expression that was compiled for an int.
func (e *Expression) Int(x *Exchange) (int64, error) {
	e.count()
	n, err := e.program.Int(x.Evaluation(), x)
	return int64(n), err
}

// Value is the value as it is.
func (e *Expression) Value(x *Exchange) (any, error) {
	e.count()
	return e.program.Run(x.Evaluation(), x)
}

// TypeName is the name of a value's type as C# writes it, for messages.
func TypeName(v any) string {
	lib, err := contextLibrary()
	if err != nil || v == nil {
		return "null"
	}
	return lib.TypeOf(v).String()
}

// ScanExpression finds the end of the expression that s begins with: the offset behind its closing bracket. An error says that there is none.
func ScanExpression(s string) (end int, err error) { return syntax.Scan(s) }
