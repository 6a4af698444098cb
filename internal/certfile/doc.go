// Package certfile reads certificates as people hand them in: PKCS #12 archives with a password, PEM text, or bare DER.
//
// It does not decide whether a certificate is trusted, and keeps nothing. Start with Read.
package certfile
