// Package check binds a parsed expression: what each name means, which overload
// is called, which conversions happen, which constants fold. The result is a
// typed tree that package eval compiles without further questions.
//
// It reports what a C# compiler would, in its words, and applies the allow-list
// to the bound tree: a member is judged by the type that declares it.
//
// It does not evaluate (constant folding excepted) and knows no library: types
// and members come from a types.Library, the context object included.
//
// Start at Check in check.go; the typed tree is in tree.go and statement.go.
package check
