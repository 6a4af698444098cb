package policy

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

const cryptographicException = "System.Security.Cryptography.CryptographicException"

// newCipher makes the block cipher of a name, as the service's helper methods know it.
func newCipher(algorithm string, key []byte) (cipher.Block, error) {
	switch strings.ToLower(algorithm) {
	case "aes", "rijndael", "aesmanaged", "rijndaelmanaged":
		if b, err := aes.NewCipher(key); err == nil {
			return b, nil
		}
	case "tripledes", "3des":
		if len(key) == 16 {
			key = append(append([]byte{}, key...), key[:8]...)
		}
		if b, err := des.NewTripleDESCipher(key); err == nil {
			return b, nil
		}
	default:
		return nil, types.Argument("alg", "The algorithm '"+algorithm+"' is not known; use Aes or TripleDES.")
	}
	return nil, types.Throw(cryptographicException, "Specified key is not a valid size for this algorithm.")
}

// crypt is a call of Encrypt or Decrypt with an algorithm's name: CBC with PKCS7 padding.
func crypt(work func(b cipher.Block, data, iv []byte) ([]byte, error)) types.Fn {
	return types.Do(func(c *types.Call) (types.Value, error) {
		data, ok1 := c.Args[0].(*types.ByteArray)
		algorithm, ok2 := c.Args[1].(string)
		key, ok3 := c.Args[2].(*types.ByteArray)
		iv, ok4 := c.Args[3].(*types.ByteArray)
		for i, ok := range []bool{ok1, ok2, ok3, ok4} {
			if !ok {
				return nil, types.ArgumentNull([]string{"input", "alg", "key", "iv"}[i])
			}
		}
		if err := c.Env.Charge(len(data.B) + aes.BlockSize); err != nil {
			return nil, err
		}
		b, err := newCipher(algorithm, key.B)
		if err != nil {
			return nil, err
		}
		if len(iv.B) != b.BlockSize() {
			return nil, types.Throw(cryptographicException, "Specified initialization vector (IV) does not match the block size for this algorithm.")
		}
		out, err := work(b, data.B, iv.B)
		if err != nil {
			return nil, err
		}
		return &types.ByteArray{B: out}, nil
	})
}

func encrypt(b cipher.Block, data, iv []byte) ([]byte, error) {
	pad := b.BlockSize() - len(data)%b.BlockSize()
	out := append(append(make([]byte, 0, len(data)+pad), data...), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(b, iv).CryptBlocks(out, out)
	return out, nil
}

func decrypt(b cipher.Block, data, iv []byte) ([]byte, error) {
	if len(data) == 0 || len(data)%b.BlockSize() != 0 {
		return nil, types.Throw(cryptographicException, "The input data is not a complete block.")
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(b, iv).CryptBlocks(out, data)
	pad := int(out[len(out)-1])
	if pad == 0 || pad > b.BlockSize() || !bytes.Equal(out[len(out)-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, types.Throw(cryptographicException, "Padding is invalid and cannot be removed.")
	}
	return out[:len(out)-pad], nil
}
