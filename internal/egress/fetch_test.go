package egress

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestOnlyPublicAddressesAreReached(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"93.184.216.34:443": true, "[2606:4700::1111]:443": true,
		"127.0.0.1:80": false, "[::1]:80": false, "10.0.0.1:80": false, "192.168.1.1:80": false, "172.16.0.1:80": false, "169.254.169.254:80": false,
		"[fe80::1%eth0]:80": false, "[fd00::1]:80": false, "[::ffff:127.0.0.1]:80": false, "[64:ff9b::7f00:1]:80": false, "[2002:7f00:1::]:80": false,
		"[::7f00:1]:80": false, "168.63.129.16:80": false, "0.0.0.0:80": false, "100.100.100.200:80": false, "224.0.0.1:80": false, "255.255.255.255:80": false, "nonsense": false,
	} {
		if got := check(address, nil) == nil; got != want {
			t.Errorf("%s may be reached: %v, want %v", address, got, want)
		}
	}
	allow, err := ParseAllow("10.1.0.0/16, ::1")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{"10.1.2.3:80": true, "10.2.0.1:80": false, "[::1]:80": true} {
		if got := check(address, allow) == nil; got != want {
			t.Errorf("%s with an allowance may be reached: %v, want %v", address, got, want)
		}
	}
}

func TestFetchStopsAtRedirectsSizesAndForeignAddresses(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/doc", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/inside", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		for range 11 {
			_, _ = w.Write(make([]byte, 1<<20))
		}
	})
	backend := httptest.NewServer(mux)
	defer backend.Close()
	open, closed := New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}), New(nil)

	if b, err := open(context.Background(), backend.URL+"/doc"); err != nil || string(b) != "hello" {
		t.Errorf("an allowed address gives %q, %v", b, err)
	}
	for _, c := range []struct {
		fetch func(context.Context, string) ([]byte, error)
		url   string
		says  string
	}{
		{closed, backend.URL + "/doc", "not one that links may reach"},
		{open, backend.URL + "/inside", "not one that links may reach"},
		{open, backend.URL + "/loop", "redirects more than three times"},
		{open, backend.URL + "/file", "does not answer"},
		{open, backend.URL + "/large", "larger than 10 MiB"},
		{open, backend.URL + "/none", "answers 404"},
		{open, "gopher://127.0.0.1/", "only http and https"},
		{open, "http://user:pw@127.0.0.1/", "user name"},
		{open, "http://%zz/", "not a URL"},
	} {
		if _, err := c.fetch(context.Background(), c.url); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want an error that says %q", c.url, err, c.says)
		}
	}
}
