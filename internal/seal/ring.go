package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// KeySize is the length of a master key in bytes.
const KeySize = 32

// prefix begins every sealed text: "sealed:v1:{key id}:{base64 of nonce, ciphertext and tag}".
const prefix = "sealed:v1:"

var encoding = base64.RawStdEncoding.Strict()

// ErrOpen says that a sealed text was altered, or was sealed for another place (AAD) than the one it is opened for.
var ErrOpen = errors.New("the sealed secret was altered or belongs elsewhere")

// Ring seals under one master key and opens what was sealed under that or an older one, so that a key can be exchanged while everything
// runs. It is safe for concurrent use.
type Ring struct {
	keys []key // the first one seals
}

// key is what is derived from one master key. The master key itself is not kept.
type key struct {
	id     string
	aead   cipher.AEAD
	digest []byte // key of the HMAC
}

// NewRing makes a ring that seals under master and also opens what was sealed under older keys.
func NewRing(master []byte, older ...[]byte) (*Ring, error) {
	r := &Ring{}
	for _, m := range append([][]byte{master}, older...) {
		k, err := derive(m)
		if err != nil {
			return nil, err
		}
		r.keys = append(r.keys, k)
	}
	return r, nil
}

// derive makes independent keys for independent uses with HKDF-SHA-256, so that no digest says anything about a sealed text.
func derive(master []byte) (key, error) {
	if len(master) != KeySize {
		return key{}, fmt.Errorf("master key has %d bytes, want %d", len(master), KeySize)
	}
	var parts [3][]byte
	for i, use := range [...]string{"atelier key id v1", "atelier seal v1", "atelier digest v1"} {
		var err error
		if parts[i], err = hkdf.Key(sha256.New, master, nil, use, KeySize); err != nil {
			return key{}, fmt.Errorf("derive from the master key: %w", err)
		}
	}
	block, err := aes.NewCipher(parts[1])
	if err != nil {
		return key{}, fmt.Errorf("derive from the master key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return key{}, fmt.Errorf("derive from the master key: %w", err)
	}
	return key{id: hex.EncodeToString(parts[0][:8]), aead: aead, digest: parts[2]}, nil
}

// AAD binds a sealed secret to the property of the resource that it was made for: moved elsewhere in the database, it does not open.
// Resource ids are compared without case, and so is this.
func AAD(resourceID, property string) string {
	return strings.ToLower(resourceID) + "\x00" + property
}

// KeyID names the master key that seals: 16 hex digits that say nothing about the key.
func (r *Ring) KeyID() string { return r.keys[0].id }

// Seal encrypts plain with AES-256-GCM under a random nonce and authenticates aad with it.
func (r *Ring) Seal(plain, aad string) string {
	k := r.keys[0]
	return prefix + k.id + ":" + encoding.EncodeToString(k.aead.Seal(nil, nil, []byte(plain), []byte(aad)))
}

// Open decrypts what Seal returned for the same aad. The error never holds the secret.
func (r *Ring) Open(sealed, aad string) (string, error) {
	id, data, ok := split(sealed)
	if !ok {
		return "", errors.New("the secret is not sealed, or not by this version")
	}
	for _, k := range r.keys {
		if k.id != id {
			continue
		}
		plain, err := k.aead.Open(nil, nil, data, []byte(aad))
		if err != nil {
			return "", ErrOpen
		}
		return string(plain), nil
	}
	return "", fmt.Errorf("the secret is sealed under the master key %s, but the key at hand is %s: start with the key that belongs to this database (--key-file)", id, r.KeyID())
}

// IsSealed says whether s has the form of a sealed text. It does not say that it opens: text from outside is sealed whatever it looks like.
func IsSealed(s string) bool {
	_, _, ok := split(s)
	return ok
}

// Stale says whether a sealed text is under an older key and should be sealed anew.
func (r *Ring) Stale(sealed string) bool {
	id, _, ok := split(sealed)
	return ok && id != r.KeyID()
}

func split(sealed string) (id string, data []byte, ok bool) {
	rest, ok := strings.CutPrefix(sealed, prefix)
	if !ok {
		return "", nil, false
	}
	id, text, ok := strings.Cut(rest, ":")
	if !ok || id == "" {
		return "", nil, false
	}
	data, err := encoding.DecodeString(text)
	return id, data, err == nil
}
