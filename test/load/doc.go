// Package load measures the management API of a started binary from outside, over HTTPS, as sixteen clients see it: durable writes that are in
// force when they are answered, lists, imports and the start, on 1,000 and on 100,000 APIs. It proves no behaviour; room rest does.
//
// Start with BenchmarkManagement (load_test.go).
package load
