package token

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// MaxSize bounds a token, in bytes.
const MaxSize = 16 << 10

// Token is a token that was taken apart; nothing in it is to be believed before Verify, or Unsigned where that is allowed.
type Token struct {
	Algorithm string // its header's alg; "none" without a signature
	KeyID     string
	Header    []byte // JSON of the header of what is signed
	Payload   []byte
	Claims    Claims
	Encrypted bool // it came inside an encrypted one

	text string
}

// Errors of tokens. Their texts are for whoever sent the token; neither holds a part of it.
var (
	ErrMalformed = errors.New("the token is malformed")
	ErrDecrypt   = errors.New("the token can't be decrypted with the keys that are configured") // one text for every cause, so that nothing is learnt from it
	ErrNoKey     = errors.New("none of the keys that are configured matches the token's key id")
	ErrAlgorithm = errors.New("the token's algorithm doesn't fit the keys that may have signed it")
	ErrSignature = errors.New("the token's signature is invalid")
)

// malformed is ErrMalformed with its cause.
type malformed struct{ why string }

func (m *malformed) Error() string        { return "the token is malformed: " + m.why }
func (m *malformed) Is(target error) bool { return target == ErrMalformed }

// Read takes a compact token apart. An encrypted one is opened with one of the keys; it may hold a signed token or claims, and no further
// encrypted one.
func Read(text string, decryption []*Key) (*Token, error) {
	switch {
	case len(text) > MaxSize:
		return nil, &malformed{"it is larger than 16 KiB"}
	case !compact(text):
		return nil, &malformed{"it holds characters that are no base64url"}
	}
	if strings.Count(text, ".") != 4 {
		return readSigned(text)
	}
	inner, err := decrypt(text, decryption)
	if err != nil {
		return nil, err
	}
	t, err := readInner(inner)
	if err == nil {
		t.Encrypted = true
	}
	return t, err
}

func readInner(plain []byte) (*Token, error) {
	if text := string(plain); compact(text) && strings.Count(text, ".") == 2 {
		return readSigned(text)
	}
	claims, err := parseObject(plain)
	if err != nil {
		return nil, &malformed{"what is encrypted is neither a signed token nor claims"}
	}
	return &Token{Algorithm: none, Header: []byte(`{}`), Payload: plain, Claims: claimsOf(claims)}, nil
}

const none = "none"

func readSigned(text string) (*Token, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, &malformed{"it has not three parts"}
	}
	header, head, err := readHeader(parts[0])
	if err != nil {
		return nil, err
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if err != nil {
		return nil, &malformed{"its payload is no base64url"}
	}
	claims, err := parseObject(payload)
	if err != nil {
		return nil, &malformed{"its payload is " + err.Error()}
	}
	t := &Token{Algorithm: head.alg, KeyID: head.kid, Header: header, Payload: payload, Claims: claimsOf(claims), text: text}
	if _, err := base64.RawURLEncoding.Strict().DecodeString(parts[2]); err != nil {
		return nil, &malformed{"its signature is no base64url"}
	}
	if t.Algorithm == none && parts[2] != "" || t.Algorithm != none && parts[2] == "" {
		return nil, &malformed{"its algorithm and its signature contradict each other"}
	}
	return t, nil
}

// compact says whether a text consists of base64url and dots alone.
func compact(text string) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return text != ""
}

// head is what of a header matters.
type head struct{ alg, kid, enc string }

// refusedMembers are members of a header by which a token would choose its own key, or change how it is read.
var refusedMembers = []string{"jku", "jwk", "x5u", "crit", "zip", "p2c", "p2s", "b64"}

func readHeader(part string) ([]byte, head, error) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, head{}, &malformed{"its header is no base64url"}
	}
	o, err := parseObject(data)
	if err != nil {
		return nil, head{}, &malformed{"its header is " + err.Error()}
	}
	for _, name := range o.names {
		if slices.Contains(refusedMembers, strings.ToLower(name)) {
			return nil, head{}, &malformed{"its header has the member '" + strings.ToLower(name) + "', which is not accepted"}
		}
	}
	var h head
	for _, m := range []struct {
		name string
		into *string
	}{{"alg", &h.alg}, {"kid", &h.kid}, {"enc", &h.enc}} {
		if raw, ok := o.get(m.name); ok {
			if *m.into, ok = textOf(raw); !ok {
				return nil, head{}, &malformed{"its header's '" + m.name + "' is no text"}
			}
		}
	}
	if h.alg == "" {
		return nil, head{}, &malformed{"its header names no algorithm"}
	}
	return data, h, nil
}

// Unsigned says that nobody has signed the token.
func (t *Token) Unsigned() bool { return t.Algorithm == none }

// Candidates are the keys that may have signed a token: those whose id it names, or else those without an id; all when it names none.
func Candidates(id string, keys []*Key) []*Key {
	if id == "" {
		return keys
	}
	var named, nameless []*Key
	for _, k := range keys {
		switch k.ID {
		case id:
			named = append(named, k)
		case "":
			nameless = append(nameless, k)
		}
	}
	if named != nil {
		return named
	}
	return nameless
}

// Verify finds the key among candidates that has signed the token.
func (t *Token) Verify(candidates []*Key) (*Key, error) {
	if len(candidates) == 0 {
		return nil, ErrNoKey
	}
	alg := jose.SignatureAlgorithm(t.Algorithm)
	fits := func(k *Key) bool { return slices.Contains(k.algorithms, alg) }
	if !slices.ContainsFunc(candidates, fits) {
		return nil, ErrAlgorithm
	}
	signed, err := jose.ParseSignedCompact(t.text, []jose.SignatureAlgorithm{alg})
	if err != nil {
		return nil, ErrMalformed
	}
	for _, k := range candidates {
		if !fits(k) {
			continue
		}
		if _, err := signed.Verify(k.public); err == nil {
			return k, nil
		}
	}
	return nil, ErrSignature
}
