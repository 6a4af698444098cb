package lib

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/subtle"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	symmetricT  = types.Class("System.Security.Cryptography.SymmetricAlgorithm")
	cipherMode  = types.EnumWith("System.Security.Cryptography.CipherMode", false, []string{"CBC", "ECB", "OFB", "CFB", "CTS"}, []int64{1, 2, 3, 4, 5})
	paddingMode = types.EnumWith("System.Security.Cryptography.PaddingMode", false, []string{"None", "PKCS7", "Zeros", "ANSIX923", "ISO10126"}, []int64{1, 2, 3, 4, 5})
	rngT        = types.Class("System.Security.Cryptography.RNGCryptoServiceProvider")
)

// Symmetric is a SymmetricAlgorithm: AES, triple DES or DES.
type Symmetric struct {
	name    string
	sizes   []int // of the key, in bits
	block   int   // in bytes
	make    func(key []byte) (cipher.Block, error)
	key, iv []byte
	bits    int // KeySize
	mode    int64
	padding int64
}

// NetType implements types.Typed.
func (*Symmetric) NetType() *types.Type { return symmetricT }

func newSymmetric(name string) *Symmetric {
	s := &Symmetric{name: name, mode: 1, padding: 2}
	switch upper(types.ShortName(name)) {
	case "AES", "RIJNDAEL", "AESMANAGED", "RIJNDAELMANAGED", "AESCRYPTOSERVICEPROVIDER":
		s.sizes, s.block, s.bits, s.make = []int{128, 192, 256}, aes.BlockSize, 256, aes.NewCipher
	case "TRIPLEDES", "3DES", "TRIPLE DES", "TRIPLEDESCRYPTOSERVICEPROVIDER":
		s.sizes, s.block, s.bits = []int{128, 192}, des.BlockSize, 192
		s.make = func(key []byte) (cipher.Block, error) {
			if len(key) == 16 {
				key = append(append([]byte{}, key...), key[:8]...)
			}
			return des.NewTripleDESCipher(key)
		}
	case "DES", "DESCRYPTOSERVICEPROVIDER":
		s.sizes, s.block, s.bits, s.make = []int{64}, des.BlockSize, 64, des.NewCipher
	default:
		return nil
	}
	return s
}

func (s *Symmetric) validSize(bits int) bool {
	for _, n := range s.sizes {
		if n == bits {
			return true
		}
	}
	return false
}

var errKeySize = cryptographic("Specified key is not a valid size for this algorithm.")

func (s *Symmetric) setKey(k []byte) error {
	if !s.validSize(8 * len(k)) {
		return errKeySize
	}
	s.key, s.bits = append([]byte{}, k...), 8*len(k)
	return nil
}

func (s *Symmetric) setIV(iv []byte) error {
	if len(iv) != s.block {
		return cryptographic("Specified initialization vector (IV) does not match the block size for this algorithm.")
	}
	s.iv = append([]byte{}, iv...)
	return nil
}

// ready makes a key and vector where none were set.
func (s *Symmetric) ready(env *types.Env) {
	if s.key == nil {
		s.key = randomBytes(env, s.bits/8)
	}
	if s.iv == nil {
		s.iv = randomBytes(env, s.block)
	}
}

func (s *Symmetric) encrypt(env *types.Env, data []byte) ([]byte, error) {
	if err := firstError(env.Charge(len(data)+64), env.Step(int64(len(data)/16+1))); err != nil {
		return nil, err
	}
	s.ready(env)
	b, err := s.make(s.key)
	if err != nil {
		return nil, errKeySize
	}
	out, err := s.pad(env, append([]byte{}, data...))
	if err != nil {
		return nil, err
	}
	switch s.mode {
	case 1:
		cipher.NewCBCEncrypter(b, s.iv).CryptBlocks(out, out)
	case 2:
		for i := 0; i < len(out); i += s.block {
			b.Encrypt(out[i:], out[i:])
		}
	default:
		return nil, cryptographic("Specified cipher mode is not valid for this algorithm.")
	}
	return out, nil
}

func (s *Symmetric) decrypt(env *types.Env, data []byte) ([]byte, error) {
	if err := firstError(env.Charge(len(data)+64), env.Step(int64(len(data)/16+1))); err != nil {
		return nil, err
	}
	s.ready(env)
	b, err := s.make(s.key)
	if err != nil {
		return nil, errKeySize
	}
	if len(data)%s.block != 0 {
		return nil, cryptographic("Length of the data to decrypt is invalid.")
	}
	out := append([]byte{}, data...)
	switch s.mode {
	case 1:
		cipher.NewCBCDecrypter(b, s.iv).CryptBlocks(out, out)
	case 2:
		for i := 0; i < len(out); i += s.block {
			b.Decrypt(out[i:], out[i:])
		}
	default:
		return nil, cryptographic("Specified cipher mode is not valid for this algorithm.")
	}
	return s.unpad(out)
}

