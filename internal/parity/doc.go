// Package parity knows which operations of Azure API Management's REST API this server answers, and how well.
//
// The ledger is written by the tests that drive every operation with the official SDK (test/compat), never by hand: it says what a run showed. It is
// not a switch: nothing in the server behaves differently for what stands in it.
//
// Start at ledger.go.
package parity
