package authn_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/store"
)

// certified gives the administrator's application a certificate that lives for a day and returns what signs with its key.
func (h *house) certified() (sign func(map[string]any) string) {
	h.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	h.must(err)
	cert := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "robot"}, NotBefore: h.Now().Add(-time.Hour), NotAfter: h.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	h.must(err)
	app := h.dir.Applications()[0].ObjectID
	h.must(h.dir.SetCertificates(h.t.Context(), store.Actor{}, app, []directory.NewCertificate{{Key: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}}))
	sum := sha256.Sum256(der)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithHeader("x5t#S256", base64.RawURLEncoding.EncodeToString(sum[:])))
	h.must(err)
	return func(claims map[string]any) string {
		text, err := jwt.Signed(signer).Claims(claims).Serialize()
		h.must(err)
		return text
	}
}

// assert sends an assertion to the token endpoint.
func (h *house) assert(text string) (status int, number any) {
	h.t.Helper()
	w := h.ask("POST", tokenPath, form("grant_type", "client_credentials", "client_id", client, "scope", base+"/.default",
		"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", text))
	got := decode(h.t, w)
	if numbers, ok := got["error_codes"].([]any); ok {
		return w.Code, numbers[0]
	}
	if _, err := h.Verify(h.t.Context(), got["access_token"].(string)); err != nil {
		h.t.Errorf("the token is no good: %v", err)
	}
	return w.Code, nil
}

// claimsAt is an assertion as SDKs make it, changed by pairs of name and value.
func (h *house) claimsAt(changes ...any) map[string]any {
	c := map[string]any{"iss": client, "sub": client, "aud": base + tokenPath, "exp": h.Now().Add(10 * time.Minute).Unix(), "nbf": h.Now().Unix()}
	for i := 0; i < len(changes); i += 2 {
		c[changes[i].(string)] = changes[i+1]
	}
	return c
}

func TestProgramsProveThemselvesByACertificate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	sign := h.certified()
	if status, number := h.assert(sign(h.claimsAt("jti", "one"))); status != 200 {
		t.Fatalf("%d %v", status, number)
	}
	for name, claims := range map[string]map[string]any{
		"shown twice":      h.claimsAt("jti", "one"),
		"for somebody":     h.claimsAt("aud", "https://elsewhere/token"),
		"by somebody":      h.claimsAt("iss", "x"),
		"about somebody":   h.claimsAt("sub", "x"),
		"expired":          h.claimsAt("exp", h.Now().Add(-2*time.Minute).Unix()),
		"without an end":   h.claimsAt("exp", 0),
		"valid for a week": h.claimsAt("exp", h.Now().Add(7*24*time.Hour).Unix()),
		"not valid yet":    h.claimsAt("nbf", h.Now().Add(5*time.Minute).Unix()),
	} {
		if status, _ := h.assert(sign(claims)); status != 401 {
			t.Errorf("%s: %d, want 401", name, status)
		}
	}
	other := newHouse(t).certified()
	if status, number := h.assert(other(h.claimsAt())); status != 401 || number != 700027.0 {
		t.Errorf("signed by an unknown key: %d %v", status, number)
	}
	if status, _ := h.assert("no.jwt.atall"); status != 401 {
		t.Errorf("no JWT: %d", status)
	}
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"iss":%q,"sub":%q}`, client, client)) + "."
	if status, _ := h.assert(unsigned); status != 401 {
		t.Errorf("unsigned: %d", status)
	}
	h.advance(25 * time.Hour)
	if status, number := h.assert(sign(h.claimsAt())); status != 401 || number != 700027.0 {
		t.Errorf("after the certificate's end: %d %v", status, number)
	}
}

func TestCertificatesOfDisabledProgramsProveNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	sign, no := h.certified(), false
	h.must(h.dir.Patch(t.Context(), store.Actor{}, h.admin.ServicePrincipal, directory.UserPatch{AccountEnabled: &no}))
	if status, number := h.assert(sign(h.claimsAt())); status != 400 || number != 7000112.0 {
		t.Errorf("%d %v", status, number)
	}
}
