// Package policies holds the policies, one file each: what an element may hold (its shape), and how one use of it becomes a step.
//
// They know no HTTP server: a step sees the exchange, its host, and what the Env hands in. The table in table.go is the only list of them.
// To add one, write its file, its archives in testdata, and its line in the table; set_status.go is a small one to begin with.
package policies
