package certfile

import (
	"bytes"
	"crypto"
	"crypto/sha1" //nolint:gosec // the thumbprint by which the platform names certificates; nothing is trusted for it
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"
)

// MaxSize bounds what Read looks at, in bytes.
const MaxSize = 1 << 20

// maxIterations bounds the key derivation that an archive may ask for: reading one must not take seconds.
const maxIterations = 2_000_000

// Certificate is what a file held: the leaf, the certificates that came with it, and the leaf's private key when there was one.
type Certificate struct {
	Leaf  *x509.Certificate
	Chain []*x509.Certificate
	Key   crypto.PrivateKey // nil for a certificate alone
}

// Read finds out the form of data and reads it. password opens a PKCS #12 archive and is not looked at otherwise.
func Read(data []byte, password string) (*Certificate, error) {
	switch {
	case len(data) == 0:
		return nil, errors.New("it is empty")
	case len(data) > MaxSize:
		return nil, fmt.Errorf("it is larger than %d KiB", MaxSize>>10)
	case bytes.HasPrefix(bytes.TrimSpace(data), []byte("-----BEGIN")):
		return readPEM(data)
	}
	if certs, err := x509.ParseCertificates(data); err == nil && len(certs) > 0 {
		return &Certificate{Leaf: certs[0], Chain: certs[1:]}, nil
	}
	return readArchive(data, password)
}

func readPEM(data []byte) (*Certificate, error) {
	out := &Certificate{}
	for {
		var block *pem.Block
		block, data = pem.Decode(data)
		if block == nil {
			break
		}
		switch {
		case block.Type == "CERTIFICATE":
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("a certificate in it can't be read: %w", err)
			}
			if out.Leaf == nil {
				out.Leaf = c
			} else {
				out.Chain = append(out.Chain, c)
			}
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			key, err := privateKey(block.Bytes)
			if err != nil {
				return nil, err
			}
			out.Key = key
		}
	}
	if out.Leaf == nil {
		return nil, errors.New("the PEM text holds no certificate")
	}
	return out, out.match()
}

func privateKey(der []byte) (crypto.PrivateKey, error) {
	if k, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return k, nil
	}
	if k, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return k, nil
	}
	if k, err := x509.ParseECPrivateKey(der); err == nil {
		return k, nil
	}
	return nil, errors.New("the private key in it can't be read; use PKCS #8, PKCS #1 or SEC 1 without encryption")
}

func readArchive(data []byte, password string) (*Certificate, error) {
	if derivations(data, 0) > maxIterations {
		return nil, errors.New("the archive asks for too many iterations of its key derivation")
	}
	key, leaf, chain, err := pkcs12.DecodeChain(data, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return nil, errors.New("the password does not open the archive")
	case err != nil:
		return nil, fmt.Errorf("it is neither PKCS #12 nor PEM nor DER: %w", err)
	}
	out := &Certificate{Leaf: leaf, Chain: chain, Key: key}
	return out, out.match()
}

// match refuses a private key that is not the leaf's.
func (c *Certificate) match() error {
	signer, ok := c.Key.(crypto.Signer)
	if !ok {
		return nil
	}
	public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(c.Leaf.PublicKey) {
		return errors.New("the private key in it belongs to another certificate")
	}
	return nil
}

// derivations sums the small integers of an archive outside certificates, among which are all iteration counts. Octet strings hold further
// structures two levels deep; the third holds certificates.
func derivations(der []byte, level int) int64 {
	var total int64
	for len(der) > 0 && total <= maxIterations {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			return total
		}
		universal := v.Class == asn1.ClassUniversal
		switch {
		case v.IsCompound && level < 32:
			total += derivations(v.Bytes, level)
		case universal && v.Tag == asn1.TagOctetString && level < 2:
			total += derivations(v.Bytes, level+1)
		case universal && v.Tag == asn1.TagInteger && len(v.Bytes) <= 8:
			total += count(v.Bytes)
		}
		der = rest
	}
	return total
}

func count(b []byte) int64 {
	var n int64
	for _, digit := range b {
		n = n<<8 | int64(digit)
	}
	if n < 0 || n > maxIterations {
		return maxIterations + 1
	}
	return n
}

// Thumbprint is the SHA-1 digest of the leaf in upper-case hexadecimal, the form in which the platform names certificates.
func (c *Certificate) Thumbprint() string {
	sum := sha1.Sum(c.Leaf.Raw) //nolint:gosec // see the import
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// Subject is the leaf's subject, most specific part first: "CN=orders.example, O=Example".
func (c *Certificate) Subject() string {
	var rdns pkix.RDNSequence
	if _, err := asn1.Unmarshal(c.Leaf.RawSubject, &rdns); err != nil {
		return c.Leaf.Subject.String()
	}
	var parts []string
	for _, rdn := range slices.Backward(rdns) {
		parts = append(parts, pkix.RDNSequence{rdn}.String())
	}
	return strings.Join(parts, ", ")
}
