package gateway_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// person is a client certificate with its key, signed by itself.
func person(t testing.TB, name string) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...)
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		t.Fatal(err)
	}
	return pair, text
}

const tellsWho = `<policies><inbound><return-response><set-body>@((context.Request.Certificate?.Subject ?? "nobody") + " " + context.Request.Certificate?.Verify())</set-body></return-response></inbound></policies>`

// A caller may show a certificate over HTTP/1.1 and HTTP/2. Where the gateway asks for one, policies see it and whether an authority of the service
// vouches for it; nobody has to have one; and where the gateway doesn't ask, none is seen.
func TestCallersMayShowACertificate(t *testing.T) {
	t.Parallel()
	ada, _ := person(t, "ada")
	protocols := map[string]func(*http.Protocols){
		"HTTP/1.1": func(p *http.Protocols) { p.SetHTTP1(true) },
		"HTTP/2":   func(p *http.Protocols) { p.SetHTTP2(true) },
	}
	for _, one := range []struct {
		name  string
		asks  bool
		trust bool
		shows bool
		want  string
	}{
		{"shown", true, false, true, "CN=ada False"},
		{"shown and trusted", true, true, true, "CN=ada True"},
		{"none", true, true, false, "nobody "},
		{"not asked for", false, true, true, "nobody "},
	} {
		for name, protocol := range protocols {
			t.Run(one.name+" over "+name, func(t *testing.T) {
				t.Parallel()
				s := oneAPI("http://127.0.0.1:1", "", tellsWho)
				s.Gateway.AsksForCertificate = one.asks
				if one.trust {
					s.Authorities = []snapshot.Authority{{DER: ada.Certificate[0], Root: true}}
				}
				in := serve(t, s, gateway.Limits{})
				c := client(new(http.Protocols), protocol)
				defer c.CloseIdleConnections()
				if one.shows {
					c.Transport.(*http.Transport).TLSClientConfig.Certificates = []tls.Certificate{ada}
				}
				if _, got := askFor(t, c, in.tls+"/api/x"); got != one.want {
					t.Errorf("the policy saw %q, want %q", got, one.want)
				}
			})
		}
	}
}

func askFor(t testing.TB, c *http.Client, url string) (int, string) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// A set asks for certificates at the host names of the gateways that want them, and at no others.
func TestOnlyHostNamesThatNegotiateAskForACertificate(t *testing.T) {
	t.Parallel()
	set := gateway.NewSet(gateway.Options{})
	defer set.Close()
	one := oneAPI("http://127.0.0.1:1", "", tellsWho)
	one.Gateway.Hosts, one.Gateway.AsksForCertificate = []string{"asks.example"}, true
	other := oneAPI("http://127.0.0.1:1", "", tellsWho)
	other.Gateway.ID, other.Gateway.Default, other.Gateway.Hosts = serviceID+"2", false, []string{"quiet.example"}
	for _, s := range []*snapshot.Snapshot{one, other} {
		if _, err := set.Put(s); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]bool{"asks.example": true, "ASKS.example": true, "quiet.example": false, "": true} {
		if got := set.AsksForCertificate(name); got != want {
			t.Errorf("%q asks: %v", name, got)
		}
	}
}

// demanding is a backend that notes who calls it over TLS.
type demanding struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string
	to   string // where /away redirects
}

func newDemanding(t testing.TB, auth tls.ClientAuthType) *demanding {
	d := &demanding{}
	d.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if len(r.TLS.PeerCertificates) > 0 {
			who = r.TLS.PeerCertificates[0].Subject.CommonName
		}
		d.mu.Lock()
		d.seen = append(d.seen, who)
		d.mu.Unlock()
		if r.URL.Path == "/away" {
			http.Redirect(w, r, d.to, http.StatusTemporaryRedirect)
		}
	}))
	d.TLS = &tls.Config{ClientAuth: auth}
	d.EnableHTTP2 = true
	d.StartTLS()
	t.Cleanup(d.Close)
	return d
}

func (d *demanding) who() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.seen)
}

// authentication-certificate decides what the backend sees. Connections are never shared among those who show different certificates, or none, and the
// certificate stays behind when the backend redirects to another host.
func TestBackendsSeeTheCertificateThatThePolicyNames(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"1", "2"} {
		t.Run("HTTP/"+version, func(t *testing.T) {
			t.Parallel()
			b, elsewhere := newDemanding(t, tls.RequestClientCert), newDemanding(t, tls.RequestClientCert)
			b.to = elsewhere.URL + "/"
			_, ada := person(t, "ada")
			_, ben := person(t, "ben")
			s := oneAPI(b.URL, "", `<policies><inbound><base/><set-backend-service backend-id="b"/><choose><when condition="@(context.Request.Url.Query.ContainsKey("as"))"><authentication-certificate certificate-id="@(context.Request.Url.Query["as"][0])"/></when></choose></inbound>
				<backend><forward-request follow-redirects="true" http-version="`+version+`"/></backend></policies>`)
			s.Others[0].Backends = []*snapshot.Backend{unverified(b.URL)}
			s.Others[0].Certificates = []*snapshot.Certificate{{Name: "ada", Data: ada}, {Name: "ben", Data: ben}}
			in := serve(t, s, gateway.Limits{})
			for _, path := range []string{"/x?as=ada", "/x?as=ben", "/x", "/x?as=ada", "/away?as=ben"} {
				if status, body := askFor(t, in.client, in.url+"/api"+path); status != 200 {
					t.Fatalf("%s: %d %s\n%s", path, status, body, in.log.String())
				}
			}
			if got, want := b.who(), []string{"ada", "ben", "nobody", "ada", "ben"}; !slices.Equal(got, want) {
				t.Errorf("the backend saw %v, want %v", got, want)
			}
			if got := elsewhere.who(); !slices.Equal(got, []string{"nobody"}) {
				t.Errorf("the host that the backend redirects to saw %v", got)
			}
		})
	}
}

// A backend that demands a certificate can't be reached without one.
func TestBackendsMayDemandACertificate(t *testing.T) {
	t.Parallel()
	b := newDemanding(t, tls.RequireAnyClientCert)
	_, ada := person(t, "ada")
	s := oneAPI(b.URL, "", `<policies><inbound><base/><set-backend-service backend-id="b"/></inbound></policies>`)
	s.Others[0].Backends = []*snapshot.Backend{unverified(b.URL)}
	s.Others[0].Certificates = []*snapshot.Certificate{{Name: "ada", Data: ada}}
	in := serve(t, s, gateway.Limits{})
	if status, _ := askFor(t, in.client, in.url+"/api/x"); status != 500 {
		t.Errorf("without a certificate the answer is %d", status)
	}
}
