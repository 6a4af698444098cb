package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/access"
	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/egress"
	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/keeper"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/localca"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/publish"
	"github.com/atelier-apim/atelier/internal/reach"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
)

// wire makes the control plane and the gateways over the open state, and brings them in step.
func (s *server) wire(ctx context.Context) error {
	if err := s.watchNeighbours(); err != nil {
		return err
	}
	if err := s.declare(); err != nil {
		return err
	}
	if err := s.makeControl(); err != nil {
		return err
	}
	s.gateways = gateway.NewSet(s.gatewayOptions())
	publisher := publish.New(publish.Options{
		Tenant: s.directory.TenantID(), Issuer: s.urls.Management + "/" + s.directory.TenantID() + "/v2.0",
		Registry: s.registry, Open: s.control.Open, Domain: s.config.domain, Sink: s.gateways,
		View: func(f func(store.Reader) error) error { return s.store.View(context.WithoutCancel(ctx), f) },
	})
	feed, err := control.NewFeed(ctx, s.store, access.Follower{Live: s.access, ReadOwn: apim.WorkspacesReadOwn}, publisher, s.connections, s.usage)
	if err != nil {
		return err
	}
	s.feed = feed
	s.control.Feed = feed
	if err := s.control.Abandon(ctx); err != nil {
		return err
	}
	if err := s.firstRows(ctx); err != nil {
		return err
	}
	return s.openTokens(ctx)
}

// declare mounts every kind.
func (s *server) declare() error {
	x, err := authz.New(nil, nil)
	if err != nil {
		return err
	}
	s.access = authz.NewLive(x)
	engine, err := policy.NewEngine(policies.Table(policies.Env{Dapr: s.config.daprURL}))
	if err != nil {
		return err
	}
	s.engine = engine
	_, port, err := net.SplitHostPort(s.listeners.gatewayTLS.Addr().String())
	if err != nil {
		return err
	}
	s.connections = keeper.New(keeper.Options{Address: s.urls.Management, Post: func(ctx context.Context, address string, form url.Values, user, password string) (int, []byte, error) {
		return s.postToken(ctx, address, form, user, password)
	}})
	catalogue := &apim.Catalogue{
		Connections: s.connections,
		Policies:    engine, GatewayDomain: s.config.domain, ManagementURL: s.urls.Management, PortalURL: s.urls.Portal, TenantID: s.directory.TenantID(),
		GatewayURL:   func(host string) string { return "https://" + host + ":" + port },
		HashPassword: s.directory.HashPassword, Backups: backups{s.config.path("backups"), s.ring}, Neighbours: s.neighbours,
		Quotas: quotas{s}, Usage: s.usage, Nameservers: reach.Nameservers,
		Dial:          func(ctx context.Context, address string) error { return s.dial(ctx, address) },
		BucketBackups: func(b apim.Bucket) apim.Backups { return bucketBackups{s.bucket(b), s.ring} },
		Ask: func(ctx context.Context, address string, question []byte) ([]byte, error) {
			return s.ask(ctx, address, question)
		},
	}
	s.registry, err = kind.NewRegistry(append(catalogue.Kinds(), access.Kinds(s.access, s.directory)...)...)
	return err
}

func (s *server) makeControl() error {
	allow, err := egress.ParseAllow(s.config.linkEgress)
	if err != nil {
		return fmt.Errorf("--link-egress-allow: %w", err)
	}
	if s.config.dev {
		loopback, err := egress.ParseAllow("127.0.0.0/8,::1")
		if err != nil {
			return err
		}
		allow = append(allow, loopback...)
	}
	s.dial, s.post, s.ask = egress.NewDial(allow), egress.NewPost(allow), egress.NewAsk(allow)
	s.postToken = egress.NewPostHere(allow)
	s.storage = egress.NewClient(allow, backupTime)
	s.control = control.New(control.Options{
		Registry: s.registry, Store: s.store, Access: s.access, Directory: principals{s.directory}, Sealer: sealer{s.ring}, Fetch: egress.New(allow),
		Resolve:     func(l kind.Lookup, id arm.ID) arm.ID { return apim.ResolveRevision(l, access.Resolve(id)) },
		MembersRead: map[string]bool{strings.ToLower(kind.Workspace): true, strings.ToLower(arm.TypeSubscription): true},
	})
	s.connections.Control = s.control
	return nil
}

// principals answers control from the directory.
type principals struct{ *directory.Directory }

func (p principals) Principal(objectID string) (string, bool) {
	found, ok := p.Directory.Principal(objectID)
	return string(found.Kind), ok
}

// sealer seals for control. A text that isn't sealed opens as itself: it was stored when it was no secret.
type sealer struct{ ring *seal.Ring }

func (s sealer) Seal(plain, about string) (string, error) {
	if plain == "" {
		return "", nil
	}
	return s.ring.Seal(plain, seal.AAD(about, "")), nil
}

func (s sealer) Open(sealed, about string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	return s.ring.Open(sealed, seal.AAD(about, ""))
}

// firstRows makes, on the first start, what everything else stands on: the subscription, and Owner at the root for the two administrators.
func (s *server) firstRows(ctx context.Context) error {
	if s.admin == nil {
		return nil
	}
	system := control.System("first start")
	sub := arm.MustID("/subscriptions/" + s.admin.SubscriptionID)
	body := fmt.Sprintf(`{"properties":{"subscriptionId":%q,"tenantId":%q,"displayName":"Atelier","state":"Enabled"}}`, s.admin.SubscriptionID, s.admin.TenantID)
	if _, err := s.control.Put(ctx, system, sub, []byte(body)); err != nil {
		return fmt.Errorf("first start: %w", err)
	}
	for _, p := range []struct{ id, typ string }{{s.admin.ServicePrincipal, authz.ServicePrincipal}, {s.admin.User, authz.User}} {
		id := arm.Root.Provider(authz.Namespace, "roleAssignments", p.id) // one assignment each, named like its principal
		body := fmt.Sprintf(`{"properties":{"roleDefinitionId":"/providers/Microsoft.Authorization/roleDefinitions/%s","principalId":%q,"principalType":%q}}`, authz.Owner, p.id, p.typ)
		if _, err := s.control.Put(ctx, system, id, []byte(body)); err != nil {
			return fmt.Errorf("first start: %w", err)
		}
	}
	return nil
}

// authorityKeys reads the local authority from the store, or makes it.
func authorityKeys(ctx context.Context, st store.Store, ring *seal.Ring) (cert, key []byte, err error) {
	id := arm.Root.Provider("Atelier.Identity", "authorities", "local")
	var row store.Row
	err = st.View(ctx, func(r store.Reader) (err error) {
		row, err = r.Get(id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return makeAuthority(ctx, st, ring, id)
	}
	if err != nil {
		return nil, nil, err
	}
	return readAuthority(row, ring)
}

func makeAuthority(ctx context.Context, st store.Store, ring *seal.Ring, id arm.ID) (cert, key []byte, err error) {
	now := time.Now().UTC()
	if cert, key, err = localca.Generate(now); err != nil {
		return nil, nil, err
	}
	row, err := authorityRow(id, cert, key, ring, now)
	if err != nil {
		return nil, nil, err
	}
	_, err = st.Update(ctx, store.Actor{Name: "first start"}, func(tx store.Tx) error {
		found, err := tx.Get(id)
		if err == nil { // another process was faster
			row = found
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return tx.Put(store.Write{Row: row})
	})
	if err != nil {
		return nil, nil, err
	}
	return readAuthority(row, ring)
}
