// Package egress fetches documents on behalf of callers of the control plane (imports and policies by link) without letting them reach into the
// installation's own network: only public addresses are dialled, and those that the operator allows.
//
// The decision is made on the address that is really dialled, after resolution and at every redirect. It is not for gateways, whose backends
// live in private networks. There is one function to know: New.
package egress