func (s *Symmetric) pad(env *types.Env, b []byte) ([]byte, error) {
	n := s.block - len(b)%s.block
	switch s.padding {
	case 2:
		return append(b, bytes.Repeat([]byte{byte(n)}, n)...), nil
	case 4:
		return append(append(b, make([]byte, n-1)...), byte(n)), nil
	case 5:
		return append(append(b, randomBytes(env, n-1)...), byte(n)), nil
	case 3:
		return append(b, make([]byte, n%s.block)...), nil
	}
	if n != s.block {
		return nil, cryptographic("The input data is not a complete block.")
	}
	return b, nil
}

func (s *Symmetric) unpad(b []byte) ([]byte, error) {
	if s.padding == 1 || s.padding == 3 {
		return b, nil
	}
	bad := cryptographic("Padding is invalid and cannot be removed.")
	if len(b) == 0 {
		return nil, bad
	}
	n := int(b[len(b)-1])
	if n < 1 || n > s.block {
		return nil, bad
	}
	want := make([]byte, n-1)
	if s.padding == 2 {
		want = bytes.Repeat([]byte{byte(n)}, n-1)
	}
	if s.padding != 5 && subtle.ConstantTimeCompare(b[len(b)-n:len(b)-1], want) != 1 {
		return nil, bad
	}
	return b[:len(b)-n], nil
}

// cryptCall is Encrypt or Decrypt of bytes, with the algorithm's own key or one
// that is given.
func cryptCall(work func(s *Symmetric, env *types.Env, b []byte) ([]byte, error)) types.Fn {
	return types.Do(func(c *types.Call) (types.Value, error) {
		data, _ := c.Args[0].(*types.ByteArray)
		s, _ := c.Args[1].(*Symmetric)
		if data == nil || s == nil {
			return nil, types.ArgumentNull("alg")
		}
		if len(c.Args) == 4 {
			key, _ := c.Args[2].(*types.ByteArray)
			iv, _ := c.Args[3].(*types.ByteArray)
			if key == nil || iv == nil {
				return nil, types.ArgumentNull("key")
			}
			own := *s
			s = &own
			if err := firstError(s.setKey(key.B), s.setIV(iv.B)); err != nil {
				return nil, err
			}
		}
		out, err := work(s, c.Env, data.B)
		if err != nil {
			return nil, err
		}
		return &types.ByteArray{B: out}, nil
	})
}

func setBytes(f func(s *Symmetric, b []byte) error) types.Fn {
	return types.Fn2E(func(s *Symmetric, a *types.ByteArray) (types.Value, error) {
		if a == nil {
			return nil, types.ArgumentNull("value")
		}
		return nil, f(s, a.B)
	})
}

