// Package access is Microsoft.Authorization: role definitions, role assignments and deny assignments as kinds, declared over the pure rules of authz; the
// answers beside them (checkAccess, permissions, the operations that roles can name); and the listener that keeps the index of authz in step with the store.
//
// It decides nothing itself: authz does. Where to start: role_assignment.go, then follow.go.
package access
