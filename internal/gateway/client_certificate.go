package gateway

import (
	"crypto/tls"
	"crypto/x509"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// asking is a handler some of whose host names ask callers for a client certificate.
type asking interface{ AsksForCertificate(serverName string) bool }

// askingWhere asks for a certificate on connections to host names that want one. Nothing is demanded and nothing is checked, but that the caller holds
// the key: policies decide. Host names that don't ask spare people with certificates in their browsers the question.
func askingWhere(h asking, config *tls.Config) func(*tls.ClientHelloInfo) (*tls.Config, error) {
	asked := config.Clone()
	asked.ClientAuth = tls.RequestClientCert
	return func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if h.AsksForCertificate(hello.ServerName) {
			return asked, nil
		}
		return nil, nil // the usual one
	}
}

// AsksForCertificate says whether connections to a host name are asked for a client certificate.
func (s *Set) AsksForCertificate(name string) bool {
	g := s.hosts.Load().choose(name)
	return g != nil && g.AsksForCertificate(name)
}

// AsksForCertificate says whether connections to the gateway are asked for a client certificate.
func (g *Gateway) AsksForCertificate(string) bool {
	t := g.table.Load()
	return t != nil && t.snapshot.Gateway.AsksForCertificate
}

// acceptCertificate takes the certificate that the connection was made with. Header lines that tell of one say nothing: anybody can send them.
func (x *exchange) acceptCertificate(sent []*x509.Certificate) {
	q := &x.Request
	q.Certificate, q.Authorities = sent[0].Raw, nil
	for _, c := range sent[1:] {
		q.Authorities = append(q.Authorities, c.Raw)
	}
	if x.Deployment != nil {
		q.Trust = x.Deployment.Trust
	}
}

// trustOf is what a service says about authorities. One that can't be read vouches for nobody.
func trustOf(list []snapshot.Authority) *policy.Trust {
	t := &policy.Trust{}
	for _, a := range list {
		c, err := x509.ParseCertificate(a.DER)
		switch {
		case err != nil:
		case a.Root:
			t.Roots = append(t.Roots, c)
		default:
			t.Intermediates = append(t.Intermediates, c)
		}
	}
	return t
}
