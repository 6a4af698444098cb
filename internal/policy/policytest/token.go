package policytest

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// Tokens are the tokens of a script, the documents of their issuers, and what the service's identity gets. It does the words token, sealed, document,
// fetched and identity.
type Tokens struct {
	file func(name string) (string, error)
	made map[string]string // by name
	// identities are tokens of the service's identity by resource, and client id behind a blank.
	identities map[string]string

	mu        sync.Mutex
	documents map[string]string
	count     int
}

// NewTokens makes an empty set over the files of an archive.
func NewTokens(file func(name string) (string, error)) *Tokens {
	return &Tokens{file: file, made: map[string]string{}, identities: map[string]string{}, documents: map[string]string{}}
}

// Words are the words that it does.
func (c *Tokens) Words() map[string]func(yes bool, args []string) error {
	return map[string]func(bool, []string) error{
		"document": c.document, "fetched": c.fetched, "token": c.token, "sealed": c.sealed,
		"identity": func(_ bool, a []string) error { c.identities[a[0]] = a[1]; return nil },
	}
}

// Document is a document that policies can fetch.
func (c *Tokens) Document(address string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	text, ok := c.documents[address]
	return []byte(text), ok
}

func (c *Tokens) fetch(_ context.Context, address string) ([]byte, error) {
	if b, ok := c.Document(address); ok {
		return b, nil
	}
	return nil, errors.New("it does not answer")
}

func (c *Tokens) document(_ bool, a []string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a[1] == "-" {
		delete(c.documents, a[0])
		return nil
	}
	text, err := c.file(a[1])
	c.documents[a[0]] = text
	return err
}

func (c *Tokens) fetched(_ bool, a []string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if got := strconv.Itoa(c.count); got != a[0] {
		return fmt.Errorf("%s documents were fetched", got)
	}
	return nil
}

func (c *Case) certificate(_ bool, a []string) error {
	text, err := c.file(a[1])
	c.home.Certificates[a[0]] = policy.NewCertificate([]byte(text), "")
	return err
}

// Fill puts tokens in place of their names.
func (c *Tokens) Fill(text string) string {
	for name, t := range c.made {
		text = strings.ReplaceAll(text, "${"+name+"}", t)
	}
	return text
}

// token signs claims as they stand in their file, so that a case can hold what no issuer would write.
func (c *Tokens) token(_ bool, a []string) error {
	claims, err := c.file(a[3])
	if err != nil {
		return err
	}
	header, err := headerOf(a[1], a[4:])
	if err != nil {
		return err
	}
	signed := encode([]byte(header)) + "." + encode([]byte(claims))
	signature, err := c.sign(a[1], a[2], []byte(signed))
	c.made[a[0]] = signed + "." + encode(signature)
	return err
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// headerOf is a header with the algorithm first; members may repeat it. A value that is JSON stands as it is.
func headerOf(alg string, members []string) (string, error) {
	out := `{"alg":` + strconv.Quote(alg) + `,"typ":"JWT"`
	for _, m := range members {
		name, value, ok := strings.Cut(m, "=")
		if !ok {
			return "", fmt.Errorf("%q is not a member of a header", m)
		}
		if !json.Valid([]byte(value)) {
			value = strconv.Quote(value)
		}
		out += "," + strconv.Quote(name) + ":" + value
	}
	return out + "}", nil
}

// secret is the bytes of a file or those that base64 stands for.
func (c *Tokens) secret(key string) ([]byte, error) {
	if text, err := c.file(key); err == nil {
		return []byte(text), nil
	}
	return base64.StdEncoding.DecodeString(key)
}

func (c *Tokens) privateKey(name string) (crypto.PrivateKey, error) {
	text, err := c.file(name)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, fmt.Errorf("%s holds no PEM text", name)
	}
	return x509.ParsePKCS8PrivateKey(block.Bytes)
}

// sign is a second implementation of RFC 7518, section 3, beside the one that policies verify with.
func (c *Tokens) sign(alg, key string, text []byte) ([]byte, error) {
	if len(alg) != 5 { // none, and what isn't known
		return nil, nil
	}
	hash, ok := map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}[alg[2:]]
	if !ok {
		return nil, nil
	}
	h := hash.New()
	h.Write(text)
	digest := h.Sum(nil)
	if alg[:2] == "HS" {
		secret, err := c.secret(key)
		mac := hmac.New(hash.New, secret)
		mac.Write(text)
		return mac.Sum(nil), err
	}
	private, err := c.privateKey(key)
	if err != nil {
		return nil, err
	}
	switch k := private.(type) {
	case *rsa.PrivateKey:
		if alg[:2] == "PS" {
			return rsa.SignPSS(rand.Reader, k, hash, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		}
		return rsa.SignPKCS1v15(nil, k, hash, digest)
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, k, digest)
		if err != nil {
			return nil, err
		}
		size := (k.Params().BitSize + 7) / 8
		out := make([]byte, 2*size)
		r.FillBytes(out[:size])
		s.FillBytes(out[size:])
		return out, nil
	}
	return nil, fmt.Errorf("%s is no key for %s", key, alg)
}

// sealed encrypts a token, or a file, for a key.
func (c *Tokens) sealed(_ bool, a []string) error {
	content, ok := c.made[a[4]]
	if !ok {
		var err error
		if content, err = c.file(a[4]); err != nil {
			return err
		}
	}
	to := jose.Recipient{Algorithm: jose.KeyAlgorithm(a[1])}
	if private, err := c.privateKey(a[3]); err == nil {
		to.Key = private.(crypto.Signer).Public()
	} else if to.Key, err = c.secret(a[3]); err != nil {
		return err
	}
	options := &jose.EncrypterOptions{}
	for _, m := range a[5:] {
		name, value, _ := strings.Cut(m, "=")
		switch name {
		case "kid":
			to.KeyID = value
		case "zip":
			options.Compression = jose.CompressionAlgorithm(value)
		default:
			options.WithHeader(jose.HeaderKey(name), value)
		}
	}
	e, err := jose.NewEncrypter(jose.ContentEncryption(a[2]), to, options)
	if err != nil {
		return err
	}
	sealed, err := e.Encrypt([]byte(content))
	if err != nil {
		return err
	}
	c.made[a[0]], err = sealed.CompactSerialize()
	return err
}

// Identity gives the tokens that the script names.
func (c *Tokens) Identity(_ context.Context, _ time.Time, r policies.IdentityRequest) (string, error) {
	if t, ok := c.identities[strings.TrimSpace(r.Resource+" "+r.ClientID)]; ok {
		return t, nil
	}
	return "", errors.New("there is no such identity")
}
