// Package eval turns a bound expression into Go closures and runs them.
//
// A closure is specialised by the representation of its value: bool, int64 for
// every integer and char, float64 for float and double, string with a null
// flag, and any for the rest. Nothing reflects and nothing is boxed on the way
// from a header to a comparison. There are no goroutines.
//
// An exception travels as a Go panic with a *thrown inside the package only:
// Run, a catch clause and the border to library code turn it into an error.
// Limits travel the same way and no catch clause sees them.
//
// Start at Compile in program.go, then code.go.
package eval
