// Package keeper is the credential manager at work: it renews the tokens of connections ahead of their end (keeper.go), and takes people's consent to
// connections (consent.go) through two addresses of the control plane (page.go). What is kept of a connection stands, sealed, in its resource; gateways get
// tokens with their snapshots and ask nobody.
//
// It follows the store as a listener and writes through control alone. Providers and grants are room credential's.
package keeper
