package lib

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
	"software.sslmate.com/src/go-pkcs12"
)

func TestHashesAndMACs(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	for _, c := range []struct {
		name, key, data, want string
	}{
		{"SHA256", "", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"MD5", "", "", "d41d8cd98f00b204e9800998ecf8427e"},
		{"HMACSHA256", "key", "The quick brown fox jumps over the lazy dog", "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"},
	} {
		h := hashByName(env, c.name)
		if c.key != "" {
			h.key = []byte(c.key)
		}
		out, err := h.compute(env, []byte(c.data))
		if err != nil || hex.EncodeToString(out.B) != c.want {
			t.Errorf("%s of %q: got %x %v, want %s", c.name, c.data, out.B, err, c.want)
		}
	}
	if h := hashByName(env, "CRC"); h != nil {
		t.Errorf("CRC is no hash here, got %v", h)
	}
}

func TestCiphersOpenWhatTheySealed(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	for _, name := range []string{"Aes", "TripleDES", "DES"} {
		for mode := int64(1); mode <= 2; mode++ {
			for _, padding := range []int64{2, 4, 5} {
				s := newSymmetric(name)
				s.mode, s.padding = mode, padding
				sealed, err := s.encrypt(env, []byte("hello world"))
				if err != nil {
					t.Fatal(err)
				}
				opened, err := s.decrypt(env, sealed)
				if err != nil || string(opened) != "hello world" {
					t.Errorf("%s mode %d padding %d: got %q %v", name, mode, padding, opened, err)
				}
				sealed[len(sealed)-1] ^= 1
				if opened, err := s.decrypt(env, sealed); err == nil && string(opened) == "hello world" {
					t.Errorf("%s mode %d padding %d: a changed text opens as before", name, mode, padding)
				}
			}
		}
	}
	if err := newSymmetric("Aes").setKey(make([]byte, 5)); thrown(err) != "CryptographicException" {
		t.Errorf("a key of five bytes: %v", err)
	}
}

// selfSigned makes a certificate with its key.
func selfSigned(t *testing.T) (*x509.Certificate, *rsa.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0xABCD), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
		Subject: pkix.Name{CommonName: "client, test", Organization: []string{"Example Org"}, Country: []string{"NO"}},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	cert, key := selfSigned(t)
	archive, err := pkcs12.Modern2023.WithIterations(1000).Encode(key, cert, nil, "secret")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data     []byte
		password string
		private  bool
	}{"DER": {cert.Raw, "", false}, "PKCS #12": {archive, "secret", true}} {
		got, err := NewCertificate(env, c.data, c.password)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if subject := distinguishedName(got.cert.RawSubject); subject != `CN="client, test", O=Example Org, C=NO` {
			t.Errorf("%s: the subject is %s", name, subject)
		}
		if got.serial() != "00ABCD" || len(got.thumbprint()) != 40 || (got.rsaPrivate() != nil) != c.private || got.rsaPublic() == nil {
			t.Errorf("%s: serial %s, thumbprint %s, keys %v %v", name, got.serial(), got.thumbprint(), got.rsaPrivate(), got.rsaPublic())
		}
		if trusted, err := got.verify(env); trusted || err != nil {
			t.Errorf("%s: a self-signed certificate must not be trusted: %v %v", name, trusted, err)
		}
	}
	for _, bad := range [][]byte{nil, {1, 2}, archive[:100]} {
		if _, err := NewCertificate(env, bad, "secret"); thrown(err) != "CryptographicException" {
			t.Errorf("%d bytes that are no certificate: %v", len(bad), err)
		}
	}
	if _, err := NewCertificate(env, archive, "wrong"); thrown(err) != "CryptographicException" {
		t.Errorf("the wrong password: %v", err)
	}
}

func TestAnArchiveCannotAskForEndlessWork(t *testing.T) {
	t.Parallel()
	cert, key := selfSigned(t)
	archive, err := pkcs12.Modern2023.WithIterations(3_000_000).Encode(key, cert, nil, "x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewCertificate(testEnv(t), archive, "x"); thrown(err) != "CryptographicException" {
		t.Errorf("three million iterations: got %v, want CryptographicException", err)
	}
}

func TestUsingAKeyCostsSteps(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	k := &Key{}
	var err error
	for range 1000 {
		if _, err = k.needPrivate(env); err != nil {
			break
		}
	}
	var limit *types.Limit
	if thrown(err) != "limit" {
		t.Errorf("a thousand signatures: got %v, want %T", err, limit)
	}
}
