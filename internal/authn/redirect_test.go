package authn

import (
	"net/url"
	"path"
	"strings"
	"testing"
)

func FuzzRedirect(f *testing.F) {
	s := &Service{base: "https://atelier.test:8443"}
	for _, seed := range []string{"", "a", "a/b/", "../x", "%2e%2e/", "\\evil.test", "?x", "#x", "/evil.test", "a//b", ".", "a/./b"} {
		f.Add(s.base + "/console/" + seed)
	}
	f.Add("https://atelier.test:8443@evil.test/console/")
	f.Fuzz(func(t *testing.T, uri string) {
		if !s.isConsole(uri) {
			return
		}
		u, err := url.Parse(uri)
		if err != nil || u.Scheme != "https" || u.Host != "atelier.test:8443" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			t.Fatalf("%q is accepted and read as %+v, %v", uri, u, err)
		}
		if clean := path.Clean(u.Path); clean != "/console" && !strings.HasPrefix(clean, "/console/") {
			t.Errorf("%q is accepted and leads to %q", uri, clean)
		}
	})
}
