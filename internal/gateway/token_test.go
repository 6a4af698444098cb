package gateway_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/atelier-apim/atelier/internal/gateway"
)

// openIDIssuer publishes a configuration and a key over HTTP, and signs.
type openIDIssuer struct {
	*httptest.Server
	key   *ecdsa.PrivateKey
	hangs chan struct{} // answers wait for it when not nil
	asked chan struct{}
}

func newOpenIDIssuer(t *testing.T, hangs chan struct{}) *openIDIssuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i := &openIDIssuer{key: key, hangs: hangs, asked: make(chan struct{}, 16)}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.asked <- struct{}{}
		if i.hangs != nil {
			<-i.hangs
		}
		if r.URL.Path == "/keys" {
			_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "ES256", Use: "sig"}}})
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *openIDIssuer) token(t *testing.T, life time.Duration) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: i.key, KeyID: "k"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(fmt.Appendf(nil, `{"iss":%q,"aud":"orders","exp":%d}`, i.URL, time.Now().Add(life).Unix()))
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (in *installation) with(t *testing.T, path, token string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, in.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := in.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

// The gateway takes keys from an issuer over HTTP. While another issuer hangs, calls that don't need it go on; neither answers nor log hold a token.
func TestTokensOfARealIssuer(t *testing.T) {
	t.Parallel()
	backend := newRecorder()
	t.Cleanup(backend.server.Close)
	release := make(chan struct{})
	good, hanging := newOpenIDIssuer(t, nil), newOpenIDIssuer(t, release)
	validate := func(i *openIDIssuer) string {
		return `<validate-jwt header-name="Authorization"><openid-config url="` + i.URL + `/config"/><audiences><audience>orders</audience></audiences></validate-jwt>`
	}
	policy := `<policies><inbound><choose><when condition="@(context.Request.Url.Path.EndsWith("slow"))">` + validate(hanging) + `</when><otherwise>` + validate(good) +
		`</otherwise></choose></inbound></policies>`
	in := serve(t, oneAPI(backend.server.URL, `<policies><inbound/><backend><forward-request/></backend></policies>`, policy), gateway.Limits{})

	valid, forged := good.token(t, time.Hour), newOpenIDIssuer(t, nil).token(t, time.Hour)
	slow := make(chan int)
	go func() {
		status, _ := in.with(t, "/api/slow", hanging.token(t, time.Hour))
		slow <- status
	}()
	<-hanging.asked
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if status, body := in.with(t, "/api/x", valid); status != 200 {
				t.Errorf("got %d %s", status, body)
			}
		})
	}
	wg.Wait()
	close(release)
	if status := <-slow; status != 200 {
		t.Errorf("who waited for the issuer got %d", status)
	}
	for _, bad := range []string{forged, good.token(t, -time.Minute), valid[:len(valid)-4] + "AAAA", "x"} {
		if status, body := in.with(t, "/api/x", bad); status != 401 || strings.Contains(body, bad) && len(bad) > 1 {
			t.Errorf("a bad token got %d %s", status, body)
		}
	}
	in.gateway.Flush()
	for _, token := range []string{valid, forged} {
		if strings.Contains(in.log.String(), token) {
			t.Error("the log holds a token")
		}
	}
}
