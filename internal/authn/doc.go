// Package authn finds out who is calling: it issues and verifies access tokens, and speaks the part of the Microsoft identity platform
// that SDKs, Terraform and the console use (token endpoint, authorization code with PKCE, OpenID configuration, keys, ARM metadata).
//
// Programs prove themselves by a secret or a certificate (assertion.go); tokens of issuers that a directory administrator made known stand for
// principals of ours (external.go). Every sign-in is told to an audit (audit.go).
//
// It does not decide what a caller may do (authz does) and keeps no passwords (directory does). Signing keys and sessions are rows of the
// store under /providers/Atelier.Identity, the keys sealed.
//
// Start with Service (service.go); Verify (verify.go) runs on every request, Handler (handler.go) is the outside.
package authn
