package policy

import (
	"crypto"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
)

// ClientCertificate is what a gateway shows to a backend that asks who calls. It is immutable. Identity is the same for certificates that are, so
// that connections can be shared by those who hold the same one.
type ClientCertificate struct {
	TLS      tls.Certificate
	Identity [sha256.Size]byte
}

// NewClientCertificate makes one of a certificate, its private key, which the caller has found to belong to it, and the certificates above it.
func NewClientCertificate(leaf *x509.Certificate, chain []*x509.Certificate, key crypto.PrivateKey) *ClientCertificate {
	c := &ClientCertificate{TLS: tls.Certificate{Leaf: leaf, PrivateKey: key}, Identity: digest(leaf, chain)}
	for _, one := range append([]*x509.Certificate{leaf}, chain...) {
		c.TLS.Certificate = append(c.TLS.Certificate, one.Raw)
	}
	return c
}
