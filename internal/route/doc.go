// Package route decides which API and which operation a request means. It is pure: paths, templates and prefixes in, matches out; it
// knows no HTTP server, no snapshot and no policy, and imports nothing of ours.
//
// The gateway builds its table on it (Tree, Operations) and parses every request path with it, once (Path); the control plane refuses
// what would collide on a gateway with it (ParsePrefix, ParseTemplate, Conflicts), so the two can never disagree about what a path means.
// Start with path.go, then tree.go and operations.go.
//
// Paths are compared without case, as the service does: an operation that a policy guards cannot be reached by another spelling.
package route
