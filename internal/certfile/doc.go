// Package certfile reads certificates as people hand them in: PKCS #12 archives with a password, PEM text, or bare DER.
//
// It keeps nothing, and does not say whom to trust; VerifyChain is the check for connections that trust a chain whatever its name. Start with Read.
package certfile
