package sqldata

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/atelier-apim/atelier/internal/certfile"
)

// tlsConfig is how a server must show itself.
func tlsConfig(t *Target, own *tls.Certificate) *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: cmp.Or(t.NameInCert, t.Host), DynamicRecordSizingDisabled: t.Engine == SQLServer}
	if t.Secrecy < Verified {
		c.InsecureSkipVerify = true //nolint:gosec // the connection string says so
	}
	if t.Secrecy == Chained {
		c.VerifyConnection = certfile.VerifyChain
	}
	if own != nil {
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return own, nil }
	}
	return c
}

// unreachable says why a server gives no connection, as far as its cause is known.
func unreachable(t *Target, err error) *Error {
	var ours *Error
	if errors.As(err, &ours) {
		return ours
	}
	e := &Error{Kind: Unreachable, Cause: err, Message: fmt.Sprintf("%s gives no connection", t.Engine)}
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var refused interface{ Refusal() string }
	switch {
	case errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid):
		e.Message = fmt.Sprintf("the certificate of %s is not trusted: %v", t.Engine, errors.Join(certificateOf(err)))
	case errors.As(err, &refused):
		e.Message = fmt.Sprintf("%s can't be reached: %s", t.Engine, refused.Refusal())
	case errors.Is(err, context.DeadlineExceeded):
		e.Message = fmt.Sprintf("%s gives no connection in time", t.Engine)
	}
	return e
}

// certificateOf is what is wrong with the certificate, without what the driver says around it.
func certificateOf(err error) error {
	var v *tls.CertificateVerificationError
	if errors.As(err, &v) {
		return v.Err
	}
	return err
}
