// Package token reads JSON web tokens as hostile input: it takes them apart, decrypts and verifies them with keys that were chosen before the
// token was looked at, and knows where an issuer's keys come from. It decides nothing about audiences, times or claims: policies do.
//
// Which algorithms a key takes follows from the key alone (RFC 8725, section 3.1). Header members that would name a key by themselves (jku, jwk,
// x5u) and extensions (crit, zip, p2c) are refused. Start with token.go, then key.go and provider.go.
package token
