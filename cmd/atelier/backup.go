package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
)

// backups keeps backups of services as files in DATA/backups, encrypted under the installation's key. Names were checked by who asks.
type backups struct {
	folder string
	ring   *seal.Ring
}

var _ apim.Backups = backups{}

func (b backups) file(container, name string) string {
	return filepath.Join(b.folder, filepath.Base(container), filepath.Base(name)+".atelier")
}

func backupAAD(container, name string) string { return seal.AAD("backups/"+container+"/"+name, "") }

func (b backups) Write(_ context.Context, container, name string, document []byte) error {
	path := b.file(container, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return writeFile(path, []byte(b.ring.Seal(string(document), backupAAD(container, name))), 0o600)
}

func (b backups) Read(_ context.Context, container, name string) ([]byte, bool, error) {
	sealed, err := os.ReadFile(b.file(container, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("backup: %w", err)
	}
	document, err := b.ring.Open(string(sealed), backupAAD(container, name))
	return []byte(document), true, err
}

// neighbours are what this process depends on, and whether it can be reached now.
func (s *server) neighbours(ctx context.Context) []apim.Neighbour {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	out := []apim.Neighbour{{Name: filepath.Base(s.config.path("atelier.db")), Type: "Database", Fault: s.storeFault(ctx)}}
	for _, g := range []struct {
		name     string
		listener net.Listener
	}{{"gateway", s.listeners.gateway}, {"gateway-tls", s.listeners.gatewayTLS}} {
		if g.listener == nil {
			continue
		}
		n := apim.Neighbour{Name: g.listener.Addr().String(), Type: "Gateway"}
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", n.Name)
		if n.Fault = err; err == nil {
			_ = conn.Close() // only whether it opens matters
		}
		out = append(out, n)
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
