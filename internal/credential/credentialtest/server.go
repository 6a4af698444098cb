package credentialtest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// The client that every server knows.
const (
	ClientID     = "client-1"
	ClientSecret = "canary-client-secret"
)

// Server is a provider. Its fields may be changed while it runs, through Set.
type Server struct {
	*httptest.Server
	Rules

	mu      sync.Mutex
	codes   map[string]url.Values // of consents, by code: what the browser was sent with
	refresh map[string]bool       // refresh tokens that are good
	number  int
	forms   []url.Values
	users   []string      // of Basic headers, "" for none, one for each form
	changed chan struct{} // closed when there is one more form
}

// Rules are how a server behaves.
type Rules struct {
	Life      time.Duration // of access tokens; 0 is not told
	NoRefresh bool          // it gives no refresh tokens
	Basic     bool          // it takes the client's secret in a header alone
	Deny      bool          // people give no consent
	Status    int           // of refusals; 0 for none: it answers with it to every request for a token
	Error     string        // of refusals
	Detail    string        // error_description of refusals
	Answer    string        // the body of every answer of status 200, "" for the usual
	Hold      chan struct{} // requests for tokens wait until it is closed
	Identity  string        // claims of an identity token, "" for none
}

// New starts a server that ends with the test.
func New(t testing.TB, r Rules) *Server {
	s := &Server{Rules: r, codes: map[string]url.Values{}, refresh: map[string]bool{}, changed: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", s.authorize)
	mux.HandleFunc("POST /token", s.token)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// Set changes the rules.
func (s *Server) Set(change func(*Rules)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.Rules)
}

// Forms are the requests for tokens so far.
func (s *Server) Forms() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]url.Values(nil), s.forms...)
}

// Asked waits until so many requests for tokens have come.
func (s *Server) Asked(t testing.TB, n int) {
	t.Helper()
	for {
		s.mu.Lock()
		have, changed := len(s.forms), s.changed
		s.mu.Unlock()
		if have >= n {
			return
		}
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			t.Fatalf("%d requests for tokens came, want %d", have, n)
		}
	}
}

// Users are the users of Basic headers of the requests so far.
func (s *Server) Users() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.users...)
}

// Settings are those of a client of identity provider oauth2 or oauth2pkce at this server.
func (s *Server) Settings() map[string]string {
	return map[string]string{"authorizationUrl": s.URL + "/authorize", "tokenUrl": s.URL + "/token", "clientId": ClientID, "scopes": "files.read offline"}
}

// authorize is a person who consents at once.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("client_id") != ClientID || q.Get("response_type") != "code" || q.Get("state") == "" {
		http.Error(w, "this request for a consent can't be trusted", http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	if s.Deny {
		answer.Set("error", "access_denied")
	} else {
		s.number++
		code := fmt.Sprintf("canary-code-%d", s.number)
		s.codes[code] = q
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.mu.Lock()
	s.forms = append(s.forms, r.PostForm)
	user, password, basic := r.BasicAuth()
	s.users = append(s.users, user)
	close(s.changed)
	s.changed = make(chan struct{})
	hold := s.Hold
	s.mu.Unlock()
	if hold != nil {
		<-hold
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if basic {
		id, secret = user, password
	}
	switch {
	case s.Status != 0:
		refuse(w, s.Status, s.Error, s.Detail)
	case id != ClientID || secret != ClientSecret || s.Basic && !basic:
		refuse(w, http.StatusUnauthorized, "invalid_client", "the client is unknown or proves nothing")
	case s.Answer != "":
		_, _ = w.Write([]byte(s.Answer))
	default:
		s.grant(w, r.PostForm)
	}
}

func (s *Server) grant(w http.ResponseWriter, form url.Values) {
	lasting := false
	switch form.Get("grant_type") {
	case "client_credentials":
	case "authorization_code":
		asked, ok := s.codes[form.Get("code")]
		delete(s.codes, form.Get("code"))
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		challenge := asked.Get("code_challenge")
		if !ok || asked.Get("redirect_uri") != form.Get("redirect_uri") || challenge != "" && challenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
			refuse(w, http.StatusBadRequest, "invalid_grant", "the code is used, or was given to somebody else")
			return
		}
		lasting = !s.NoRefresh
	case "refresh_token":
		if !s.refresh[form.Get("refresh_token")] {
			refuse(w, http.StatusBadRequest, "invalid_grant", "the refresh token is used or unknown")
			return
		}
		delete(s.refresh, form.Get("refresh_token"))
		lasting = true
	default:
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", "")
		return
	}
	s.number++
	out := map[string]any{"access_token": fmt.Sprintf("canary-access-%d", s.number), "token_type": "Bearer"}
	if s.Life != 0 {
		out["expires_in"] = int(s.Life.Seconds())
	}
	if lasting {
		refresh := fmt.Sprintf("canary-refresh-%d", s.number)
		s.refresh[refresh] = true
		out["refresh_token"] = refresh
	}
	if s.Identity != "" {
		out["id_token"] = "e30." + base64.RawURLEncoding.EncodeToString([]byte(s.Identity)) + ".c2ln"
	}
	_ = json.NewEncoder(w).Encode(out)
}

func refuse(w http.ResponseWriter, status int, code, detail string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": detail})
}
