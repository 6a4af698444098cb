// Package expr is the door to the expression engine: compile a policy
// expression once, run it for every request.
//
//	p, err := expr.Compile(`@(context.Request.Method == "GET")`, expr.Options{Library: lib, Context: t, Want: expr.Bool})
//	ok, err := p.Bool(env, exchange)
//
// The engine's parts are useful alone: syntax (parser), types (the contract),
// lib (the .NET library), check (binder) and eval (closures). This package adds
// nothing but their order, the kinds of error, the conversion to text that text
// slots of a policy want, and the canonical form of results.
//
// It knows neither policies nor requests: the type of "context" is declared by
// its caller, and its value is whatever Go value that type's rows expect.
package expr
