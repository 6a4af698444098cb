package apim

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// The certificates that a gateway shows to a backend: those of the home, named by id or by thumbprint.

// complete writes certificates as full ids.
func (c *BackendCredentials) complete(home arm.ID) {
	if c == nil {
		return
	}
	for i := range c.CertificateID {
		c.CertificateID[i] = childID(home, "certificates", c.CertificateID[i])
	}
}

func certificateField(i int) string { return fmt.Sprintf("credentials.certificateIds[%d]", i) }
func thumbprintField(i int) string  { return fmt.Sprintf("credentials.certificate[%d]", i) }

// refs are the certificates. A thumbprint may have several; each is one that a gateway may show.
func (c *BackendCredentials) refs(l kind.Lookup, home arm.ID) (refs []kind.Ref) {
	if c == nil {
		return nil
	}
	for i, id := range c.CertificateID {
		refs = append(refs, kind.Ref{To: idOf(id), Field: certificateField(i)})
	}
	for i, t := range c.Certificate {
		for _, r := range byThumbprint(l, home, []string{policy.Thumbprint(t)}) {
			refs = append(refs, kind.Ref{To: r.ID, Field: thumbprintField(i)})
		}
	}
	return refs
}

// validate refuses certificates of other homes, and those without a private key: nobody can prove anything with them.
func (c *BackendCredentials) validate(w *kind.Typed[Backend]) error {
	if c == nil {
		return nil
	}
	for i, id := range c.CertificateID {
		if err := inHome(w.Write, certificateField(i), id, "certificates"); err != nil {
			return err
		}
		v, ok := kind.Of[Certificate](w.Lookup, idOf(id))
		if !ok {
			continue // Refs says so
		}
		if err := provesItself(certificateField(i), v); err != nil {
			return err
		}
	}
	for i, t := range c.Certificate {
		found := byThumbprint(w.Lookup, homeOf(w.ID), []string{policy.Thumbprint(t)})
		if len(found) == 0 {
			return arm.InvalidField(thumbprintField(i), "%s: there is no certificate with the thumbprint '%s' here; it must be one of the certificates of '%s'.", thumbprintField(i), t, homeOf(w.ID))
		}
		if err := provesItself(thumbprintField(i), found[0].Value.(*Certificate)); err != nil {
			return err
		}
	}
	return nil
}

func provesItself(field string, v *Certificate) error {
	c, err := OpenCertificate(v)
	if err != nil {
		return arm.InvalidField(field, "%s names a certificate that can't be read.", field)
	}
	if c.Key == nil {
		return arm.InvalidField(field, "%s names a certificate without its private key; upload it as a PKCS #12 archive, or as PEM text with its key.", field)
	}
	return nil
}
