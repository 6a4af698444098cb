// Package lib is the .NET library expressions may use: one file per .NET type,
// each a table of rows (see package types for their form).
//
// It knows nothing of syntax, checking or evaluation, nor of the context
// object. What the allow-list refuses is said where the type is declared:
// Decl.Refused for a type, Decl.Denied for names, Member.Denied for an overload.
//
// Start at table.go, then string.go as the model of a file. The rows' examples
// run as a test in package expr.
package lib
