// Package credential speaks OAuth 2.0 to providers of tokens as a client (RFC 6749, PKCE of RFC 7636): which providers there are and what each needs
// (table.go), what a client is made of (client.go), and the grants (grant.go). It keeps nothing and stores nothing: see room keeper.
//
// What goes out goes through a function that is handed in, so that the rules for outgoing calls hold. Errors are a *Fault, whose text holds no secret.
package credential
