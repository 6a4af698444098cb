package apim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// HostnameConfiguration is a host name of a service. Its own one is always there and needs no certificate.
type HostnameConfiguration struct {
	Type                       string           `json:"type" rule:"required,enum=ConfigurationApi|DeveloperPortal|Management|Portal|Proxy|Scm"`
	HostName                   string           `json:"hostName" rule:"required,max=253"`
	KeyVaultID                 string           `json:"keyVaultId,omitempty" rule:"max=2000"`
	IdentityClientID           string           `json:"identityClientId,omitempty" rule:"max=64"`
	EncodedCertificate         string           `json:"encodedCertificate,omitempty" rule:"max=1500000"`
	CertificatePassword        string           `json:"certificatePassword,omitempty" rule:"max=1000"`
	DefaultSSLBinding          bool             `json:"defaultSslBinding"`
	NegotiateClientCertificate bool             `json:"negotiateClientCertificate"`
	Certificate                *CertificateInfo `json:"certificate,omitempty"`
	CertificateSource          string           `json:"certificateSource,omitempty"`
}

// AuthorityCertificate is a certificate that a service trusts.
type AuthorityCertificate struct {
	EncodedCertificate  string           `json:"encodedCertificate,omitempty" rule:"max=1500000"`
	CertificatePassword string           `json:"certificatePassword,omitempty" rule:"max=1000"`
	StoreName           string           `json:"storeName" rule:"required,enum=CertificateAuthority|Root"`
	Certificate         *CertificateInfo `json:"certificate,omitempty"`
}

// CertificateInfo is what is shown of a certificate.
type CertificateInfo struct {
	Expiry     time.Time `json:"expiry"`
	Thumbprint string    `json:"thumbprint"`
	Subject    string    `json:"subject"`
}

// Sources of a host name's certificate.
const (
	sourceBuiltIn = "BuiltIn"
	sourceCustom  = "Custom"
)

// secretsOfService are its certificates with their keys and passwords.
func secretsOfService(s *Service) []*string {
	var out []*string
	for i := range s.HostnameConfigurations {
		h := &s.HostnameConfigurations[i]
		out = append(out, &h.EncodedCertificate, &h.CertificatePassword)
	}
	for i := range s.Certificates {
		out = append(out, &s.Certificates[i].EncodedCertificate, &s.Certificates[i].CertificatePassword)
	}
	return out
}

// keepCertificates takes over what clients can't send back, because no answer shows it.
func keepCertificates(s, old *Service) {
	for i := range s.HostnameConfigurations {
		h := &s.HostnameConfigurations[i]
		for _, o := range old.HostnameConfigurations {
			if h.EncodedCertificate == "" && strings.EqualFold(h.HostName, o.HostName) && h.Type == o.Type {
				h.EncodedCertificate, h.CertificatePassword = o.EncodedCertificate, cmp.Or(h.CertificatePassword, o.CertificatePassword)
			}
		}
	}
	for i := range s.Certificates {
		a := &s.Certificates[i]
		for _, o := range old.Certificates {
			if a.EncodedCertificate == "" && a.Certificate != nil && o.Certificate != nil && strings.EqualFold(a.Certificate.Thumbprint, o.Certificate.Thumbprint) {
				a.EncodedCertificate, a.CertificatePassword = o.EncodedCertificate, cmp.Or(a.CertificatePassword, o.CertificatePassword)
			}
		}
	}
}

// readCertificates fills what is shown of the certificates from their data, whatever the body said of it.
func (c *Catalogue) readCertificates(w *kind.Typed[Service]) error {
	if w.Revived != nil || w.Old != nil { // what came from a service of another name had that one's own
		w.New.HostnameConfigurations = slices.DeleteFunc(w.New.HostnameConfigurations, func(h HostnameConfiguration) bool {
			return h.CertificateSource == sourceBuiltIn && !strings.EqualFold(h.HostName, c.hostOf(w.ID))
		})
	}
	for i := range w.New.HostnameConfigurations {
		h, field := &w.New.HostnameConfigurations[i], fmt.Sprintf("hostnameConfigurations[%d]", i)
		h.Certificate, h.CertificateSource = nil, ""
		switch {
		case h.KeyVaultID != "":
			return arm.InvalidField(field+".keyVaultId", "%s.keyVaultId: certificates are kept here; send encodedCertificate instead.", field)
		case h.EncodedCertificate != "":
			info, err := certificateInfo(field, h.EncodedCertificate, h.CertificatePassword)
			if err != nil {
				return err
			}
			h.Certificate, h.CertificateSource = info, sourceCustom
		case strings.EqualFold(h.HostName, c.hostOf(w.ID)):
			h.CertificateSource = sourceBuiltIn
		default:
			return arm.InvalidField(field+".encodedCertificate", "%s.encodedCertificate is required: a PKCS #12 archive in base64. Only the service's own host name needs none.", field)
		}
	}
	for i := range w.New.Certificates {
		a, field := &w.New.Certificates[i], fmt.Sprintf("certificates[%d]", i)
		if a.EncodedCertificate == "" {
			return arm.InvalidField(field+".encodedCertificate", "%s.encodedCertificate is required.", field)
		}
		info, err := certificateInfo(field, a.EncodedCertificate, a.CertificatePassword)
		if err != nil {
			return err
		}
		a.Certificate = info
	}
	return nil
}

func certificateInfo(field, data, password string) (*CertificateInfo, error) {
	c, err := OpenCertificate(&Certificate{Data: data, Password: password})
	if err != nil {
		return nil, arm.InvalidField(field+".encodedCertificate", "%s.encodedCertificate can't be read with this password. Send a PKCS #12 archive or a DER certificate in base64, or PEM text.", field)
	}
	return &CertificateInfo{Expiry: c.Leaf.NotAfter.UTC(), Thumbprint: c.Thumbprint(), Subject: c.Subject()}, nil
}

// hostOf is the host name that every service has from the start.
func (c *Catalogue) hostOf(service arm.ID) string {
	return strings.ToLower(service.Name()) + "." + c.GatewayDomain
}

// shownHostnames are the host names with the service's own one, which stands first unless the publisher gave it a place.
func (c *Catalogue) shownHostnames(service arm.ID, sent []HostnameConfiguration) []HostnameConfiguration {
	own, bound := c.hostOf(service), false
	at := -1
	for i, h := range sent {
		bound = bound || h.Type == "Proxy" && h.DefaultSSLBinding
		if h.Type == "Proxy" && strings.EqualFold(h.HostName, own) {
			at = i
		}
	}
	if at < 0 {
		sent = append([]HostnameConfiguration{{Type: "Proxy", HostName: own, CertificateSource: sourceBuiltIn}}, sent...)
		at = 0
	}
	if !bound {
		sent[at].DefaultSSLBinding = true
	}
	return sent
}
