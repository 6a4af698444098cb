// Package authn finds out who is calling: it issues and verifies access tokens, and speaks the part of the Microsoft identity platform
// that SDKs, Terraform and the console use (token endpoint, authorization code with PKCE, OpenID configuration, keys, ARM metadata).
//
// It does not decide what a caller may do (authz does) and keeps no passwords (directory does). Signing keys and sessions are rows of the
// store under /providers/Atelier.Identity, the keys sealed.
//
// Start with Service (service.go); Verify (verify.go) runs on every request, Handler (handler.go) is the outside.
package authn
