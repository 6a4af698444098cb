package policy

import (
	"crypto/x509"
	"slices"
)

// Certificate is a certificate that policies may use by its id: an archive with its password, or the certificate alone.
type Certificate struct {
	PFX      []byte
	Password string
	DER      []byte
}

// NewCertificate makes one of what was uploaded: a bare certificate, or an archive or PEM text that may hold the private key.
func NewCertificate(data []byte, password string) *Certificate {
	if _, err := x509.ParseCertificate(data); err == nil {
		return &Certificate{DER: data}
	}
	return &Certificate{PFX: data, Password: password}
}

// Data is what was uploaded: the archive when there is one, otherwise the certificate.
func (c *Certificate) Data() []byte {
	if c.PFX != nil {
		return c.PFX
	}
	return c.DER
}

// Certificate finds a certificate of the home by its id, which ignores case.
func (h *Home) Certificate(id string) *Certificate { return lookup(h.Certificates, id) }

// CertificatesOf lists the certificates that a document refers to by literal ids, each once and in order of appearance.
func CertificatesOf(d *Document) (ids []string) {
	var walk func(*Node)
	walk = func(n *Node) {
		if a := n.Attr("certificate-id"); a != nil && !a.Value.Expr {
			if _, _, _, isReference := reference(a.Value.s, 0); !isReference && !slices.Contains(ids, a.Value.s) {
				ids = append(ids, a.Value.s)
			}
		}
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(d.Root)
	return ids
}
