package apim

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/certfile"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Certificate is a certificate that policies and backends use by id or thumbprint. What is shown is read from the data; the data is never shown.
type Certificate struct {
	Subject        string     `json:"subject,omitempty"`
	Thumbprint     string     `json:"thumbprint,omitempty"`
	ExpirationDate *time.Time `json:"expirationDate,omitempty"`
	KeyVault       any        `json:"keyVault,omitempty"`

	// The members below are only written.
	Data     string `json:"data,omitempty" rule:"max=1500000"` // PKCS #12 or DER in base64, or PEM text
	Password string `json:"password,omitempty" rule:"max=1000"`
}

func certificate() *kind.Kind {
	return kind.Entity[Certificate]{
		Type: "certificates", Noun: "Certificate", Under: serviceAndWorkspaces, Names: named(80), PutOnly: true, Publish: true,
		Filters: "name subject thumbprint expirationDate", Keep: failedInVault,
		View:    kind.View{One: "Certificate", Many: "Certificates", Summary: "Proves to backends who is calling.", Columns: []string{"subject", "thumbprint", "expirationDate"}},
		Secrets: func(v *Certificate) []*string { return []*string{&v.Data, &v.Password} },
		Actions: []kind.Action{refreshSecret("Certificate")},
		Prepare: func(_ context.Context, w *kind.Typed[Certificate]) error { return readCertificate(w.New) },
		Default: func(w *kind.Typed[Certificate]) error {
			if w.New.Data == "" && w.Old != nil && w.New.KeyVault == nil {
				*w.New = *w.Old // clients send a certificate back as they read it: without its data
			}
			return nil
		},
		Validate: func(w *kind.Typed[Certificate]) error {
			switch {
			case w.New.KeyVault != nil:
				return arm.InvalidField("keyVault", "keyVault: certificates are kept here; references to a key vault are not supported. Set data and password instead.")
			case w.New.Data == "":
				return arm.InvalidField("data", "data is required: a PKCS #12 archive or a DER certificate in base64, or PEM text.")
			}
			return nil
		},
		Claims: func(w *kind.Typed[Certificate]) []kind.Claim {
			return []kind.Claim{uniqueName(w.ID, "certificates", "Certificate")}
		},
	}.Kind()
}

// readCertificate fills what is shown of a certificate from its data.
func readCertificate(v *Certificate) error {
	if v.Data == "" {
		return nil
	}
	c, err := OpenCertificate(v)
	if err != nil {
		return err
	}
	expires := c.Leaf.NotAfter.UTC()
	v.Subject, v.Thumbprint, v.ExpirationDate = c.Subject(), c.Thumbprint(), &expires
	return nil
}

// OpenCertificate reads the data of a certificate.
func OpenCertificate(v *Certificate) (*certfile.Certificate, error) {
	raw, err := CertificateBytes(v)
	if err != nil {
		return nil, err
	}
	c, err := certfile.Read(raw, v.Password)
	if err != nil {
		return nil, arm.InvalidField("data", "data: the certificate can't be read: %s.", err)
	}
	return c, nil
}

// CertificateBytes is the data of a certificate as a file would hold it.
func CertificateBytes(v *Certificate) ([]byte, error) {
	raw := []byte(v.Data)
	if !strings.HasPrefix(strings.TrimSpace(v.Data), "-----BEGIN") {
		text := strings.NewReplacer("\r", "", "\n", "", " ", "").Replace(v.Data)
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, arm.InvalidField("data", "data must be base64 of a PKCS #12 archive or a DER certificate, or PEM text.")
		}
		raw = b
	}
	return raw, nil
}

// refreshSecret fetches a value from the key vault that it is kept in. Nothing here is kept in one, and the answer says so.
func refreshSecret(noun string) kind.Action {
	return kind.Action{Name: "refreshSecret", Do: func(c *kind.ActionCall) (any, error) {
		return nil, arm.Errorf(http.StatusBadRequest, "KeyVaultNotSupported", "%s '%s' is kept here and not in a key vault: there is nothing to refresh. Write the new value with PUT.", noun, c.ID.Name())
	}}
}

// failedInVault is the query for what a key vault did not give out again: nothing here is kept in one.
func failedInVault(_ kind.Lookup, _ arm.ID, q url.Values) func(*kind.Resource) bool {
	if !strings.EqualFold(q.Get("isKeyVaultRefreshFailed"), "true") {
		return nil
	}
	return func(*kind.Resource) bool { return false }
}
