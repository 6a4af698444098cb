package seal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// Digest is the keyed hash by which a secret is found again: HMAC-SHA-256 in hex. Purpose keeps uses apart: the digest of a client secret
// is of no use as one of a subscription key. It is meant for secrets of high entropy; people's passwords need a slow hash.
func (r *Ring) Digest(purpose, secret string) string {
	return r.keys[0].sum(purpose, secret)
}

// Digests are the digests under every key of the ring, the newest first: a look-up that must find what was stored before the key was
// exchanged tries them all.
func (r *Ring) Digests(purpose, secret string) []string {
	all := make([]string, len(r.keys))
	for i, k := range r.keys {
		all[i] = k.sum(purpose, secret)
	}
	return all
}

func (k key) sum(purpose, secret string) string {
	mac := hmac.New(sha256.New, k.digest)
	// A byte that no purpose contains keeps ("a", "bc") and ("ab", "c") apart.
	mac.Write([]byte(purpose + "\x00" + secret))
	return hex.EncodeToString(mac.Sum(nil))
}

// Equal compares digests in constant time.
func Equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// NewSecret is a secret of 256 random bits, as text without characters that need escaping anywhere.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: the process ends when the system has no randomness
	return base64.RawURLEncoding.EncodeToString(b)
}
