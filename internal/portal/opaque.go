package portal

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"github.com/atelier-apim/atelier/internal/arm"
)

// opaque makes the ids that consumers see: keyed digests of resource ids. They are the same after a restart, say nothing about where a
// resource lives, and can't be made by guessing names. There is no way back: who gets one looks for it among what the person may see, so that
// an id is never more than a name for something visible.
type opaque struct{ key []byte }

func newOpaque(secret []byte) (*opaque, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "atelier portal ids", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("portal: key of ids: %w", err)
	}
	return &opaque{key}, nil
}

// of is the id that stands for a resource: 128 bits as 22 characters.
func (o *opaque) of(id arm.ID) string {
	mac := hmac.New(sha256.New, o.key)
	mac.Write([]byte(id.Key()))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}
