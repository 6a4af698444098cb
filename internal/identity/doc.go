// Package identity gets access tokens for the managed identities of services: from the installation's own issuer, or from an OAuth 2 token endpoint
// that the operator names in a file. It keeps tokens until shortly before they expire.
//
// It knows neither services nor policies: who may ask is decided before. Start with source.go.
package identity
