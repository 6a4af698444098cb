package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/seal"
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
