package policytest

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Certificates are those of a PEM text, in DER.
func Certificates(text string) (out [][]byte) {
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return out
		}
		if block.Type == "CERTIFICATE" {
			out = append(out, block.Bytes)
		}
	}
}

func (c *Case) clientCertificate(_ bool, a []string) error {
	if a[0] == "-" {
		c.exchange.sent = nil
		return nil
	}
	text, err := c.file(a[0])
	if c.exchange.sent = Certificates(text); err == nil && len(c.exchange.sent) == 0 {
		err = fmt.Errorf("%s holds no certificate", a[0])
	}
	return err
}

func (c *Case) authority(_ bool, a []string) error {
	text, err := c.file(a[0])
	if err != nil {
		return err
	}
	if c.exchange.trust == nil {
		c.exchange.trust = &policy.Trust{}
	}
	into := &c.exchange.trust.Roots
	if len(a) > 1 {
		into = &c.exchange.trust.Intermediates
	}
	for _, der := range Certificates(text) {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("%s: %w", a[0], err)
		}
		*into = append(*into, cert)
	}
	return nil
}

func (c *Case) backendCertificate(yes bool, a []string) error {
	got := "-"
	if c.backend.certificate != nil {
		got = c.backend.certificate.TLS.Leaf.Subject.CommonName
	}
	if (got == a[0]) != yes {
		return fmt.Errorf("the backend could see the certificate of %s", got)
	}
	return nil
}
