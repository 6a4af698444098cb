// Package sqlite keeps a usage.Store in a SQLite file of its own, so that no write of the control plane ever waits for sums, and the file can be thrown away
// without harm to anything else. One connection writes, two read; commits are not flushed one by one (synchronous=NORMAL): a loss of power may take the last
// of them.
//
// Start with sqlite.go.
package sqlite
