// Package arm holds the words of Azure Resource Manager: resource ids and the paths that name them, api-versions,
// the resource envelope, error bodies, ETags, pages, filters and asynchronous operations.
//
// It knows no kind, no store and no HTTP server, and imports nothing of ours. Start with ID (id.go) and Error (error.go).
package arm
