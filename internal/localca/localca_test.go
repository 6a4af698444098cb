package localca_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/localca"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func authority(t testing.TB, now func() time.Time) *localca.Authority {
	t.Helper()
	cert, key, err := localca.Generate(noon)
	if err != nil {
		t.Fatal(err)
	}
	a, err := localca.Load(cert, key, now)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func fixed() time.Time { return noon }

func ask(t testing.TB, l *localca.Leaves, name string) *x509.Certificate {
	t.Helper()
	c, err := l.GetCertificate(&tls.ClientHelloInfo{ServerName: name})
	if err != nil {
		t.Fatalf("%q: %v", name, err)
	}
	return c.Leaf
}

func names(c *x509.Certificate) []string {
	list := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	return list
}

func TestCertificatesNameExactlyWhatTheyShould(t *testing.T) {
	t.Parallel()
	l := localca.NewLeaves(authority(t, fixed), []string{"Atelier.Example.", "10.0.0.7", "0.0.0.0", "[::]", "localhost", ""}, func(h string) bool {
		return strings.HasSuffix(h, ".localhost") || h == "api.example.com"
	})
	standard := []string{"localhost", "atelier.example", "127.0.0.1", "::1", "10.0.0.7"}
	long := strings.Repeat("a", 63) + "." + strings.Repeat("b", 63) + ".localhost"
	for _, c := range []struct {
		sni  string
		want []string
	}{
		{"", standard},
		{"localhost", standard},
		{"LOCALHOST.", standard},
		{"atelier.example", standard},
		{"contoso.localhost", []string{"contoso.localhost"}},
		{"Contoso.LocalHost.", []string{"contoso.localhost"}},
		{"api.example.com", []string{"api.example.com"}},
		{long, []string{long}},
		{"unknown.example", standard},
		{"*.localhost", standard},
		{"a_b.localhost", standard},
		{"a..localhost", standard},
		{"-a.localhost", standard},
		{strings.Repeat("a", 64) + ".localhost", standard},
	} {
		if diff := cmp.Diff(c.want, names(ask(t, l, c.sni))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.sni, diff)
		}
	}
	for host, want := range map[string]bool{"localhost": true, "::1": true, "[::1]": true, "10.0.0.7": true, "x.localhost": true, "other": false, "": false} {
		if got := l.Covers(host); got != want {
			t.Errorf("covers %q: %v", host, got)
		}
	}
}

// TestClientsAcceptTheCertificates shakes hands over a real connection with a client that trusts ca.pem alone.
func TestClientsAcceptTheCertificates(t *testing.T) {
	t.Parallel()
	cert, key, err := localca.Generate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	a, err := localca.Load(cert, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(a.PEM()) {
		t.Fatal("ca.pem holds no certificate")
	}
	l := localca.NewLeaves(a, nil, func(h string) bool { return h == "contoso.localhost" })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go serve(listener, &tls.Config{GetCertificate: l.GetCertificate})
	for _, c := range []struct {
		sni, verify string
		ok          bool
	}{
		{"localhost", "localhost", true},
		{"", "127.0.0.1", true},
		{"", "::1", true},
		{"contoso.localhost", "contoso.localhost", true},
		{"fabrikam.localhost", "fabrikam.localhost", false},
	} {
		config := &tls.Config{ServerName: c.sni, RootCAs: roots}
		if c.sni == "" {
			config.ServerName = c.verify // an address is verified, but never sent
		}
		client, err := tls.Dial("tcp", listener.Addr().String(), config)
		if err == nil {
			client.Close()
		}
		if (err == nil) != c.ok {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// serve shakes hands with every client until the listener is closed.
func serve(l net.Listener, config *tls.Config) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			_ = tls.Server(conn, config).Handshake() // the client tells how it went
		}()
	}
}

func TestLeavesAreMadeOnceAndRenewed(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := noon
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	advance := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	l := localca.NewLeaves(authority(t, clock), nil, func(string) bool { return true })

	var serials sync.Map
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { serials.Store(ask(t, l, "a.localhost").SerialNumber.String(), true) })
	}
	wg.Wait()
	n := 0
	serials.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d certificates for clients that came together", n)
	}
	first := ask(t, l, "a.localhost")
	advance(59 * 24 * time.Hour)
	if ask(t, l, "a.localhost").SerialNumber.Cmp(first.SerialNumber) != 0 {
		t.Error("renewed too early")
	}
	advance(2 * 24 * time.Hour)
	second := ask(t, l, "a.localhost")
	if second.SerialNumber.Cmp(first.SerialNumber) == 0 || !second.NotAfter.After(first.NotAfter) {
		t.Error("not renewed thirty days before its end")
	}
	// At the authority's very end there is nothing to renew with; clients are served until then.
	advance(noon.Add(10*365*24*time.Hour - 24*time.Hour).Sub(clock()))
	if c := ask(t, l, "a.localhost"); !c.NotAfter.Equal(noon.Add(10 * 365 * 24 * time.Hour)) {
		t.Errorf("ends %s", c.NotAfter)
	}
}

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	l := localca.NewLeaves(authority(t, fixed), nil, func(string) bool { return true })
	first := ask(t, l, "first.localhost")
	standard := ask(t, l, "")
	for i := range 1100 {
		ask(t, l, fmt.Sprintf("h%d.localhost", i))
		ask(t, l, "") // stays in use
	}
	if ask(t, l, "first.localhost").SerialNumber.Cmp(first.SerialNumber) == 0 {
		t.Error("the oldest of 1,100 is still kept")
	}
	if ask(t, l, "").SerialNumber.Cmp(standard.SerialNumber) != 0 {
		t.Error("the one in use was dropped")
	}
}

func TestLoadRefusesWhatDoesNotBelongTogether(t *testing.T) {
	t.Parallel()
	cert, key, err := localca.Generate(noon)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := localca.Generate(noon)
	if err != nil {
		t.Fatal(err)
	}
	late := func() time.Time { return noon.AddDate(11, 0, 0) }
	for name, err := range map[string]error{
		"another's key": second(localca.Load(cert, other, fixed)),
		"no key":        second(localca.Load(cert, nil, fixed)),
		"no cert":       second(localca.Load(nil, key, fixed)),
		"swapped":       second(localca.Load(key, cert, fixed)),
		"damaged key":   second(localca.Load(cert, append([]byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), 0), fixed)),
		"ended":         second(localca.Load(cert, key, late)),
	} {
		if err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
}

func second(_ *localca.Authority, err error) error { return err }
