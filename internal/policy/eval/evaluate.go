package eval

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Names of results that are no exceptions of the language.
const (
	invalidInput = "InvalidInput"
	compileError = "CompileError"
)

// Result is what came of one expression.
type Result struct {
	ID      string
	OK      bool
	Type    string  // of the value, when it is OK
	Value   *string // in canonical form; nil for null
	Error   string  // name of the exception, when it is not OK
	Message string
	// Text is the value as a text slot gets it; nil for null.
	Text *string
}

// write writes the result as one line of JSON.
func (r Result) write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if r.OK {
		return enc.Encode(struct {
			ID    string  `json:"id"`
			OK    bool    `json:"ok"`
			Type  string  `json:"type"`
			Value *string `json:"value"`
		}{r.ID, true, r.Type, r.Value})
	}
	return enc.Encode(struct {
		ID      string `json:"id"`
		OK      bool   `json:"ok"`
		Error   string `json:"error"`
		Message string `json:"message"`
	}{r.ID, false, r.Error, r.Message})
}

// clock is a host that only knows the time.
type clock struct{ now time.Time }

func (c clock) Now() time.Time                           { return c.now }
func (clock) Trace(*policy.Exchange, policy.TraceRecord) {}
func (clock) Forward(*policy.Exchange, policy.ForwardOptions) error {
	return errors.New("there is no backend here")
}

func (clock) BackendByID(*policy.Exchange, string, string) (*policy.Backend, bool) {
	return nil, false
}

// Evaluate evaluates an expression over a context document. Unless the document says another, the clock shows now.
func Evaluate(expression string, document []byte, now time.Time, strict bool) Result {
	x, now, err := policy.ParseContextDocument(document, now, strict)
	if err != nil {
		return Result{Error: invalidInput, Message: err.Error()}
	}
	x.Host = clock{now}
	program, err := policy.CompileExpression(strings.TrimSpace(expression))
	if err != nil {
		return Result{Error: compileError, Message: err.Error()}
	}
	value, err := program.Value(x)
	if err != nil {
		return failure(err)
	}
	r := Result{OK: true}
	if r.Type, r.Value, err = expr.Canonical(x.Evaluation(), value); err != nil {
		return failure(err)
	}
	if value != nil {
		text := expr.TextOf(value)
		r.Text = &text
	}
	return r
}

// failure names what was thrown. An exception's own message stands without the name that goes before it.
func failure(err error) Result {
	_, name := expr.Classify(err)
	message := err.Error()
	var thrown *types.Exception
	if errors.As(err, &thrown) {
		message = thrown.Message
	}
	return Result{Error: name, Message: message}
}
