package liquid

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Template is a compiled template. It is immutable and may render for many requests at once.
type Template struct {
	nodes    []node
	Warnings []Warning
}

// Warning is something odd that does not keep a template from working as DotLiquid has it.
type Warning struct {
	Offset  int
	Message string
}

// Error says where a template stops being one.
type Error struct {
	Offset       int
	Line, Column int // from 1; columns count characters
	Message      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Parse compiles a template. The error is an *Error.
func Parse(source string) (*Template, error) {
	tokens, err := scan(source)
	if err == nil {
		p := &parser{tokens: tokens}
		var nodes []node
		if nodes, _, err = p.block(tag{}); err == nil {
			return &Template{nodes, p.warnings}, nil
		}
	}
	var e *Error
	if errors.As(err, &e) {
		before := source[:min(e.Offset, len(source))]
		e.Line = 1 + strings.Count(before, "\n")
		e.Column = 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	}
	return nil, err
}

// Lookup is anything with named values: the variables of a template, and whatever stands behind them.
type Lookup interface {
	Get(name string) (any, bool)
}

// ErrTooLong is the error of a template that writes more than it may.
var ErrTooLong = errors.New("the template writes more than a body may hold")

// Render writes the template with the variables. Steps and memory are spent from env, which the caller has begun and ends; limit is how many
// bytes the result may have. Exceptions of filters are errors: a body with an error's text in it would be sent on as if it were one.
func (t *Template) Render(env *types.Env, variables Lookup, limit int) (string, error) {
	r := &run{env: env, globals: variables, limit: limit, outer: map[string]any{}}
	err := r.all(t.nodes)
	if err == errBreak || err == errContinue {
		err = nil // outside of a loop they end the template
	}
	return r.out.String(), err
}

// run is one rendering.
type run struct {
	env     *types.Env
	globals Lookup
	out     strings.Builder
	limit   int // bytes of out and of everything captured

	outer    map[string]any   // what assign and capture set
	scopes   []map[string]any // of loops, innermost last
	counters map[string]int64
	cycles   map[string]int
	progress map[string]int // of loops, for offset:continue
	changed  string
}

// node is a piece of a template.
type node interface{ render(*run) error }

// all renders one piece after another.
func (r *run) all(nodes []node) error {
	for _, n := range nodes {
		if err := r.env.Step(1); err != nil {
			return err
		}
		if err := n.render(r); err != nil {
			return err
		}
	}
	return nil
}

// write adds to the result.
func (r *run) write(s string) error {
	if r.limit -= len(s); r.limit < 0 {
		return ErrTooLong
	}
	r.out.WriteString(s)
	return r.env.Charge(len(s))
}

// apart renders nodes into a text of their own.
func (r *run) apart(nodes []node) (string, error) {
	outer := r.out
	r.out = strings.Builder{}
	err := r.all(nodes)
	s := r.out.String()
	r.out = outer
	return s, err
}

// variable finds a variable: of the loops, innermost first, then what the template set, then what it was given, then its counters.
func (r *run) variable(name string) (any, bool) {
	for i := len(r.scopes) - 1; i >= 0; i-- {
		if v, ok := r.scopes[i][name]; ok {
			return v, true
		}
	}
	if v, ok := r.outer[name]; ok {
		return v, true
	}
	if r.globals != nil {
		if v, ok := r.globals.Get(name); ok {
			return v, true
		}
	}
	if n, ok := r.counters[name]; ok {
		return n, true
	}
	return nil, false
}

// text is a literal piece of the template.
type text string

func (t text) render(r *run) error { return r.write(string(t)) }
