package identity_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/identity"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func vault(n int) identity.Request {
	return identity.Request{Service: "/x/contoso", Principal: "p", Resource: fmt.Sprintf("https://vault%d.example", n)}
}

func TestTokensAreKeptAndRenewedBeforeTheyEnd(t *testing.T) {
	t.Parallel()
	var issued atomic.Int32
	renewed := make(chan struct{}, 8)
	s := identity.New(func(context.Context, identity.Request) (identity.Token, error) {
		n := issued.Add(1)
		defer func() { renewed <- struct{}{} }()
		return identity.Token{Text: fmt.Sprint("t", n), Expires: start.Add(time.Duration(n) * time.Hour)}, nil
	})
	get := func(after time.Duration) string {
		text, err := s.Token(t.Context(), start.Add(after), vault(1))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if got := get(0); got != "t1" {
		t.Errorf("first token %s", got)
	}
	<-renewed
	if got := get(54 * time.Minute); got != "t1" || issued.Load() != 1 {
		t.Errorf("a token that lives on was not kept: %s after %d", got, issued.Load())
	}
	if got := get(56 * time.Minute); got != "t1" && got != "t2" {
		t.Errorf("got %s", got)
	}
	<-renewed // meanwhile
	for issued.Load() == 2 && get(57*time.Minute) != "t2" {
	}
	if issued.Load() != 2 {
		t.Errorf("%d tokens were made, want 2", issued.Load())
	}
}

func TestManyWhoAskAtOnceGetOneToken(t *testing.T) {
	t.Parallel()
	var issued atomic.Int32
	gate := make(chan struct{})
	s := identity.New(func(context.Context, identity.Request) (identity.Token, error) {
		issued.Add(1)
		<-gate
		return identity.Token{Text: "t", Expires: start.Add(time.Hour)}, nil
	})
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := s.Token(gone, start, vault(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("who went away got %v", err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if text, err := s.Token(t.Context(), start, vault(1)); err != nil || text != "t" {
				t.Errorf("got %q, %v", text, err)
			}
		})
	}
	close(gate)
	wg.Wait()
	if issued.Load() != 1 {
		t.Errorf("%d tokens were made, want one", issued.Load())
	}
}

// An issuer that fails is left alone for a moment; a token that still lives is given out meanwhile.
func TestFailuresAreToldAndNotRepeatedAtOnce(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	s := identity.New(func(context.Context, identity.Request) (identity.Token, error) {
		asked.Add(1)
		return identity.Token{}, errors.New("it is down")
	})
	for range 5 {
		if _, err := s.Token(t.Context(), start, vault(1)); err == nil || !strings.Contains(err.Error(), "it is down") {
			t.Errorf("got %v", err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("the issuer was asked %d times at once", asked.Load())
	}
	if _, err := s.Token(t.Context(), start.Add(11*time.Second), vault(1)); err == nil || asked.Load() != 2 {
		t.Errorf("later: %v after %d", err, asked.Load())
	}
}

func TestResourcesOfRequestsDoNotFillTheMemory(t *testing.T) {
	t.Parallel()
	s := identity.New(func(_ context.Context, r identity.Request) (identity.Token, error) {
		return identity.Token{Text: r.Resource, Expires: start.Add(time.Hour)}, nil
	})
	for n := range 3000 {
		if text, err := s.Token(t.Context(), start, vault(n)); err != nil || text != vault(n).Resource {
			t.Fatalf("got %q, %v", text, err)
		}
	}
	for _, bad := range []identity.Request{
		{Principal: "p", Resource: strings.Repeat("x", 1001)}, {Principal: "p", Resource: "a b"}, {Principal: "p", Resource: "a\r\nb"}, {Resource: "https://vault.example"},
	} {
		if _, err := s.Token(t.Context(), start, bad); err == nil {
			t.Errorf("%.20q was asked for", bad.Resource)
		}
	}
}

// endpoint is a token endpoint that knows one secret and one assertion.
func endpoint(t *testing.T) (*httptest.Server, *[]url.Values) {
	t.Helper()
	var mu sync.Mutex
	var seen []url.Values
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		mu.Lock()
		seen = append(seen, r.PostForm)
		mu.Unlock()
		f := r.PostForm
		if f.Get("grant_type") != "client_credentials" || f.Get("client_secret") != "s3cret" && f.Get("client_assertion") != "signed p for api://exchange" {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error":"invalid_client","error_description":"the secret s3cret is wrong"}`))
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "token-of-" + f.Get("client_id"), "token_type": "Bearer", "expires_in": 3600})
	}))
	t.Cleanup(srv.Close)
	return srv, &seen
}

