// Package lsp speaks the Language Server Protocol (3.17) over one pair of streams, so that any editor checks and completes policy documents as
// gateways read them. It knows whole documents only (full synchronisation), one client at a time. What it says comes from policy/editor. Start with
// server.go.
package lsp
