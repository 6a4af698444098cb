package portal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"time"
)

// cookieName has the prefix by which browsers take the cookie only from this host, over TLS, for all of its paths.
const cookieName = "__Host-portal"

// sessionLife is how long a sign-in lasts.
const sessionLife = 12 * time.Hour

// maxToken bounds what is looked at of a cookie.
const maxToken = 2048

// sessions seals and opens the tokens that cookies carry. A token holds who it is for, when it ends, and a fingerprint of the stored password:
// it is of no use once the password has changed. Nothing is kept of it here until the person signs out, so that any process of the installation
// takes it.
type sessions struct {
	aead        cipher.AEAD
	fingerprint []byte
}

// token is what a cookie holds.
type token struct {
	user        string // key of the user's id
	ends        time.Time
	fingerprint [16]byte
}

func newSessions(secret []byte) (*sessions, error) {
	seal, err := hkdf.Key(sha256.New, secret, nil, "atelier portal sessions", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("portal: key of sessions: %w", err)
	}
	fingerprint, err := hkdf.Key(sha256.New, secret, nil, "atelier portal password fingerprints", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("portal: key of fingerprints: %w", err)
	}
	block, err := aes.NewCipher(seal)
	if err != nil {
		return nil, fmt.Errorf("portal: cipher of sessions: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("portal: cipher of sessions: %w", err)
	}
	return &sessions{aead, fingerprint}, nil
}

// print is the fingerprint of a stored password.
func (s *sessions) print(stored string) (out [16]byte) {
	mac := hmac.New(sha256.New, s.fingerprint)
	mac.Write([]byte(stored))
	copy(out[:], mac.Sum(nil))
	return out
}

func (s *sessions) seal(t token) string {
	plain := binary.BigEndian.AppendUint64(nil, uint64(t.ends.Unix())) //nolint:gosec // after 1970
	plain = append(plain, t.fingerprint[:]...)
	plain = append(plain, t.user...)
	nonce := make([]byte, s.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nonce, nonce, plain, nil))
}

// open reads a token that is genuine and has not ended.
func (s *sessions) open(text string, now time.Time) (t token, ok bool) {
	if len(text) > maxToken {
		return t, false
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(sealed) < s.aead.NonceSize() {
		return t, false
	}
	n := s.aead.NonceSize()
	plain, err := s.aead.Open(nil, sealed[:n], sealed[n:], nil)
	if err != nil || len(plain) < 8+len(t.fingerprint) {
		return t, false
	}
	t.ends = time.Unix(int64(binary.BigEndian.Uint64(plain)), 0) //nolint:gosec // sealed by us
	copy(t.fingerprint[:], plain[8:])
	t.user = string(plain[8+len(t.fingerprint):])
	return t, now.Before(t.ends)
}

// tokenOf reads the token of a request.
func (p *portal) tokenOf(r *http.Request) (token, bool) {
	c, err := r.Cookie(cookieName)
	if err != nil || p.ended.has(c.Value) {
		return token{}, false
	}
	return p.sessions.open(c.Value, p.Now())
}

// setCookie puts a token into the browser, or takes it out when it is empty.
func setCookie(w http.ResponseWriter, value string) {
	c := &http.Cookie{
		Name: cookieName, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: int(sessionLife / time.Second),
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