func read(t *testing.T, text string) (*identity.Provider, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "identity.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return identity.Read(path, func(principal, audience string) (string, error) {
		return "signed " + principal + " for " + audience, nil
	})
}

func TestProviderGivesTokensByClientCredentials(t *testing.T) {
	t.Parallel()
	srv, seen := endpoint(t)
	p, err := read(t, fmt.Sprintf(`{"tokenEndpoint":%q,"clients":[
		{"clientId":"other","clientSecret":"s3cret","service":"fabrikam"},
		{"clientId":"mine","clientSecret":"s3cret","service":"Contoso"},
		{"clientId":"named","federatedAudience":"api://exchange","userAssigned":true},
		{"clientId":"wrong","clientSecret":"no","userAssigned":true}]}`, srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ service, client, want, says string }{
		{"contoso", "", "token-of-mine", ""},
		{"fabrikam", "", "token-of-other", ""},
		{"contoso", "NAMED", "token-of-named", ""},
		{"contoso", "other", "", "no user-assigned identity"},
		{"adatum", "", "", "names no client for this service"},
		{"contoso", "wrong", "", `answers 401 "invalid_client"`},
	} {
		got, err := p.Issue(t.Context(), identity.Request{Service: "/x/service/" + c.service, Principal: "p", ClientID: c.client, Resource: "https://vault.example"})
		if got.Text != c.want || (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s as %q: %q, %v", c.service, c.client, got.Text, err)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the error tells a secret: %v", err)
		}
	}
	if scope := (*seen)[0].Get("scope"); scope != "https://vault.example/.default" {
		t.Errorf("the scope asked for is %q", scope)
	}
}

func TestProviderSendsTheParametersThatItsFileNames(t *testing.T) {
	t.Parallel()
	srv, seen := endpoint(t)
	p, err := read(t, fmt.Sprintf(`{"tokenEndpoint":%q,"parameters":{"audience":"{resource}","grant_type":"password"},"clients":[{"clientId":"c","clientSecret":"s3cret"}]}`, srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Issue(t.Context(), vault(1)); err != nil {
		t.Fatal(err)
	}
	if f := (*seen)[0]; f.Get("audience") != "https://vault1.example" || f.Has("scope") || f.Get("grant_type") != "client_credentials" {
		t.Errorf("the endpoint saw %v", f)
	}
}

func TestFilesThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		`{`: "unexpected EOF",
		`{"tokenEndpoint":"https://a.example","clients":[],"x":1}`:                                                            `unknown field "x"`,
		`{"tokenEndpoint":"a","clients":[{"clientId":"c","clientSecret":"s"}]}`:                                               "tokenEndpoint is not",
		`{"tokenEndpoint":"https://a.example"}`:                                                                               "at least one",
		`{"tokenEndpoint":"https://a.example","clients":[{"clientId":"c"}]}`:                                                  "one of clientSecret and federatedAudience",
		`{"tokenEndpoint":"https://a.example","clients":[{"clientId":"c","clientSecret":"s","federatedAudience":"api://a"}]}`: "one of clientSecret and federatedAudience",
		`{"tokenEndpoint":"https://user:pw@a.example","clients":[{"clientId":"c","clientSecret":"s"}]}`:                       "tokenEndpoint is not",
	} {
		if _, err := read(t, text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want an error that says %q", text, err, says)
		}
	}
	if p, err := identity.Read(filepath.Join(t.TempDir(), "none.json"), nil); p != nil || err != nil {
		t.Errorf("without a file: %v, %v", p, err)
	}
}

func TestAnswersThatAreNoTokensAreRefused(t *testing.T) {
	t.Parallel()
	for body, says := range map[string]string{
		`{"access_token":"a","token_type":"mac","expires_in":1}`:         "no bearer token",
		`{"access_token":"a\r\nb","token_type":"Bearer","expires_in":1}`: "no bearer token",
		`{"token_type":"Bearer"}`:                                        "no bearer token",
		`<html/>`:                                                        "without JSON",
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
		p, err := read(t, fmt.Sprintf(`{"tokenEndpoint":%q,"clients":[{"clientId":"c","clientSecret":"s"}]}`, srv.URL))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Issue(t.Context(), vault(1)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", body, err)
		}
		srv.Close()
	}
}
