package lib

import "testing"

func TestAddressesAreTakenApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, uri, shown, host, path string }{
		{"HTTP://H.EXAMPLE:80/Path", "http://h.example/Path", "http://h.example/Path", "h.example", "/Path"},
		{"https://h.example", "https://h.example/", "https://h.example/", "h.example", "/"},
		{"https://u:p@H:8443/a/../b/./c?x=1#f", "https://u:p@h:8443/b/c?x=1#f", "https://u:p@h:8443/b/c?x=1#f", "h", "/b/c"},
		{"https://h/a b/é", "https://h/a%20b/%C3%A9", "https://h/a b/é", "h", "/a%20b/%C3%A9"},
		{"https://h/a%2Fb%20c", "https://h/a%2Fb%20c", "https://h/a%2Fb c", "h", "/a%2Fb%20c"},
		{"http://[::1]:8080/x", "http://[::1]:8080/x", "http://[::1]:8080/x", "[::1]", "/x"},
		{"mailto:a@b.example", "mailto:a@b.example", "mailto:a@b.example", "b.example", ""},
		{"https://h/%41%2F%7Eb/c/%2E%2E/?%61=%26", "https://h/A%2F~b/?a=%26", "https://h/A%2F~b/?a=%26", "h", "/A%2F~b/"},
	} {
		u, err := ParseUri(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if u.absoluteURI() != c.uri || u.NetString() != c.shown || u.host != c.host || u.path != c.path {
			t.Errorf("%s: got %s, %s, %s, %s", c.text, u.absoluteURI(), u.NetString(), u.host, u.path)
		}
	}
	for _, s := range []string{"", "not a uri", "/rel", "http://", "http://h:99999/", "http:x", "::", "http://h ost/", "http://-..x/"} {
		if u, err := ParseUri(s); thrown(err) != "UriFormatException" {
			t.Errorf("%q: got %v %v, want UriFormatException", s, u, err)
		}
	}
}

func TestRelativeAddresses(t *testing.T) {
	t.Parallel()
	base, _ := ParseUri("https://h/a/b?q#f")
	for _, c := range []struct{ ref, want string }{
		{"c", "https://h/a/c"}, {"../c", "https://h/c"}, {"/r", "https://h/r"}, {"?x", "https://h/a/b?x"}, {"#y", "https://h/a/b?q#y"}, {"//g/z", "https://g/z"}, {"http://o/", "http://o/"},
	} {
		u, err := resolveUri(base, c.ref)
		if err != nil || u.absoluteURI() != c.want {
			t.Errorf("%s: got %v %v, want %s", c.ref, u, err, c.want)
		}
	}
}
