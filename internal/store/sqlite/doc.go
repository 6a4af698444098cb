// Package sqlite keeps a store.Store in one SQLite file: the embedded database of a single control plane.
//
// One writer, many readers. A goroutine (writer.go) lets queued Update functions run one after the other, each a step that can be undone (settle.go)
// of one shared transaction, and commits the group with synchronous=FULL; callers are answered after that commit, so that sixteen clients share
// one flush. Readers (pool.go) hold connections of their own and see the state of the last commit.
//
// It is not a general SQL layer: every statement stands in queries.sql under a name, every table in migrations/.
//
// Start with Open (sqlite.go), then group (writer.go).
package sqlite
