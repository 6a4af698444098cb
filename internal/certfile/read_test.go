package certfile_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/atelier-apim/atelier/internal/certfile"
)

func made(t testing.TB) (*ecdsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "orders.example", Organization: []string{"Example"}},
		NotBefore: time.Unix(1_700_000_000, 0), NotAfter: time.Unix(1_900_000_000, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, cert
}

func pemOf(t testing.TB, cert *x509.Certificate, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	out := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	if key == nil {
		return out
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return append(out, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...)
}

func archive(t testing.TB, e *pkcs12.Encoder, key *ecdsa.PrivateKey, cert *x509.Certificate, password string) []byte {
	t.Helper()
	out, err := e.Encode(key, cert, nil, password)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// counting is a structure that holds iteration counts the way an archive does.
func counting(t testing.TB, counts ...int) []byte {
	t.Helper()
	out, err := asn1.Marshal(counts)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryFormOfFileGivesTheCertificate(t *testing.T) {
	t.Parallel()
	key, cert := made(t)
	for _, c := range []struct {
		name     string
		data     []byte
		password string
		key      bool
	}{
		{"DER", cert.Raw, "", false},
		{"PEM", pemOf(t, cert, nil), "", false},
		{"PEM with key", pemOf(t, cert, key), "", true},
		{"archive of today", archive(t, pkcs12.Modern2023, key, cert, "pw"), "pw", true},
		{"archive of old tools", archive(t, pkcs12.LegacyDES, key, cert, "pw"), "pw", true},
	} {
		got, err := certfile.Read(c.data, c.password)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !got.Leaf.Equal(cert) || (got.Key != nil) != c.key {
			t.Errorf("%s: leaf %v, has key %v; want the certificate, and key %v", c.name, got.Leaf.Subject, got.Key != nil, c.key)
		}
		if got.Subject() != "CN=orders.example, O=Example" {
			t.Errorf("%s: subject is %q", c.name, got.Subject())
		}
		if print := got.Thumbprint(); len(print) != 40 || print != strings.ToUpper(print) {
			t.Errorf("%s: thumbprint is %q; want 40 upper-case digits", c.name, print)
		}
	}
}

func TestWhatIsNoCertificateIsRefusedInWords(t *testing.T) {
	t.Parallel()
	key, cert := made(t)
	other, _ := made(t)
	for _, c := range []struct {
		name     string
		data     []byte
		password string
		says     string
	}{
		{"nothing", nil, "", "empty"},
		{"a text", []byte("certificate"), "", "neither PKCS #12 nor PEM nor DER"},
		{"a wrong password", archive(t, pkcs12.Modern2023, key, cert, "pw"), "pv", "password"},
		{"PEM without certificate", []byte("-----BEGIN X-----\n-----END X-----\n"), "", "no certificate"},
		{"a key of another certificate", pemOf(t, cert, other), "", "another certificate"},
		{"an archive that asks for minutes of work", counting(t, 3_000_000), "pw", "iterations"},
		{"an archive that asks for it in parts", counting(t, 900_000, 900_000, 900_000), "pw", "iterations"},
		{"too much", make([]byte, certfile.MaxSize+1), "", "larger"},
	} {
		if _, err := certfile.Read(c.data, c.password); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want an error that says %q", c.name, err, c.says)
		}
	}
}

func FuzzRead(f *testing.F) {
	key, cert := made(f)
	f.Add(cert.Raw, "")
	f.Add(pemOf(f, cert, key), "")
	f.Add(archive(f, pkcs12.Modern2023.WithIterations(1), key, cert, "pw"), "pw")
	f.Fuzz(func(t *testing.T, data []byte, password string) {
		c, err := certfile.Read(data, password)
		if err == nil && c.Leaf == nil {
			t.Error("no error and no certificate")
		}
	})
}
