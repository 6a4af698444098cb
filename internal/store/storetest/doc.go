// Package storetest is what every store must do, as tests: a store's own test calls Run (and Crash, which kills a process), so that no
// two stores can drift apart. It is not a test of any one store's files or SQL.
//
// Start with Run (run.go).
package storetest
