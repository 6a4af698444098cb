// Package access is Microsoft.Authorization as kinds: role definitions and role assignments, declared over the pure rules of authz, and
// the listener that keeps the index of authz in step with the store. Where to start: role_assignment.go.
package access
