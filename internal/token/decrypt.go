package token

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// How content keys may be wrapped, by kind of key. RSA1_5 is not among them (RFC 8725, section 3.2), nor are passwords.
var (
	secretWraps = []jose.KeyAlgorithm{jose.DIRECT, jose.A128KW, jose.A192KW, jose.A256KW, jose.A128GCMKW, jose.A192GCMKW, jose.A256GCMKW}
	rsaWraps    = []jose.KeyAlgorithm{jose.RSA_OAEP, jose.RSA_OAEP_256}
	curveWraps  = []jose.KeyAlgorithm{jose.ECDH_ES, jose.ECDH_ES_A128KW, jose.ECDH_ES_A192KW, jose.ECDH_ES_A256KW}

	contents = []jose.ContentEncryption{
		jose.A128CBC_HS256, jose.A192CBC_HS384, jose.A256CBC_HS512, jose.A128GCM, jose.A192GCM, jose.A256GCM,
	}
)

// decrypt opens a compact encrypted token. Every failure that depends on a key is ErrDecrypt.
func decrypt(text string, keys []*Key) ([]byte, error) {
	first, _, _ := strings.Cut(text, ".")
	_, head, err := readHeader(first)
	if err != nil {
		return nil, err
	}
	alg := jose.KeyAlgorithm(head.alg)
	for _, k := range Candidates(head.kid, keys) {
		if !slices.Contains(k.wraps(), alg) {
			continue
		}
		sealed, err := jose.ParseEncryptedCompact(text, []jose.KeyAlgorithm{alg}, contents)
		if err != nil {
			return nil, ErrDecrypt
		}
		if plain, err := sealed.Decrypt(k.private); err == nil {
			return plain, nil
		}
	}
	return nil, ErrDecrypt
}

func (k *Key) wraps() []jose.KeyAlgorithm {
	switch k.private.(type) {
	case []byte:
		return secretWraps
	case *rsa.PrivateKey:
		return rsaWraps
	case *ecdsa.PrivateKey:
		return curveWraps
	}
	return nil
}
