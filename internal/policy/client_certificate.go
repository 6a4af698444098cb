package policy

import (
	"crypto"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"slices"
)

// ClientCertificate is what a gateway shows to a backend that asks who calls. It is immutable. Identity is the same for certificates that are, so
// that connections can be shared by those who hold the same one.
type ClientCertificate struct {
	TLS      tls.Certificate
	Others   []tls.Certificate // shown to backends that ask for one of their authorities
	Identity [sha256.Size]byte
}

// Or adds a certificate that is shown where the backend names its authority and not that of the ones before.
func (c *ClientCertificate) Or(other *ClientCertificate) *ClientCertificate {
	joined := &ClientCertificate{TLS: c.TLS, Others: append(slices.Clone(c.Others), other.TLS)}
	joined.Identity = sha256.Sum256(append(c.Identity[:], other.Identity[:]...))
	return joined
}

// NewClientCertificate makes one of a certificate, its private key, which the caller has found to belong to it, and the certificates above it.
func NewClientCertificate(leaf *x509.Certificate, chain []*x509.Certificate, key crypto.PrivateKey) *ClientCertificate {
	c := &ClientCertificate{TLS: tls.Certificate{Leaf: leaf, PrivateKey: key}, Identity: digest(leaf, chain)}
	for _, one := range append([]*x509.Certificate{leaf}, chain...) {
		c.TLS.Certificate = append(c.TLS.Certificate, one.Raw)
	}
	return c
}
