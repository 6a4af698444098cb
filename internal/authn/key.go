package authn

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
)

const (
	signingKeys = "signingKeys"
	keyBits     = 2048
)

type publicKey struct {
	jwk     jose.JSONWebKey
	created time.Time
}

type signingKey struct {
	id     string
	signer jose.Signer
}

// keyDoc is a signing key as it is stored.
type keyDoc struct {
	Created time.Time `json:"created"`
	Private string    `json:"private"` // base64 of PKCS #8, sealed
}

// loadKeys reads the keys of the store, or makes the first.
func (s *Service) loadKeys(ctx context.Context) error {
	found, err := s.readKeys(ctx)
	if err != nil {
		return fmt.Errorf("authn: signing keys: %w", err)
	}
	if found {
		return nil
	}
	if err := s.makeKey(ctx); err != nil {
		return fmt.Errorf("authn: make a signing key: %w", err)
	}
	// Read back rather than used at once: of two processes that start together both go on with the same key.
	if found, err = s.readKeys(ctx); err == nil && !found {
		err = errors.New("the key just made is not there")
	}
	if err != nil {
		return fmt.Errorf("authn: signing keys: %w", err)
	}
	return nil
}

func (s *Service) makeKey(ctx context.Context) error {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	jwk := jose.JSONWebKey{Key: key.Public()}
	thumb, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return err
	}
	at := id(signingKeys, hex.EncodeToString(thumb[:20])) // hex, because ids are compared without case
	now := s.now().UTC()
	body, err := json.Marshal(keyDoc{
		Created: now,
		Private: s.secrets.Seal(base64.StdEncoding.EncodeToString(pkcs8), seal.AAD(at.String(), "private")),
	})
	if err != nil {
		return err
	}
	_, err = s.store.Update(ctx, self, func(x store.Tx) error {
		n, err := x.Count(keyQuery)
		if err != nil || n > 0 {
			return err // another process was faster
		}
		return x.Put(store.Write{Row: store.Row{ID: at, Kind: at.Type(), Body: body, ETag: uuid.NewString(), Created: now, Modified: now}})
	})
	return err
}

var keyQuery = store.Query{Parent: arm.Root, Kind: namespace + "/" + signingKeys}

// readKeys replaces the key ring by what the store has; the newest key signs.
func (s *Service) readKeys(ctx context.Context) (bool, error) {
	var rows []store.Row
	if err := s.store.View(ctx, func(r store.Reader) (err error) {
		rows, err = r.List(keyQuery)
		return err
	}); err != nil {
		return false, err
	}
	public := map[string]publicKey{}
	var newest *rsa.PrivateKey
	var at time.Time
	var newestID string
	for _, row := range rows {
		key, created, err := s.openKey(row)
		if err != nil {
			return false, fmt.Errorf("%s: %w", row.ID.Name(), err)
		}
		kid := row.ID.Name()
		public[kid] = publicKey{jose.JSONWebKey{Key: key.Public(), KeyID: kid, Algorithm: string(jose.RS256), Use: "sig"}, created}
		if newest == nil || created.After(at) {
			newest, at, newestID = key, created, kid
		}
	}
	if newest == nil {
		return false, nil
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: newest, KeyID: newestID}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return false, err
	}
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	s.keys.public, s.keys.signer = public, signingKey{newestID, signer}
	return true, nil
}

func (s *Service) openKey(row store.Row) (*rsa.PrivateKey, time.Time, error) {
	var doc keyDoc
	if err := json.Unmarshal(row.Body, &doc); err != nil {
		return nil, time.Time{}, err
	}
	text, err := s.secrets.Open(doc.Private, seal.AAD(row.ID.String(), "private"))
	if err != nil {
		return nil, time.Time{}, err
	}
	pkcs8, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, time.Time{}, errors.New("the private key is damaged")
	}
	key, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return nil, time.Time{}, errors.New("the private key is damaged")
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, time.Time{}, errors.New("the private key is not an RSA key")
	}
	return private, doc.Created, nil
}

// publicKey finds a key by its id; one that another control plane made meanwhile is read from the store.
func (s *Service) publicKey(ctx context.Context, kid string) (any, bool) {
	find := func() (any, bool) {
		s.keys.mu.RLock()
		defer s.keys.mu.RUnlock()
		k, ok := s.keys.public[kid]
		return k.jwk.Key, ok
	}
	if key, ok := find(); ok {
		return key, true
	}
	if len(kid) != 2*20 {
		return nil, false // no id of ours
	}
	if _, err := s.readKeys(ctx); err != nil {
		return nil, false
	}
	return find()
}

func (s *Service) signer() jose.Signer {
	s.keys.mu.RLock()
	defer s.keys.mu.RUnlock()
	return s.keys.signer.signer
}

// keySet is the document of the keys endpoint.
func (s *Service) keySet() jose.JSONWebKeySet {
	s.keys.mu.RLock()
	defer s.keys.mu.RUnlock()
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range s.keys.public {
		set.Keys = append(set.Keys, k.jwk)
	}
	return set
}

// s256 is BASE64URL(SHA-256(text)), as RFC 7636 transforms a verifier.
func s256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
