package compat

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
)

// tokenServer is a provider of tokens that trusts everybody. Its tokens are canaries.
type tokenServer struct {
	*httptest.Server
	given atomic.Int32
}

func newTokenServer(t *testing.T) *tokenServer {
	s := &tokenServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := s.given.Add(1)
		fmt.Fprintf(w, `{"access_token":"canary-access-%d","refresh_token":"canary-refresh-%d","expires_in":3600}`, n, n)
	}))
	t.Cleanup(s.Close)
	return s
}

// consentCode is the code of a login link of a connection.
func (w *world) consentCode(connection string) string {
	w.in.t.Helper()
	status, body := w.send(http.MethodPost, connection+"/getLoginLinks", `{"postLoginRedirectUrl":"https://portal.example/"}`)
	var link struct{ LoginLink string }
	if err := json.Unmarshal([]byte(body), &link); status != http.StatusOK || err != nil {
		w.in.t.Errorf("login link of %s: %d %s", connection, status, body)
	}
	u, err := url.Parse(link.LoginLink)
	if err != nil {
		w.in.t.Error(err)
	}
	return u.Query().Get("code")
}
