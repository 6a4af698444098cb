package lib

import (
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	certificateT  = types.Class("System.Security.Cryptography.X509Certificates.X509Certificate")
	certificate2T = types.Class("System.Security.Cryptography.X509Certificates.X509Certificate2")
	publicKeyT    = types.Class("System.Security.Cryptography.X509Certificates.PublicKey")
	x500NameT     = types.Class("System.Security.Cryptography.X509Certificates.X500DistinguishedName")
	oidT          = types.Class("System.Security.Cryptography.Oid")
	contentType   = types.EnumOf("System.Security.Cryptography.X509Certificates.X509ContentType", "Unknown", "Cert", "SerializedCert", "Pfx", "SerializedStore", "Pkcs7", "Authenticode")
	nameType      = types.EnumOf("System.Security.Cryptography.X509Certificates.X509NameType", "SimpleName", "EmailName", "UpnName", "DnsName", "DnsFromAlternativeName", "UrlName")
)

// Certificate is an X509Certificate2.
type Certificate struct {
	cert     *x509.Certificate
	key      any
	friendly string
	verified func(leaf *x509.Certificate, at time.Time) error // nil for the roots of the system
}

// VerifiedBy lets somebody else say whether the chain is trusted. It is for the maker of the certificate.
func (c *Certificate) VerifiedBy(f func(leaf *x509.Certificate, at time.Time) error) { c.verified = f }

// NetType implements types.Typed.
func (*Certificate) NetType() *types.Type { return certificate2T }

// NetString implements types.Text.
func (c *Certificate) NetString() string {
	return "[Subject]\n  " + distinguishedName(c.cert.RawSubject) + "\n\n[Issuer]\n  " + distinguishedName(c.cert.RawIssuer) +
		"\n\n[Serial Number]\n  " + c.serial() + "\n\n[Not Before]\n  " + localDate(c.cert.NotBefore.Unix()).NetString() +
		"\n\n[Not After]\n  " + localDate(c.cert.NotAfter.Unix()).NetString() + "\n\n[Thumbprint]\n  " + c.thumbprint() + "\n"
}

// NetEquals implements types.Equatable.
func (c *Certificate) NetEquals(other types.Value) bool {
	d, ok := other.(*Certificate)
	return ok && d != nil && c.cert.Equal(d.cert)
}

// NetHash implements types.Equatable.
func (c *Certificate) NetHash() int32 { return types.Hash(c.thumbprint()) }

// NewCertificate reads a certificate: DER, PEM, or a PKCS #12 archive with its
// password. The error is a CryptographicException.
func NewCertificate(env *types.Env, data []byte, password string) (*Certificate, error) {
	if err := firstError(env.Step(int64(len(data))), env.Charge(4*len(data))); err != nil {
		return nil, err
	}
	der := data
	if block, _ := pem.Decode(data); block != nil && block.Type == "CERTIFICATE" {
		der = block.Bytes
	}
	if cert, err := x509.ParseCertificate(der); err == nil {
		return &Certificate{cert: cert}, nil
	}
	if len(der) == 0 || der[0] != 0x30 {
		return nil, cryptographic("Cannot find the requested object.")
	}
	cert, key, err := openArchive(env, der, password)
	if err != nil {
		return nil, err
	}
	return &Certificate{cert: cert, key: key}, nil
}

func localDate(unix int64) DateTime {
	return DateTime{(unix + unixSeconds) * ticksPerSecond, localKind}
}

func (c *Certificate) hash() []byte {
	sum := sha1.Sum(c.cert.Raw)
	return sum[:]
}

func (c *Certificate) thumbprint() string { return upperHexText(c.hash()) }

func upperHexText(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

func (c *Certificate) serial() string {
	b := c.cert.SerialNumber.Bytes()
	if len(b) == 0 {
		b = []byte{0}
	}
	if b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return upperHexText(b)
}

// attributeNames are the short names of the parts of a distinguished name.
var attributeNames = map[string]string{
	"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "S", "2.5.4.9": "STREET", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "T",
	"2.5.4.4": "SN", "2.5.4.42": "G", "2.5.4.43": "I", "2.5.4.5": "SERIALNUMBER", "1.2.840.113549.1.9.1": "E", "0.9.2342.19200300.100.1.25": "DC",
}

// distinguishedName writes a name as .NET does: the last part first.
func distinguishedName(raw []byte) string {
	var rdns pkix.RDNSequence
	if _, err := asn1.Unmarshal(raw, &rdns); err != nil {
		return ""
	}
	var parts []string
	for i := len(rdns) - 1; i >= 0; i-- {
		var pieces []string
		for _, a := range rdns[i] {
			name, ok := attributeNames[a.Type.String()]
			if !ok {
				name = "OID." + a.Type.String()
			}
			value, _ := a.Value.(string)
			pieces = append(pieces, name+"="+quoteName(value))
		}
		parts = append(parts, strings.Join(pieces, " + "))
	}
	return strings.Join(parts, ", ")
}

func quoteName(s string) string {
	if s == "" || strings.ContainsAny(s, ",+=\"\n<>#;") || strings.TrimSpace(s) != s {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// nameInfo is GetNameInfo: the text of a kind of name, of subject or issuer.
func (c *Certificate) nameInfo(kind int64, issuer bool) string {
	name := c.cert.Subject
	if issuer {
		name = c.cert.Issuer
	}
	first := func(s []string) string {
		if len(s) > 0 && !issuer {
			return s[0]
		}
		return ""
	}
	switch kind {
	case 1:
		return first(c.cert.EmailAddresses)
	case 3, 4:
		if dns := first(c.cert.DNSNames); dns != "" || kind == 4 {
			return dns
		}
		return name.CommonName
	case 5:
		if len(c.cert.URIs) > 0 && !issuer {
			return c.cert.URIs[0].String()
		}
		return ""
	case 2:
		return ""
	}
	for _, s := range [][]string{{name.CommonName}, name.OrganizationalUnit, name.Organization, c.cert.EmailAddresses} {
		if len(s) > 0 && s[0] != "" {
			return s[0]
		}
	}
	return ""
}

func (c *Certificate) rsaPublic() *Key {
	if k, ok := c.cert.PublicKey.(*rsa.PublicKey); ok {
		return &Key{public: k}
	}
	return nil
}

func (c *Certificate) rsaPrivate() *Key {
	if k, ok := c.key.(*rsa.PrivateKey); ok {
		return &Key{private: k, public: &k.PublicKey}
	}
	return nil
}

// publicBytes is the key inside the subject public key info.
func (c *Certificate) publicBytes() []byte {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.cert.RawSubjectPublicKeyInfo, &info); err != nil {
		return nil
	}
	return info.Key.Bytes
}

func (c *Certificate) algorithms() (key, signature string) {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	_, _ = asn1.Unmarshal(c.cert.RawSubjectPublicKeyInfo, &info) // parsed once already
	var cert struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	_, _ = asn1.Unmarshal(c.cert.Raw, &cert)
	return info.Algorithm.Algorithm.String(), cert.Algorithm.Algorithm.String()
}

// verify checks the chain up to the roots of the system at the time of env.
// Revocation is not looked up: an expression does not use the network.
func (c *Certificate) verify(env *types.Env) (bool, error) {
	if err := env.Step(privateSteps); err != nil {
		return false, err
	}
	if c.verified != nil {
		return c.verified(c.cert, env.Now()) == nil, nil
	}
	_, err := c.cert.Verify(x509.VerifyOptions{CurrentTime: env.Now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err == nil, nil
}
