package gateway_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// installation is a gateway with one open API "api" of one workspace, on real listeners.
type installation struct {
	gateway  *gateway.Gateway
	server   *gateway.Server
	url, tls string
	log      *lockedBuffer
	client   *http.Client
}

// document is a policy of the API.
func document(id, text string) *snapshot.Policy {
	if text == "" {
		return nil
	}
	return &snapshot.Policy{ID: id, Format: "rawxml", Text: text}
}

// oneAPI is a snapshot whose API takes every path and method that tests use, with a policy for the service and one for the API.
func oneAPI(backend, servicePolicy, apiPolicy string) *snapshot.Snapshot {
	ws := &snapshot.Shard{ID: serviceID + "/workspaces/w", Workspace: "w"}
	a := &snapshot.API{
		ID: ws.ID + "/apis/api", Name: "api", Path: "api", Revision: "1", Current: true, Online: true, ServiceURL: backend,
		Protocols: []string{"http", "https"}, Policy: document("api", apiPolicy),
	}
	for _, m := range []string{"GET", "POST"} {
		a.Operations = append(a.Operations, &snapshot.Operation{ID: a.ID + "/operations/" + m, Name: m, Method: m, URLTemplate: "/*"})
	}
	ws.APIs = snapshot.ListOf(a)
	return &snapshot.Snapshot{
		Version: 1, Gateway: snapshot.Gateway{ID: serviceID, Name: "managed", Managed: true, Default: true, ServiceID: serviceID, ServiceName: "contoso"},
		Service: &snapshot.Shard{ID: serviceID, Policy: document("service", servicePolicy)}, Others: []*snapshot.Shard{ws},
	}
}

// serve starts a gateway for the snapshot.
func serve(t testing.TB, s *snapshot.Snapshot, l gateway.Limits) *installation {
	t.Helper()
	log := new(lockedBuffer)
	in := serveLogging(t, log, s, l)
	in.log = log
	return in
}

func serveLogging(t testing.TB, log io.Writer, s *snapshot.Snapshot, l gateway.Limits) *installation {
	t.Helper()
	return serveWith(t, gateway.Options{Log: log, Limits: l}, s)
}

func serveWith(t testing.TB, o gateway.Options, s *snapshot.Snapshot) *installation {
	t.Helper()
	in, l := new(installation), o.Limits
	var err error
	if in.gateway, err = gateway.New(o); err != nil {
		t.Fatal(err)
	}
	if r := in.gateway.Apply(s); len(r.Problems) > 0 {
		t.Fatal(r.Problems)
	}
	cert, err := selfSigned()
	if err != nil {
		t.Fatal(err)
	}
	in.server = gateway.NewServer(in.gateway, gateway.ServerOptions{Limits: l, Certificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return cert, nil }})
	in.url = "http://" + listen(t, in.server.Serve)
	in.tls = "https://" + listen(t, in.server.ServeTLS)
	in.client = client(new(http.Protocols), func(p *http.Protocols) { p.SetHTTP1(true) })
	t.Cleanup(func() {
		in.client.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = in.server.Drain(ctx)
		in.gateway.Close()
	})
	return in
}

func listen(t testing.TB, serve func(net.Listener) error) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go serve(l) //nolint:errcheck // ended by the test
	return l.Addr().String()
}

// client is an HTTP client of the protocols that set chooses.
func client(p *http.Protocols, set func(*http.Protocols)) *http.Client {
	set(p)
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{Protocols: p, DisableCompression: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // a test
}

// backendOf starts a backend.
func backendOf(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	b := httptest.NewUnstartedServer(h)
	b.Config.Protocols = new(http.Protocols)
	b.Config.Protocols.SetHTTP1(true)
	b.Config.Protocols.SetUnencryptedHTTP2(true)
	b.Start()
	t.Cleanup(b.Close)
	return b.URL
}

func (in *installation) logged(text string) bool {
	in.gateway.Flush()
	return bytes.Contains([]byte(in.log.String()), []byte(text))
}

// unverified is the backend entity "b", whose certificate isn't checked.
func unverified(url string) *snapshot.Backend {
	return &snapshot.Backend{ID: serviceID + "/workspaces/w/backends/b", Name: "b", URL: url, SkipVerify: true}
}
