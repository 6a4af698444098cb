// Package rest holds no code: its tests run archives of exchanges with the management API against a started binary. An archive says its promise in the
// first line; what the commands mean stands in archive_test.go.
package rest
