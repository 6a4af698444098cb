package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/egress"
	"github.com/atelier-apim/atelier/internal/s3"
	"github.com/atelier-apim/atelier/internal/seal"
)

// Bounds of a backup in a bucket: whoever asks for it waits.
const (
	backupTime  = 2 * time.Minute
	backupLimit = 256 << 20
)

// bucketBackups keeps backups of services as objects {container}/{name}.atelier of a bucket, encrypted as those on our own disk: what the store sees
// is of no use to it, and what it hands out is ours or nothing.
type bucketBackups struct {
	s3.Bucket
	ring *seal.Ring
}

var _ apim.Backups = bucketBackups{}

func (s *server) bucket(b apim.Bucket) s3.Bucket {
	return s3.Bucket{Client: s.storage, Address: b.Address, Region: b.Region, KeyID: b.KeyID, Secret: b.Secret, Limit: backupLimit}
}

func objectOf(container, name string) string { return container + "/" + name + ".atelier" }

func (b bucketBackups) Write(ctx context.Context, container, name string, document []byte) error {
	return b.refusal(b.Put(ctx, objectOf(container, name), b.ring.Seal(string(document), backupAAD(container, name))))
}

func (b bucketBackups) Read(ctx context.Context, container, name string) ([]byte, bool, error) {
	sealed, ok, err := b.Get(ctx, objectOf(container, name))
	if err != nil || !ok {
		return nil, false, b.refusal(err)
	}
	document, err := b.ring.Open(sealed, backupAAD(container, name))
	if err != nil {
		return nil, false, arm.Conflict("BackupUnreadable", "The object '%s' of the bucket is no backup of this installation under that name, and stays as it is.", objectOf(container, name))
	}
	return []byte(document), true, nil
}

// refusal is what the caller is told of a bucket that doesn't do what it is asked.
func (b bucketBackups) refusal(err error) error {
	if err == nil {
		return nil
	}
	var unreached interface{ Timeout() bool } // *url.Error: it names addresses
	if errors.As(err, &unreached) {
		slog.Warn("a bucket for backups can't be reached", "host", b.Address.Host, "error", err)
		err = egress.Reason(err)
	}
	return arm.Errorf(http.StatusBadRequest, "BackupStorageFailed", "The bucket of storageAccount can't be used: %s.", err)
}
