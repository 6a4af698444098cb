package expr

import (
	"errors"

	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/eval"
	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Options say what an expression may refer to and what its slot wants.
type Options struct {
	// Library holds the types; nil is the standard library.
	Library *types.Library
	// Context is the type of "context"; nil when the expression has none.
	Context *types.Type
	// Want is the type the slot needs: Bool for a condition, Int for a count.
	// The expression must convert to it implicitly, as in C#. Text and Any
	// accept every type.
	Want Want
}

// Want is what a slot needs.
type Want uint8

// The wants of slots.
const (
	Any  Want = iota // the value as it is
	Text             // text: any value, by its invariant ToString()
	Bool
	Int
)

// Program is a compiled expression. It is immutable and safe for concurrent
// use; every evaluation needs an Env of its own.
type Program struct {
	eval     *eval.Program
	bound    *check.Program
	source   string
	constant bool
	value    types.Value
	lib      *types.Library
}

// Compile compiles the whole text of an expression, @(…) or @{…}. An error is
// an *Error, except when the standard library itself is broken.
func Compile(source string, opt Options) (*Program, error) {
	l := opt.Library
	if l == nil {
		var err error
		if l, err = lib.Standard(); err != nil {
			return nil, err
		}
	}
	tree, err := syntax.Parse(source)
	if err != nil {
		return nil, compileError(err, Syntax)
	}
	co := check.Options{Library: l, Context: opt.Context}
	switch opt.Want {
	case Bool:
		co.Want = types.Bool
	case Int:
		co.Want = types.Int32
	}
	bound, err := check.Check(tree, co)
	if err != nil {
		return nil, compileError(err, "")
	}
	ev, err := eval.Compile(bound)
	if err != nil {
		return nil, err
	}
	p := &Program{eval: ev, bound: bound, source: source, lib: l}
	if bound.Const != nil {
		p.constant, p.value = true, bound.Const.Value
	}
	return p, nil
}

// Source is the text the program was compiled from.
func (p *Program) Source() string { return p.source }

// Constant gives the value of a program that is a constant expression.
func (p *Program) Constant() (v types.Value, ok bool) { return p.value, p.constant }

// Reads reports whether the program may read the member that path names, such
// as "context.Request.Body". It is true when an object on the way is used in a
// manner that hides what is read of it.
func (p *Program) Reads(path string) bool { return p.bound.Reads(path) }

// Run evaluates the program. The error is a *types.Exception that the
// expression threw, a *types.Limit, or an *eval.Defect of the engine.
func (p *Program) Run(env *types.Env, context any) (types.Value, error) {
	return p.eval.Run(env, context)
}

// String evaluates for a text slot: null is the empty string, bytes are taken
// as UTF-8, everything else is its invariant ToString().
func (p *Program) String(env *types.Env, context any) (string, error) {
	if p.eval.IsText() {
		s, _, err := p.eval.String(env, context)
		return s, err
	}
	v, err := p.eval.Run(env, context)
	if err != nil {
		return "", err
	}
	return TextOf(v), nil
}

// TextOf is what a text slot makes of a value.
func TextOf(v types.Value) string {
	if b, ok := v.(*types.ByteArray); ok {
		return string(b.B)
	}
	return types.ToString(v)
}

// Bool evaluates a program compiled with Want Bool.
func (p *Program) Bool(env *types.Env, context any) (bool, error) {
	return p.eval.Bool(env, context)
}

// Int evaluates a program compiled with Want Int.
func (p *Program) Int(env *types.Env, context any) (int, error) {
	v, err := p.eval.Run(env, context)
	if err != nil {
		return 0, err
	}
	n, ok := v.(int32)
	if !ok {
		return 0, errors.New("the expression was not compiled for an integer")
	}
	return int(n), nil
}
