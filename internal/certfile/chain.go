package certfile

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
)

// VerifyChain is a tls.Config's VerifyConnection that checks whose word a certificate is, but not whose name it bears.
func VerifyChain(c tls.ConnectionState) error {
	if len(c.PeerCertificates) == 0 {
		return errors.New("the server sent no certificate")
	}
	o := x509.VerifyOptions{Intermediates: x509.NewCertPool()}
	for _, above := range c.PeerCertificates[1:] {
		o.Intermediates.AddCert(above)
	}
	_, err := c.PeerCertificates[0].Verify(o)
	return err
}
