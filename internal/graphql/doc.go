// Package graphql reads GraphQL schemas and requests, and executes requests with resolvers that are handed in. Parsing and validation are the
// library's (gqlparser); bounds, measures, execution and introspection are ours.
//
// It knows nothing of HTTP, policies or APIs. Start with schema.go, then operation.go and execute.go.
package graphql
