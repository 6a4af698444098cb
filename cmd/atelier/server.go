package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/activity"
	"github.com/atelier-apim/atelier/internal/authn"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/credential"
	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/identity"
	"github.com/atelier-apim/atelier/internal/keeper"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/localca"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/reach"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/snapshot"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// server is one process: the rooms put together.
type server struct {
	config    *config
	listeners listeners
	urls      endpoints
	store     store.Store
	ring      *seal.Ring
	directory *directory.Directory
	identity  *authn.Service
	access    *authz.Live
	registry  *kind.Registry
	engine    *policy.Engine // that checks documents
	control   *control.Control
	feed      *control.Feed
	gateways  *gateway.Set
	provider  *identity.Provider // of managed identities, nil for our own issuer
	recorder  *activity.Recorder
	usage     *reporting
	watch     *reach.Watch
	// connections keeps the tokens of the credential manager alive.
	connections *keeper.Keeper
	stopWork    context.CancelFunc // of what goes on in the background
	work        sync.WaitGroup     // that must end before the store is closed
	leaves      *localca.Leaves
	authority   *localca.Authority
	admin       *directory.Admin // of the first start; nil later
	// subscription is the installation's own, once it is known.
	subscription string
	servers      []stopper
	dial         func(ctx context.Context, address string) error // under the rules for outgoing calls
	post         authn.Post                                      // under the same rules
	postToken    credential.Post                                 // to providers of tokens
	storage      *http.Client                                    // likewise, for buckets
	ask          func(ctx context.Context, address string, question []byte) ([]byte, error)
	failed       chan error
}

// stopper is a server that ends gracefully.
type stopper interface{ Shutdown(context.Context) error }

// listeners are taken before anything is made, so that a busy port costs nothing.
type listeners struct{ management, portal, gateway, gatewayTLS, sample net.Listener }

// newServer takes the ports and opens the state; nothing answers yet.
func newServer(ctx context.Context, c *config) (_ *server, err error) {
	s := &server{config: c, failed: make(chan error, 8)}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	for _, step := range []func(context.Context) error{s.listen, s.openProvider, s.openStore, s.openUsage, s.openIdentity, s.openAuthority, s.wire} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *server) listen(context.Context) (err error) {
	c, l := s.config, &s.listeners
	for _, a := range []struct {
		into          *net.Listener
		flag, address string
	}{
		{&l.management, "management-address", c.management},
		{&l.portal, "portal-address", c.portal},
		{&l.gateway, "gateway-address", c.gateway},
		{&l.gatewayTLS, "gateway-tls-address", c.gatewayTLS},
		{&l.sample, "sample-address", c.sample},
	} {
		if a.address == "" {
			continue
		}
		if *a.into, err = listen(a.flag, a.address); err != nil {
			return err
		}
	}
	s.urls = endpoints{
		Management: cmp.Or(strings.TrimSuffix(c.managementURL, "/"), "https://"+l.management.Addr().String()),
		Portal:     cmp.Or(strings.TrimSuffix(c.portalURL, "/"), "https://"+l.portal.Addr().String()),
		Gateway:    "http://" + l.gateway.Addr().String(),
		GatewayTLS: "https://" + l.gatewayTLS.Addr().String(),
	}
	return nil
}

func (s *server) openStore(ctx context.Context) error {
	database := s.config.path("atelier.db")
	_, err := os.Stat(database)
	key, err := seal.Source{
		Text: os.Getenv("ATELIER_KEY"), File: s.config.keyFile, Default: s.config.path("master.key"), Make: errors.Is(err, fs.ErrNotExist),
	}.Key()
	if err != nil {
		return err
	}
	if s.ring, err = seal.NewRing(key); err != nil {
		return err
	}
	if s.store, err = sqlite.Open(ctx, database, sqlite.Options{}); err != nil {
		return err
	}
	s.recorder = activity.NewRecorder(s.store, nil)
	return nil
}

// openIdentity reads the directory and, on the first start, makes the organisation.
func (s *server) openIdentity(ctx context.Context) (err error) {
	if s.directory, err = directory.New(ctx, s.store, s.ring, directory.Options{Refused: s.recordRefusedDirectory}); err != nil {
		return err
	}
	made, first, err := s.directory.Bootstrap(ctx, directory.Admin{
		TenantID: os.Getenv("ATELIER_ADMIN_TENANT_ID"), SubscriptionID: os.Getenv("ATELIER_ADMIN_SUBSCRIPTION_ID"),
		ClientID: os.Getenv("ATELIER_ADMIN_CLIENT_ID"), ClientSecret: os.Getenv("ATELIER_ADMIN_CLIENT_SECRET"),
		Username: os.Getenv("ATELIER_ADMIN_USERNAME"), Password: os.Getenv("ATELIER_ADMIN_PASSWORD"),
	})
	if err != nil {
		return err
	}
	if first {
		s.admin = &made
	}
	return nil
}

