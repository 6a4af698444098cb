// Package directory keeps principals: people, groups, service principals and the applications behind them, who is a member of what, who
// administers the directory, what proves an identity (passwords, client secrets, certificates), and which other issuers are believed.
//
// Everything is a row of the store under /providers/Microsoft.Graph, so that one change log tells all. Look-ups are answered from an index
// in memory (index.go) that reads the log to its end before it answers: who was deleted, disabled or taken out of a group is so for the
// next request.
//
// It issues no tokens (authn does) and knows no roles of resources (authz does). Its face for clients is the small part of Microsoft
// Graph that SDKs, Terraform and our commands use (graph*.go).
//
// Start with Directory (directory.go) and Principal (principal.go).
package directory
