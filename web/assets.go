package web

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
)

// asset is one file of an application in the forms in which it can be sent.
type asset struct {
	mediaType string
	etag      string
	plain     []byte
	// brotli and gzip are nil when the build made no such form.
	brotli, gzip []byte
	// hashed is true when the file's name changes with its content, so that it may be kept for ever.
	hashed bool
}

// loadAssets reads a built application into memory, keyed by path without a leading slash.
func loadAssets(files fs.FS) (map[string]*asset, error) {
	assets := make(map[string]*asset)
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || isVariant(name) || name == "manifest.json" {
			return err
		}
		loaded, err := loadAsset(files, name)
		if err != nil {
			return err
		}
		assets[name] = loaded
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("web assets: %w", err)
	}
	return assets, nil
}

func loadAsset(files fs.FS, name string) (*asset, error) {
	plain, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(plain)
	return &asset{
		mediaType: mediaType(name),
		etag:      base64.RawURLEncoding.EncodeToString(sum[:12]),
		plain:     plain,
		brotli:    variant(files, name+".br"),
		gzip:      variant(files, name+".gz"),
		hashed:    strings.HasPrefix(name, "assets/"),
	}, nil
}

// variant is a compressed form, or nil: an absent one is never an error, since the plain form always serves.
func variant(files fs.FS, name string) []byte {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return nil
	}
	return content
}

func isVariant(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

// mediaTypes are the types that browsers insist on; the operating system's own table may say otherwise.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
	".json": "application/json",
}

func mediaType(name string) string {
	extension := path.Ext(name)
	if known, ok := mediaTypes[extension]; ok {
		return known
	}
	if guess := mime.TypeByExtension(extension); guess != "" {
		return guess
	}
	return "application/octet-stream"
}