// symmetricDecls declares symmetric encryption and the secure random source.
func symmetricDecls() []types.Decl {
	return []types.Decl{
		{Type: cipherMode, Doc: "How blocks are chained."},
		{Type: paddingMode, Doc: "How the last block is filled."},
		{Type: rngT, Doc: "A source of random bytes.", Interfaces: []string{"IDisposable"}, Members: []types.Member{
			{Sig: "RNGCryptoServiceProvider()", Do: types.Do(func(*types.Call) (types.Value, error) { return &rng{}, nil }), Doc: "A source."},
			{Sig: "void GetBytes(byte[] data)", Do: types.Do(fillRandom), Doc: "Fills an array."},
			{Sig: "void GetNonZeroBytes(byte[] data)", Do: types.Do(fillRandom), Doc: "Fills an array without zeros."},
			{Sig: "void Dispose()", Do: types.Do(nothing), Doc: "Does nothing here."},
		}},
		{Type: symmetricT, Doc: "A symmetric cipher.", Interfaces: []string{"IDisposable"}, Members: []types.Member{
			{Sig: "static SymmetricAlgorithm Create()", Do: types.Do(nothing), Doc: "Not allowed: name the algorithm.", Denied: true},
			{Sig: "static SymmetricAlgorithm Create(string algName)", Do: types.Fn1(func(name string) *Symmetric { return newSymmetric(name) }), Doc: "By name (Aes, TripleDES, DES); null for an unknown one.", Ex: `SymmetricAlgorithm.Create("Aes").BlockSize → 128`},
			{Sig: "byte[] Key { get; set; }", Do: types.Do(func(c *types.Call) (types.Value, error) {
				c.This.(*Symmetric).ready(c.Env)
				return bytesOf(c.This.(*Symmetric).key), nil
			}), Set: setBytes((*Symmetric).setKey), Doc: "The key; a random one unless set."},
			{Sig: "byte[] IV { get; set; }", Do: types.Do(func(c *types.Call) (types.Value, error) {
				c.This.(*Symmetric).ready(c.Env)
				return bytesOf(c.This.(*Symmetric).iv), nil
			}), Set: setBytes((*Symmetric).setIV), Doc: "The initialization vector; a random one unless set."},
			{Sig: "CipherMode Mode { get; set; }", Do: types.Fn1(func(s *Symmetric) types.Enum { return types.Enum{Type: cipherMode, N: s.mode} }), Set: types.Fn2(func(s *Symmetric, e types.Enum) types.Value { s.mode = e.N; return nil }), Doc: "How blocks are chained."},
			{Sig: "PaddingMode Padding { get; set; }", Do: types.Fn1(func(s *Symmetric) types.Enum { return types.Enum{Type: paddingMode, N: s.padding} }), Set: types.Fn2(func(s *Symmetric, e types.Enum) types.Value { s.padding = e.N; return nil }), Doc: "How the last block is filled."},
			{Sig: "int KeySize { get; set; }", Do: types.Fn1(func(s *Symmetric) int32 { return int32(s.bits) }), Set: types.Fn2E(func(s *Symmetric, n int32) (types.Value, error) {
				if !s.validSize(int(n)) {
					return nil, errKeySize
				}
				s.bits, s.key = int(n), nil
				return nil, nil
			}), Doc: "The size of the key in bits."},
			{Sig: "int BlockSize { get; set; }", Do: types.Fn1(func(s *Symmetric) int32 { return int32(8 * s.block) }), Set: types.Fn2E(func(s *Symmetric, n int32) (types.Value, error) {
				if int(n) != 8*s.block {
					return nil, cryptographic("Specified block size is not valid for this algorithm.")
				}
				return nil, nil
			}), Doc: "The size of a block in bits."},
			{Sig: "bool ValidKeySize(int bitLength)", Do: types.Fn2(func(s *Symmetric, n int32) bool { return s.validSize(int(n)) }), Doc: "Whether a key may have that size."},
			{Sig: "void GenerateKey()", Do: types.Do(func(c *types.Call) (types.Value, error) {
				s := c.This.(*Symmetric)
				s.key = randomBytes(c.Env, s.bits/8)
				return nil, nil
			}), Doc: "Makes a random key."},
			{Sig: "void GenerateIV()", Do: types.Do(func(c *types.Call) (types.Value, error) {
				s := c.This.(*Symmetric)
				s.iv = randomBytes(c.Env, s.block)
				return nil, nil
			}), Doc: "Makes a random vector."},
			{Sig: "void Clear()", Do: types.Do(nothing), Doc: "Does nothing here."},
			{Sig: "void Dispose()", Do: types.Do(nothing), Doc: "Does nothing here."},
			{Sig: "static byte[] Encrypt(this byte[] input, SymmetricAlgorithm alg)", Do: cryptCall((*Symmetric).encrypt), Doc: "Encrypts with the algorithm's key."},
			{Sig: "static byte[] Encrypt(this byte[] input, SymmetricAlgorithm alg, byte[] key, byte[] iv)", Do: cryptCall((*Symmetric).encrypt), Doc: "Encrypts with a key."},
			{Sig: "static byte[] Decrypt(this byte[] input, SymmetricAlgorithm alg)", Do: cryptCall((*Symmetric).decrypt), Doc: "Decrypts with the algorithm's key."},
			{Sig: "static byte[] Decrypt(this byte[] input, SymmetricAlgorithm alg, byte[] key, byte[] iv)", Do: cryptCall((*Symmetric).decrypt), Doc: "Decrypts with a key."},
		}},
	}
}

type rng struct{ _ byte }

// NetType implements types.Typed.
func (*rng) NetType() *types.Type { return rngT }

func fillRandom(c *types.Call) (types.Value, error) {
	a, _ := c.Args[0].(*types.ByteArray)
	if a == nil {
		return nil, types.ArgumentNull("data")
	}
	if err := c.Env.Step(int64(len(a.B)/8 + 1)); err != nil {
		return nil, err
	}
	copy(a.B, randomBytes(c.Env, len(a.B)))
	if c.Method != nil && c.Method.Name == "GetNonZeroBytes" {
		for i, b := range a.B {
			if b == 0 {
				a.B[i] = byte(i%255) + 1
			}
		}
	}
	return nil, nil
}
