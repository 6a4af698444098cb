// Package policytest runs policy cases: archives of a script, policies, requests and replies. The gateway's own engine runs them in process,
// with a clock that stands still and a backend that records what it saw.
//
// It matches no routes and checks no keys: a case says which API, operation and subscription a request has. Start with words.go;
// docs/testing-policies.md is the guide.
package policytest
