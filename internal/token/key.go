package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// Bounds of keys: RFC 7518, section 3.3, wants 2048 bits; more than 8192 take time and give nothing.
const (
	minRSA, maxRSA = 2048, 8192
	minSecret      = 16
	maxSecret      = 1024
	maxKeys        = 100 // of one key set
)

// Key verifies or decrypts tokens. Which algorithms it takes follows from what it is, never from a token. It is immutable.
type Key struct {
	ID         string
	algorithms []jose.SignatureAlgorithm
	public     any // *rsa.PublicKey, *ecdsa.PublicKey, or the bytes of a shared secret
	private    any // of a key pair or a secret that may decrypt; nil otherwise
	print      [32]byte
}

var (
	hmacAlgorithms = []jose.SignatureAlgorithm{jose.HS256, jose.HS384, jose.HS512}
	rsaAlgorithms  = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512}
)

// Secret is a shared secret, given as base64.
func Secret(id, text string) (*Key, error) {
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n", r) {
			return -1
		}
		return r
	}, text)
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		b, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	}
	switch {
	case err != nil:
		return nil, errors.New("the key is not base64")
	case len(b) < minSecret:
		return nil, fmt.Errorf("the key has %d bits; a shared secret needs at least %d", len(b)*8, minSecret*8)
	case len(b) > maxSecret:
		return nil, fmt.Errorf("the key is longer than %d bytes", maxSecret)
	}
	return &Key{ID: id, algorithms: hmacAlgorithms, public: b, private: b, print: sha256.Sum256(b)}, nil
}

// RSA is a public key, given as modulus and exponent in base64url.
func RSA(id, n, e string) (*Key, error) {
	modulus, err1 := base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.TrimSpace(n), "="))
	exponent, err2 := base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.TrimSpace(e), "="))
	switch {
	case err1 != nil || len(modulus) == 0:
		return nil, errors.New("the modulus 'n' is not base64url")
	case err2 != nil || len(exponent) == 0 || len(exponent) > 4:
		return nil, errors.New("the exponent 'e' is not base64url of at most four bytes")
	}
	return Public(id, &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: int(new(big.Int).SetBytes(exponent).Int64())})
}

// Public is the public half of a key pair: RSA, or a NIST curve.
func Public(id string, key crypto.PublicKey) (*Key, error) {
	k := &Key{ID: id, public: key}
	switch p := key.(type) {
	case *rsa.PublicKey:
		if err := checkRSA(p); err != nil {
			return nil, err
		}
		k.algorithms = rsaAlgorithms
	case *ecdsa.PublicKey:
		alg, ok := map[elliptic.Curve]jose.SignatureAlgorithm{elliptic.P256(): jose.ES256, elliptic.P384(): jose.ES384, elliptic.P521(): jose.ES512}[p.Curve]
		if !ok {
			return nil, errors.New("the key is on a curve that tokens don't use; use P-256, P-384 or P-521")
		}
		k.algorithms = []jose.SignatureAlgorithm{alg}
	default:
		return nil, errors.New("the key is neither RSA nor on a NIST curve")
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, errors.New("the key is damaged")
	}
	k.print = sha256.Sum256(der)
	return k, nil
}

func checkRSA(p *rsa.PublicKey) error {
	switch bits := p.N.BitLen(); {
	case bits < minRSA:
		return fmt.Errorf("the RSA key has %d bits; tokens need at least %d (RFC 7518, section 3.3)", bits, minRSA)
	case bits > maxRSA:
		return fmt.Errorf("the RSA key has %d bits; at most %d are accepted", bits, maxRSA)
	case p.E < 3 || p.E%2 == 0 || p.N.Bit(0) == 0:
		return errors.New("the RSA key is damaged: modulus and exponent are odd numbers")
	}
	return nil
}

// Pair is a key pair: it verifies with the public half and decrypts with the other.
func Pair(id string, key crypto.PrivateKey) (*Key, error) {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("it holds no private key that tokens can be decrypted with")
	}
	k, err := Public(id, signer.Public())
	if err != nil {
		return nil, err
	}
	k.private = key
	return k, nil
}

// Decrypts says whether the key can open encrypted tokens.
func (k *Key) Decrypts() bool { return k.private != nil }

// same says whether two keys stand for each other.
func (k *Key) same(o *Key) bool {
	return k.ID == o.ID && k.print == o.print && slices.Equal(k.algorithms, o.algorithms)
}

// readKeySet takes the public signing keys of a JSON web key set (RFC 7517). Keys that can't sign tokens, or are of a kind unknown here, are left
// out; so are shared secrets, which nobody publishes.
func readKeySet(data []byte) ([]*Key, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(data, &set); err != nil || set.Keys == nil {
		return nil, errors.New("the key set is no JSON web key set")
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("the key set has more than %d keys", maxKeys)
	}
	var out []*Key
	for _, raw := range set.Keys {
		var jwk jose.JSONWebKey
		if jwk.UnmarshalJSON(raw) != nil || jwk.Use == "enc" {
			continue
		}
		k, err := Public(jwk.KeyID, jwk.Public().Key)
		if err != nil {
			continue
		}
		if jwk.Algorithm != "" {
			if !slices.Contains(k.algorithms, jose.SignatureAlgorithm(jwk.Algorithm)) {
				continue
			}
			k.algorithms = []jose.SignatureAlgorithm{jose.SignatureAlgorithm(jwk.Algorithm)}
		}
		out = append(out, k)
	}
	return out, nil
}
