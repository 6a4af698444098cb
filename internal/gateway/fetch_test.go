package gateway

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestFetchReachesIssuersAndNothingElse(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/doc", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/inside", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, fetchBytes+1)) })
	issuer, own := httptest.NewServer(mux), httptest.NewServer(mux)
	defer issuer.Close()
	defer own.Close()
	ours := netip.MustParseAddrPort(strings.TrimPrefix(own.URL, "http://"))
	get := newFetch(newGuard([]netip.AddrPort{ours}), func(address string) ([]byte, bool) { return []byte("own"), address == own.URL+"/keys" })

	for address, want := range map[string]string{issuer.URL + "/doc": "{}", own.URL + "/keys": "own"} {
		if b, err := get(context.Background(), address); err != nil || string(b) != want {
			t.Errorf("%s gives %q, %v", address, b, err)
		}
	}
	for address, says := range map[string]string{
		issuer.URL + "/inside":           "link-local, metadata",
		issuer.URL + "/loop":             "redirects too often",
		issuer.URL + "/file":             "redirects too often, or away",
		issuer.URL + "/large":            "larger than 1024 KiB",
		issuer.URL + "/none":             "answers 404",
		own.URL + "/doc":                 "own management",
		"http://169.254.169.254/":        "link-local, metadata",
		"ftp://issuer.example/":          "no http or https",
		"http://user:pw@issuer.example/": "no http or https",
	} {
		if _, err := get(context.Background(), address); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want an error that says %q", address, err, says)
		}
	}
}
