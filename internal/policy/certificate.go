package policy

import (
	"crypto/x509"
	"slices"
	"strings"
	"unicode"
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
	return literalsOf(d, "certificate-id", "issuer-certificate-id")
}

// ThumbprintsOf lists the literal thumbprints by which a document refers to certificates that it proves itself with.
func ThumbprintsOf(d *Document) []string {
	var out []string
	for _, t := range literalsOf(d, "authentication-certificate/thumbprint") {
		out = append(out, Thumbprint(t))
	}
	return out
}

// Thumbprint is the usual form of a thumbprint as people copy it: hexadecimal in upper case, without blanks, colons and marks that can't be seen.
func Thumbprint(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ':' || r == '-' || unicode.IsSpace(r) || !unicode.IsPrint(r):
			return -1
		}
		return unicode.ToUpper(r)
	}, s)
}

// literalsOf are the values of attributes, which may be bound to an element by "element/name".
func literalsOf(d *Document, names ...string) (out []string) {
	d.each(func(n *Node) {
		for _, name := range names {
			element, bound, ok := strings.Cut(name, "/")
			if ok && n.Name != element {
				continue
			}
			if !ok {
				bound = name
			}
			if a := n.Attr(bound); a != nil && !a.Value.Expr {
				if _, _, _, isReference := reference(a.Value.s, 0); !isReference && !slices.Contains(out, a.Value.s) {
					out = append(out, a.Value.s)
				}
			}
		}
	})
	return out
}
