package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/reach"
	"github.com/atelier-apim/atelier/internal/store"
)

// watchNeighbours says what this process depends on.
func (s *server) watchNeighbours() error {
	probes := []reach.Probe{{Name: filepath.Base(s.config.path("atelier.db")), Type: "Database", Test: s.storeFault}}
	for _, l := range []net.Listener{s.listeners.gateway, s.listeners.gatewayTLS} {
		if l != nil {
			address := l.Addr().String()
			probes = append(probes, reach.Probe{Name: address, Type: "Gateway", Test: func(ctx context.Context) error { return opens(ctx, address) }})
		}
	}
	if s.config.smtpURL != "" {
		mail, err := mailServer(s.config.smtpURL)
		if err != nil {
			return err
		}
		probes = append(probes, reach.Probe{Name: mail.Address(), Type: "Mail", Optional: true, Test: mail.Mail})
	}
	if s.config.redisURL != "" {
		redis, err := reach.ParseServer(s.config.redisURL, "redis", "6379", "rediss", "6379")
		if err != nil {
			return fmt.Errorf("--redis-url: %w", err)
		}
		probes = append(probes, reach.Probe{Name: redis.Address(), Type: "Cache", Optional: true, Test: redis.Redis})
	}
	s.watch = reach.NewWatch(time.Now, probes...)
	return nil
}

func mailServer(address string) (reach.Server, error) {
	server, err := reach.ParseServer(address, "smtp", "587", "smtps", "465")
	if err != nil {
		return server, fmt.Errorf("--smtp-url: %w", err)
	}
	return server, nil
}

// opens says whether an address of ours takes connections.
func opens(ctx context.Context, address string) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err == nil {
		_ = conn.Close() // only whether it opens matters
	}
	return err
}

// neighbours are what a service depends on: this process's own, and the gateways that serve it.
func (s *server) neighbours(ctx context.Context, service arm.ID) []apim.Neighbour {
	var out []apim.Neighbour
	for _, n := range s.watch.States(ctx) {
		out = append(out, apim.Neighbour{Name: n.Name, Type: n.Type, Optional: n.Optional, Fault: n.Fault, Updated: n.Updated, Changed: n.Changed})
	}
	for _, g := range s.gateways.Serving(service.String()) {
		id, err := arm.ParseID(g.ID)
		if err != nil {
			continue
		}
		updated := g.Changed
		if g.Answered.After(updated) {
			updated = g.Answered
		}
		out = append(out, apim.Neighbour{Name: g.Name, Type: "Gateway", Gateway: id, Updated: updated, Changed: g.Begun})
	}
	return out
}

// storeFault is why the store can't be read; nil when it can.
func (s *server) storeFault(ctx context.Context) error {
	return s.store.View(ctx, func(r store.Reader) error {
		_, err := r.Get(arm.Root)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
}
