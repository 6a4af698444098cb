package token_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/atelier-apim/atelier/internal/token"
)

// issuer is an OpenID provider: it publishes what it signs with, over HTTP.
type issuer struct {
	*httptest.Server
	mu   sync.Mutex
	keys map[string]*rsa.PrivateKey
	asks atomic.Int32
	gate chan struct{} // when not nil, an answer waits for it
}

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	i := &issuer{keys: map[string]*rsa.PrivateKey{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/config", func(w http.ResponseWriter, _ *http.Request) {
		i.asks.Add(1)
		if i.gate != nil {
			<-i.gate
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
		for id, k := range i.keys {
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.Public(), KeyID: id, Use: "sig"})
		}
		_ = json.NewEncoder(w).Encode(set)
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) addKey(t testing.TB, id string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys[id] = key
}

func (i *issuer) sign(t testing.TB, id string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: i.keys[id], KeyID: id}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign([]byte(`{"sub":"ada"}`))
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func fetch(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var raw json.RawMessage
	err = json.NewDecoder(res.Body).Decode(&raw)
	return raw, err
}

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestManyWhoAskAtOnceFetchOnce(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.addKey(t, "k1")
	i.gate = make(chan struct{})
	p := token.NewProviders(fetch).At(i.URL + "/config")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if c, err := p.Renewed(t.Context(), start); err != nil || len(c.Keys) != 1 {
				t.Errorf("got %v, %v", c, err)
			}
		})
	}
	close(i.gate)
	wg.Wait()
	if n := i.asks.Load(); n != 1 {
		t.Errorf("the configuration was fetched %d times, want once", n)
	}
}

func TestWhoGoesAwayDoesNotStopTheFetchForOthers(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.gate = make(chan struct{})
	p := token.NewProviders(fetch).At(i.URL + "/config")
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := p.Renewed(gone, start); !errors.Is(err, context.Canceled) {
		t.Fatalf("who went away got %v", err)
	}
	close(i.gate)
	if c, err := p.Renewed(t.Context(), start); err != nil || c.Issuer != i.URL {
		t.Errorf("who stayed got %v, %v", c, err)
	}
}

// While a provider hangs, whoever needs only what is known goes on at once: also when what is known has become old.
func TestNobodyWaitsForWhatIsKnown(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.addKey(t, "k1")
	p := token.NewProviders(fetch).At(i.URL + "/config")
	if _, err := p.Renewed(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	i.gate = make(chan struct{})
	defer close(i.gate)
	for _, later := range []time.Duration{time.Minute, 2 * time.Hour, 23 * time.Hour} {
		if c := p.Known(start.Add(later)); c == nil || len(c.Keys) != 1 {
			t.Errorf("%s later nothing is known", later)
		}
	}
	if p.Known(start.Add(25*time.Hour)) != nil {
		t.Error("a day later what could not be fetched anew is still believed")
	}
}

func TestOldConfigurationIsFetchedAnewMeanwhile(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.addKey(t, "k1")
	p := token.NewProviders(fetch).At(i.URL + "/config")
	first, err := p.Renewed(t.Context(), start)
	if err != nil {
		t.Fatal(err)
	}
	i.addKey(t, "k2")
	later := start.Add(token.Fresh + time.Second)
	p.Known(later)
	second, err := p.Renewed(t.Context(), later) // waits for the fetch in flight, or finds it done
	if err != nil || len(second.Keys) != 2 || i.asks.Load() != 2 {
		t.Fatalf("got %v, %v after %d fetches", second, err, i.asks.Load())
	}
	kept := false
	for _, k := range second.Keys {
		kept = kept || k == first.Keys[0]
	}
	if !kept {
		t.Error("a key that stayed is another object: what it has verified would be verified again")
	}
}

func TestUnknownKeysDoNotMakeAnIssuerBusy(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	p := token.NewProviders(fetch).At(i.URL + "/config")
	for n := range 1000 {
		_, _ = p.Renewed(t.Context(), start.Add(time.Duration(n)*time.Second))
	}
	if n := i.asks.Load(); n != 4 { // 1000 s hold the beginning and three intervals of five minutes
		t.Errorf("a thousand unknown key ids in a thousand seconds made %d fetches, want 4", n)
	}
}

// Tenants that come from requests make many providers; what is held stays bounded, and a provider that somebody holds works on.
func TestProvidersAreBounded(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.addKey(t, "k1")
	all := token.NewProviders(fetch)
	held := all.At(i.URL + "/config")
	for n := range 5000 {
		all.At(i.URL + "/" + strings.Repeat("x", n))
	}
	if c, err := held.Renewed(t.Context(), start); err != nil || len(c.Keys) != 1 {
		t.Errorf("got %v, %v", c, err)
	}
}

func TestVerifiedTokensAreForgottenInTime(t *testing.T) {
	t.Parallel()
	var c token.Cache
	c.Put("first", &token.Remembered{Token: new(token.Token)})
	if r := c.Get("first"); r == nil || r.Token == nil {
		t.Fatal("what was put is not there")
	}
	big := strings.Repeat("x", token.MaxSize-8)
	for n := range 1000 {
		c.Put(big+string(rune('a'+n%26))+string(rune('a'+n/26)), &token.Remembered{})
	}
	if c.Get("first") != nil {
		t.Error("the cache holds more than 16 MB of tokens")
	}
}

// FuzzRead: whatever a token holds, reading it ends in a token or a refusal that repeats nothing of it.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"", ".", "..", "a.b.c", "....", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0....", "eyJhbGciOiJIUzI1NiJ9.e30.AA"} {
		f.Add(s)
	}
	key, err := token.Secret("", "YXRlbGllci10ZXN0LXNlY3JldC1vZi0zMi1ieXRlcyE=")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tok, err := token.Read(s, []*token.Key{key})
		if err != nil {
			if len(s) > 40 && strings.Contains(err.Error(), s) {
				t.Errorf("the refusal repeats the token: %v", err)
			}
			return
		}
		if !tok.Unsigned() {
			if _, err := tok.Verify([]*token.Key{key}); err == nil {
				t.Errorf("%q was taken for signed", s)
			}
		}
	})
}

// A key that is written in a hostile way is refused before it costs anything.
func TestHostileKeys(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("_", 1366) // 8196 bits
	for _, c := range []struct{ n, e, says string }{
		{big + "w", "AQAB", "at most 8192"},
		{strings.Repeat("_", 342), "AQ", "odd numbers"},
		{strings.Repeat("_", 342), "", "exponent"},
		{"", "AQAB", "modulus"},
	} {
		if _, err := token.RSA("", c.n, c.e); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("n of %d characters with e %q: %v, want an error that says %q", len(c.n), c.e, err, c.says)
		}
	}
}

func BenchmarkVerifyRS256(b *testing.B) {
	i := newIssuer(b)
	i.addKey(b, "k1")
	text := i.sign(b, "k1")
	c, err := token.NewProviders(fetch).At(i.URL+"/config").Renewed(b.Context(), start)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		t, err := token.Read(text, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := t.Verify(token.Candidates(t.KeyID, c.Keys)); err != nil {
			b.Fatal(err)
		}
	}
}
