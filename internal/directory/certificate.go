package directory

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // Entra names certificates by their SHA-1; nothing is trusted for it
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/store"
)

// Bounds of an application's certificates.
const (
	maxCertificates = 32
	minRSABits      = 2048
)

// certificateDoc is a certificate by which an application may prove who it is. It is public and stored as it is.
type certificateDoc struct {
	KeyID       string    `json:"keyId"`
	DisplayName string    `json:"displayName,omitempty"`
	Start       time.Time `json:"startDateTime"`
	End         time.Time `json:"endDateTime"`
	DER         []byte    `json:"key"`
}

// Certificate is one of an application's certificates, parsed.
type Certificate struct {
	KeyID string
	X509  *x509.Certificate
}

// Thumbprints are the names by which a client assertion says which certificate signed it: x5t and x5t#S256, as BASE64URL.
func (c Certificate) Thumbprints() (sha1sum, sha256sum string) {
	one, two := sha1.Sum(c.X509.Raw), sha256.Sum256(c.X509.Raw) //nolint:gosec // a name
	return base64.RawURLEncoding.EncodeToString(one[:]), base64.RawURLEncoding.EncodeToString(two[:])
}

// NewCertificate is a certificate as Graph's keyCredentials carry it. One with a KeyID and without a Key stays as it is.
type NewCertificate struct {
	KeyID       string     `json:"keyId"`
	DisplayName string     `json:"displayName"`
	Type        string     `json:"type"`
	Usage       string     `json:"usage"`
	Key         []byte     `json:"key"` // base64 of DER, or of PEM
	Start       *time.Time `json:"startDateTime"`
	End         *time.Time `json:"endDateTime"`
}

// SetCertificates replaces the certificates of an application, as PATCH of keyCredentials does.
func (d *Directory) SetCertificates(ctx context.Context, by store.Actor, objectID string, list []NewCertificate) error {
	if len(list) > maxCertificates {
		return badRequest("An application has at most %d key credentials.", maxCertificates)
	}
	return d.changeApplication(ctx, by, objectID, func(doc *applicationDoc) error {
		kept := map[string]certificateDoc{}
		for _, c := range doc.Certificates {
			kept[strings.ToLower(c.KeyID)] = c
		}
		doc.Certificates = nil
		for _, n := range list {
			c, old := kept[strings.ToLower(n.KeyID)]
			if !old || len(n.Key) > 0 {
				var err error
				if c, err = certificateOf(n); err != nil {
					return err
				}
			}
			doc.Certificates = append(doc.Certificates, c)
		}
		return nil
	})
}

// certificateOf checks a certificate: its kind, its key, and that it lives.
func certificateOf(n NewCertificate) (certificateDoc, error) {
	none := certificateDoc{}
	if n.Type != "" && !strings.EqualFold(n.Type, "AsymmetricX509Cert") || n.Usage != "" && !strings.EqualFold(n.Usage, "Verify") {
		return none, badRequest("A key credential has the type AsymmetricX509Cert and the usage Verify.")
	}
	der := n.Key
	if block, _ := pem.Decode(der); block != nil {
		der = block.Bytes
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return none, badRequest("Key credentials must hold an X.509 certificate, DER or PEM, without its private key.")
	}
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() < minRSABits {
			return none, badRequest("The certificate's RSA key has %d bits; %d are needed.", key.N.BitLen(), minRSABits)
		}
	case *ecdsa.PublicKey:
	default:
		return none, badRequest("The certificate's key is neither RSA nor ECDSA.")
	}
	c := certificateDoc{KeyID: n.KeyID, DisplayName: n.DisplayName, Start: cert.NotBefore, End: cert.NotAfter, DER: der}
	if _, err := uuid.Parse(c.KeyID); err != nil {
		c.KeyID = uuid.NewString()
	}
	if c.DisplayName == "" {
		c.DisplayName = cert.Subject.String()
	}
	if n.Start != nil && n.Start.After(c.Start) {
		c.Start = *n.Start
	}
	if n.End != nil && n.End.Before(c.End) {
		c.End = *n.End
	}
	return c, checkDisplayName(c.DisplayName)
}

// Certificates are those of a program's certificates that are valid now, and the program. ErrUnknown: no such client id, or no service principal for it.
func (d *Directory) Certificates(appID string) (Principal, []Certificate, error) {
	var app applicationDoc
	var p Principal
	var known, principal bool
	if err := d.read(func(x *index) {
		app, known = x.apps[x.appObject[strings.ToLower(appID)]]
		p, principal = x.principals[x.byApp[strings.ToLower(appID)]]
	}); err != nil {
		return Principal{}, nil, err
	}
	if !known || !principal {
		return Principal{}, nil, ErrUnknown
	}
	var out []Certificate
	for _, c := range app.Certificates {
		if now := d.now(); now.Before(c.Start) || !now.Before(c.End) {
			continue
		}
		if cert, err := x509.ParseCertificate(c.DER); err == nil {
			out = append(out, Certificate{c.KeyID, cert})
		}
	}
	return p, out, nil
}

// KeyCredential is a certificate as far as Graph tells it: the key itself is left out of lists.
type KeyCredential struct {
	KeyID       string    `json:"keyId"`
	DisplayName string    `json:"displayName,omitempty"`
	Type        string    `json:"type"`
	Usage       string    `json:"usage"`
	Thumbprint  string    `json:"customKeyIdentifier"`
	Start       time.Time `json:"startDateTime"`
	End         time.Time `json:"endDateTime"`
}

func keyCredentialsOf(docs []certificateDoc) []KeyCredential {
	out := []KeyCredential{}
	for _, c := range docs {
		sum := sha1.Sum(c.DER) //nolint:gosec // a name
		out = append(out, KeyCredential{c.KeyID, c.DisplayName, "AsymmetricX509Cert", "Verify", fmt.Sprintf("%X", sum), c.Start, c.End})
	}
	return out
}
