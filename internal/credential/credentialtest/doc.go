// Package credentialtest is a provider of tokens for tests: a small OAuth 2.0 server that keeps to the rules which clients depend on. It checks clients,
// redirect URLs and PKCE, takes each code and each refresh token once, and tells what it was asked.
package credentialtest