// openAuthority reads or makes the local certificate authority, whose key lies sealed in the store.
func (s *server) openAuthority(ctx context.Context) error {
	cert, key, err := authorityKeys(ctx, s.store, s.ring)
	if err != nil {
		return err
	}
	if s.authority, err = localca.Load(cert, key, nil); err != nil {
		return err
	}
	hosts := []string{}
	for _, a := range []string{s.config.management, s.config.portal, s.config.gateway, s.config.gatewayTLS, hostOf(s.urls.Management), hostOf(s.urls.Portal)} {
		if host, _, err := net.SplitHostPort(a); err == nil && host != "" {
			hosts = append(hosts, host)
		} else if err != nil && a != "" {
			hosts = append(hosts, a)
		}
	}
	s.leaves = localca.NewLeaves(s.authority, hosts, func(host string) bool { return s.gateways != nil && s.gateways.Hosts(host) })
	return nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// start makes every listener answer, then says so in the data folder.
func (s *server) start(ctx context.Context) error {
	management, err := s.managementHandler()
	if err != nil {
		return err
	}
	if err := s.serveTLS(s.listeners.management, management); err != nil {
		return err
	}
	portal, err := s.portalHandler()
	if err != nil {
		return err
	}
	if err := s.serveTLS(s.listeners.portal, portal); err != nil {
		return err
	}
	gw := gateway.NewServer(s.gateways, gateway.ServerOptions{Certificate: s.leaves.GetCertificate})
	go func() { s.fail(gw.Serve(s.listeners.gateway)) }()
	go func() { s.fail(gw.ServeTLS(s.listeners.gatewayTLS)) }()
	s.servers = append(s.servers, drainer{gw})
	go s.feed.Run(ctx)
	s.usage.run(ctx)
	background, stop := context.WithCancel(ctx)
	s.stopWork = stop
	s.work.Go(func() { s.connections.Run(background) })
	return s.announce()
}

// drainer makes a stopper of the gateways' server.
type drainer struct{ *gateway.Server }

func (d drainer) Shutdown(ctx context.Context) error { return d.Drain(ctx) }

func (s *server) fail(err error) {
	if err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		s.failed <- err
	}
}

func (s *server) serveTLS(l net.Listener, h http.Handler) error {
	t := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: s.leaves.GetCertificate}
	if s.config.tlsCert != "" {
		cert, err := tls.LoadX509KeyPair(s.config.tlsCert, s.config.tlsKey)
		if err != nil {
			return fmt.Errorf("--tls-cert, --tls-key: %w", err)
		}
		t.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &cert, nil }
	}
	srv := &http.Server{
		Handler: h, TLSConfig: t, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(discardHandler{}, slog.LevelDebug),
	}
	go func() { s.fail(srv.ServeTLS(l, "", "")) }()
	s.servers = append(s.servers, srv)
	return nil
}

// discardHandler drops net/http's talk of clients that hang up during a handshake.
type discardHandler struct{ slog.Handler }

func (discardHandler) Enabled(context.Context, slog.Level) bool  { return false }
func (discardHandler) Handle(context.Context, slog.Record) error { return nil }

// drain ends gracefully: no new connection, requests in flight finish within 30 s.
func (s *server) drain() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	done := make(chan error, len(s.servers))
	for _, srv := range s.servers {
		go func() { done <- srv.Shutdown(ctx) }()
	}
	var errs []error
	for range s.servers {
		if err := <-done; err != nil && !errors.Is(err, context.DeadlineExceeded) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// close lets go of what is open; requests are over.
func (s *server) close() {
	for _, l := range []net.Listener{s.listeners.management, s.listeners.portal, s.listeners.gateway, s.listeners.gatewayTLS, s.listeners.sample} {
		if l != nil {
			_ = l.Close() // closed already when it was served
		}
	}
	if s.gateways != nil {
		s.gateways.Close()
	}
	if s.stopWork != nil {
		s.stopWork()
		s.work.Wait()
	}
	if s.usage != nil {
		s.usage.close()
	}
	if s.store != nil {
		if err := s.store.Close(); err != nil {
			slog.Error("the store did not close", "error", err)
		}
	}
}

// forbidden are the addresses of our own that no backend may have.
func (s *server) forbidden() []netip.AddrPort {
	var out []netip.AddrPort
	for _, l := range []net.Listener{s.listeners.management, s.listeners.portal} {
		if a, err := netip.ParseAddrPort(l.Addr().String()); err == nil {
			out = append(out, a)
		}
	}
	return out
}

func (s *server) gatewayOptions() gateway.Options {
	var log io.Writer = os.Stderr
	if s.config.dev {
		log = &shortLog{to: os.Stderr}
	}
	return gateway.Options{
		Identity: s.identitySource(), Dapr: s.config.daprURL, Log: log, Forbidden: s.forbidden(), InstanceID: uuid.NewString(), Usage: s.usage,
		Document: func(address string) ([]byte, bool) { return s.identity.Document(address) },
		Problem: func(id string, p snapshot.Problem) {
			slog.Warn("a policy does not compile on a gateway; its operation answers 500", "gateway", id, "resource", p.ID, "problem", p.Message)
		},
	}
}
