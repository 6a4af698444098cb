package gateway_test

import (
	"crypto/tls"
	"net"

	"github.com/atelier-apim/atelier/internal/policy/policytest"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// listenTLS opens the door at which callers may show a certificate.
func (c *outside) listenTLS() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	c.tlsAt = listener.Addr().String()
	go c.server.ServeTLS(&from{listener, c}) //nolint:errcheck // the test ends it
}

// dial calls the gateway: with TLS when the caller has a certificate.
func (c *outside) dial() (net.Conn, error) {
	if c.certificate == nil {
		return net.Dial("tcp", c.at)
	}
	return tls.Dial("tcp", c.tlsAt, &tls.Config{
		ServerName: "gateway.example", InsecureSkipVerify: true, //nolint:gosec // a test
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return c.certificate, nil },
	})
}

// clientCertificate reads the caller's certificates with the key of the first.
func (c *outside) clientCertificate(_ bool, a []string) error {
	if a[0] == "-" {
		c.certificate = nil
		return nil
	}
	pair, err := tls.X509KeyPair([]byte(c.files[a[0]]), []byte(c.files[a[0]]))
	c.certificate = &pair
	return err
}

func (c *outside) authority(_ bool, a []string) error {
	for _, der := range policytest.Certificates(c.files[a[0]]) {
		c.authorities = append(c.authorities, snapshot.Authority{DER: der, Root: len(a) == 1})
	}
	c.changed = true
	return nil
}
