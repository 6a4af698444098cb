package localca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// Lifetimes. Clients trust the authority by hand, so it lasts; a leaf is renewed in passing and may be short.
const (
	authorityLife = 10 * 365 * 24 * time.Hour
	leafLife      = 90 * 24 * time.Hour
	renewBefore   = 30 * 24 * time.Hour
	clockSkew     = time.Hour // certificates begin this much earlier, for clients whose clock is behind
)

// Authority signs leaf certificates.
type Authority struct {
	cert *x509.Certificate
	key  crypto.Signer
	now  func() time.Time
}

// Generate makes a new authority and returns its certificate and private key (PKCS #8), both as PEM. The key is for Load alone: seal it.
func Generate(now time.Time) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make the local authority: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return nil, nil, fmt.Errorf("make the local authority: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{Organization: []string{"Atelier"}, CommonName: "Atelier local authority " + serial.Text(16)[:8]},
		NotBefore:             now.Add(-clockSkew),
		NotAfter:              now.Add(authorityLife),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true, // it signs leaves, never another authority
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, fmt.Errorf("make the local authority: %w", err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("make the local authority: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), nil
}

// Load takes what Generate returned. now is the clock that lifetimes are measured by; nil is time.Now.
func Load(certPEM, keyPEM []byte, now func() time.Time) (*Authority, error) {
	if now == nil {
		now = time.Now
	}
	cert, key := decodePEM(certPEM, "CERTIFICATE"), decodePEM(keyPEM, "PRIVATE KEY")
	if cert == nil || key == nil {
		return nil, errors.New("load the local authority: certificate or key is not PEM")
	}
	c, err := x509.ParseCertificate(cert)
	if err != nil {
		return nil, fmt.Errorf("load the local authority: %w", err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(key)
	if err != nil {
		return nil, errors.New("load the local authority: the private key is damaged") // the parser's words may quote it
	}
	signer, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || !signer.PublicKey.Equal(c.PublicKey) {
		return nil, errors.New("load the local authority: certificate and key don't belong together")
	}
	if !now().Before(c.NotAfter) {
		return nil, fmt.Errorf("load the local authority: its certificate ended on %s", c.NotAfter.Format(time.DateOnly))
	}
	return &Authority{cert: c, key: signer, now: now}, nil
}

func decodePEM(text []byte, kind string) []byte {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != kind {
		return nil
	}
	return block.Bytes
}

// PEM is the authority's certificate, which clients have to trust: the content of ca.pem.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// Certificate is the authority's certificate.
func (a *Authority) Certificate() *x509.Certificate { return a.cert }

// newSerial is 127 random bits: unique without a register, positive as RFC 5280 asks.
func newSerial() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
}
