package egress

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestPostSendsAFormAndNothingElsewhere(t *testing.T) {
	t.Parallel()
	elsewhere := 0
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte(r.FormValue("code") + " " + user + " " + password))
	})
	mux.HandleFunc("POST /away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/elsewhere", func(http.ResponseWriter, *http.Request) { elsewhere++ })
	mux.HandleFunc("POST /large", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, maxAnswer+1)) })
	s := httptest.NewTLSServer(mux)
	t.Cleanup(s.Close)
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	send := func(address, user string) (int, string, error) {
		status, body, err := post(t.Context(), client, address, url.Values{"code": {"c&1"}}, user, "pass:word")
		return status, string(body), err
	}
	if status, body, err := send(s.URL+"/token", "me"); status != 418 || body != "c&1 me pass%3Aword" || err != nil {
		t.Errorf("%d %q %v", status, body, err)
	}
	if _, body, _ := send(s.URL+"/token", ""); body != "c&1  " {
		t.Errorf("without a user: %q", body)
	}
	if status, _, err := send(s.URL+"/away", "me"); status != 307 || err != nil || elsewhere != 0 {
		t.Errorf("a redirect: %d %v, %d requests elsewhere", status, err, elsewhere)
	}
	if _, _, err := send(s.URL+"/large", ""); err == nil || !strings.Contains(err.Error(), "larger than 1 MiB") {
		t.Errorf("a large answer: %v", err)
	}
}

func TestPostReachesWhatLinksMayReach(t *testing.T) {
	t.Parallel()
	hits := 0
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits++ }))
	t.Cleanup(s.Close)
	for _, allow := range [][]netip.Prefix{nil, prefixes("10.0.0.0/8")} {
		if _, _, err := NewPost(allow)(t.Context(), s.URL, nil, "", ""); err == nil || err.Error() != errRefused.Error() {
			t.Errorf("loopback: %v", err)
		}
	}
	for _, address := range []string{"http://example.org/", "ftp://example.org/", "https://user:x@example.org/", "https:///token", "://"} {
		if _, _, err := NewPost(nil)(t.Context(), address, nil, "", ""); err == nil {
			t.Errorf("%s is taken", address)
		}
	}
	if hits != 0 {
		t.Errorf("%d requests arrived", hits)
	}
}

func TestTokensAreAskedForOverPlainHTTPOnThisMachineAlone(t *testing.T) {
	t.Parallel()
	hits := 0
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits++ }))
	t.Cleanup(s.Close)
	if status, _, err := NewPostHere(prefixes("127.0.0.0/8"))(t.Context(), s.URL, nil, "", ""); status != http.StatusOK || err != nil || hits != 1 {
		t.Errorf("%d %v, %d requests", status, err, hits)
	}
	if _, _, err := NewPostHere(nil)(t.Context(), s.URL, nil, "", ""); err == nil || err.Error() != errRefused.Error() {
		t.Errorf("without the operator's leave: %v", err)
	}
	if _, _, err := NewPost(prefixes("127.0.0.0/8"))(t.Context(), s.URL, nil, "", ""); err == nil {
		t.Error("others send over plain HTTP as well")
	}
	for _, address := range []string{"http://example.org/", "http://127.0.0.1.example.org/", "ftp://127.0.0.1/", "http://user:x@127.0.0.1/", "://"} {
		if _, _, err := NewPostHere(prefixes("0.0.0.0/0"))(t.Context(), address, nil, "", ""); err == nil {
			t.Errorf("%s is taken", address)
		}
	}
	if hits != 1 {
		t.Errorf("%d requests arrived", hits)
	}
}

func TestClientsForLongerWorkFollowTheSameRules(t *testing.T) {
	t.Parallel()
	hits := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits++
		http.Redirect(w, r, "/again", http.StatusFound)
	}))
	t.Cleanup(s.Close)
	if _, err := NewClient(nil, Timeout).Get(s.URL); err == nil || Reason(err).Error() != errRefused.Error() || hits != 0 {
		t.Errorf("loopback: %v, %d requests", err, hits)
	}
	res, err := NewClient(prefixes("127.0.0.0/8", "::1/128"), Timeout).Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusFound || hits != 1 {
		t.Errorf("a redirect is followed: %d after %d requests", res.StatusCode, hits)
	}
}
