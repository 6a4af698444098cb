// Package proto reads .proto documents, as far as a gateway needs them: which services there are, and their methods. A document is read by itself:
// what it imports is neither fetched nor looked up, so the types of methods are names.
//
// Start with read.go.
package proto
