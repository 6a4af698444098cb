package token

import "github.com/atelier-apim/atelier/internal/certfile"

// Certificate is the key of a certificate as people upload them: a PKCS #12 archive with its password, PEM or DER. With a private key it also decrypts.
func Certificate(id string, data []byte, password string) (*Key, error) {
	c, err := certfile.Read(data, password)
	switch {
	case err != nil:
		return nil, err
	case c.Key != nil:
		return Pair(id, c.Key)
	}
	return Public(id, c.Leaf.PublicKey)
}
