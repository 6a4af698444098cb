package apim

import "testing"

// A password that comes back blank, as answers show it, stays with the proxy and the name that it was given for, and goes to no other.
func TestThePasswordOfAProxyStaysWithIt(t *testing.T) {
	t.Parallel()
	old := &Backend{Proxy: &BackendProxy{URL: "http://proxy.example:3128", Username: "gateway", Password: "secret"}}
	for _, c := range []struct{ url, user, password, want string }{
		{"http://proxy.example:3128", "gateway", "", "secret"},
		{"http://proxy.example:3128", "gateway", "new", "new"},
		{"http://other.example:3128", "gateway", "", ""},
		{"http://proxy.example:3128", "other", "", ""},
	} {
		b := &Backend{Proxy: &BackendProxy{URL: c.url, Username: c.user, Password: c.password}}
		b.keepSecrets(old)
		if b.Proxy.Password != c.want {
			t.Errorf("%s as %s with %q: %q, want %q", c.url, c.user, c.password, b.Proxy.Password, c.want)
		}
	}
}
