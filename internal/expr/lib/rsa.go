package lib

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"math/big"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	asymmetricT       = types.Class("System.Security.Cryptography.AsymmetricAlgorithm")
	rsaT              = types.Class("System.Security.Cryptography.RSA")
	signaturePaddingT = types.Class("System.Security.Cryptography.RSASignaturePadding")
	encryptPaddingT   = types.Class("System.Security.Cryptography.RSAEncryptionPadding")
	hashName          = types.Struct("System.Security.Cryptography.HashAlgorithmName").WithZero(HashName{})
)

// HashName is System.Security.Cryptography.HashAlgorithmName.
type HashName struct{ name string }

// NetType implements types.Typed.
func (HashName) NetType() *types.Type { return hashName }

// NetString implements types.Text.
func (h HashName) NetString() string { return h.name }

// padding is an RSASignaturePadding or RSAEncryptionPadding.
type padding struct {
	typ  *types.Type
	name string
	hash crypto.Hash // of OAEP
}

// NetType implements types.Typed.
func (p *padding) NetType() *types.Type { return p.typ }

// NetString implements types.Text.
func (p *padding) NetString() string { return p.name }

// Key is an RSA key, with or without its private half.
type Key struct {
	public  *rsa.PublicKey
	private *rsa.PrivateKey
}

// NetType implements types.Typed.
func (*Key) NetType() *types.Type { return rsaT }

// The steps a use of the private and public key costs: roughly their time.
const (
	privateSteps  = 100_000
	publicSteps   = 5_000
	generateSteps = 3_000_000
)

var (
	pkcs1Signature = &padding{signaturePaddingT, "Pkcs1", 0}
	pssSignature   = &padding{signaturePaddingT, "Pss", 0}
	pkcs1Encrypt   = &padding{encryptPaddingT, "Pkcs1", 0}
	oaepPaddings   = map[string]*padding{
		"OaepSHA1": {encryptPaddingT, "OaepSHA1", crypto.SHA1}, "OaepSHA256": {encryptPaddingT, "OaepSHA256", crypto.SHA256},
		"OaepSHA384": {encryptPaddingT, "OaepSHA384", crypto.SHA384}, "OaepSHA512": {encryptPaddingT, "OaepSHA512", crypto.SHA512},
	}
)

func (k *Key) needPrivate(env *types.Env) (*rsa.PrivateKey, error) {
	if err := env.Step(privateSteps); err != nil {
		return nil, err
	}
	if k.private == nil && k.public == nil {
		if err := k.generate(env); err != nil {
			return nil, err
		}
	}
	if k.private == nil {
		return nil, cryptographic("Key does not exist.")
	}
	return k.private, nil
}

func (k *Key) needPublic(env *types.Env) (*rsa.PublicKey, error) {
	if err := env.Step(publicSteps); err != nil {
		return nil, err
	}
	if k.public == nil {
		if err := k.generate(env); err != nil {
			return nil, err
		}
	}
	return k.public, nil
}

// generate makes the key of RSA.Create() when it is first needed.
func (k *Key) generate(env *types.Env) error {
	if err := env.Step(generateSteps); err != nil {
		return err
	}
	p, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return cryptographic(err.Error())
	}
	k.private, k.public = p, &p.PublicKey
	return nil
}

// digestArguments takes (data or hash, HashAlgorithmName, RSASignaturePadding)
// from the end of the arguments.
func digestArguments(c *types.Call, hashed bool) (digest []byte, h crypto.Hash, p *padding, err error) {
	n := len(c.Args)
	name := c.Args[n-2].(HashName)
	h, ok := hashFunctions[name.name]
	p, _ = c.Args[n-1].(*padding)
	if !ok || p == nil {
		return nil, 0, nil, types.ArgumentNull("hashAlgorithm")
	}
	part := c.Args[:1]
	if n == 5 && !hashed {
		part = c.Args[:3]
	}
	if digest, err = hashPart(part); err != nil {
		return nil, 0, nil, err
	}
	if !hashed {
		if err := c.Env.Step(int64(len(digest) / 64)); err != nil {
			return nil, 0, nil, err
		}
		s := h.New()
		s.Write(digest)
		digest = s.Sum(nil)
	}
	if len(digest) != h.Size() {
		return nil, 0, nil, cryptographic("The hash has the wrong size for its algorithm.")
	}
	return digest, h, p, nil
}

func signRSA(hashed bool) types.Fn {
	return types.Do(func(c *types.Call) (types.Value, error) {
		digest, h, p, err := digestArguments(c, hashed)
		if err != nil {
			return nil, err
		}
		key, err := c.This.(*Key).needPrivate(c.Env)
		if err != nil {
			return nil, err
		}
		var sig []byte
		if p.name == "Pss" {
			sig, err = rsa.SignPSS(rand.Reader, key, h, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		} else {
			sig, err = rsa.SignPKCS1v15(nil, key, h, digest)
		}
		if err != nil {
			return nil, cryptographic(err.Error())
		}
		return &types.ByteArray{B: sig}, nil
	})
}

func verifyRSA(hashed bool) types.Fn {
	return types.Do(func(c *types.Call) (types.Value, error) {
		sig, _ := c.Args[1].(*types.ByteArray)
		if sig == nil {
			return nil, types.ArgumentNull("signature")
		}
		digest, h, p, err := digestArguments(c, hashed)
		if err != nil {
			return nil, err
		}
		key, err := c.This.(*Key).needPublic(c.Env)
		if err != nil {
			return nil, err
		}
		if p.name == "Pss" {
			return rsa.VerifyPSS(key, h, digest, sig.B, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil, nil
		}
		return rsa.VerifyPKCS1v15(key, h, digest, sig.B) == nil, nil
	})
}

func cryptRSA(decrypt bool) types.Fn {
	return types.Do(func(c *types.Call) (types.Value, error) {
		data, _ := c.Args[0].(*types.ByteArray)
		p, _ := c.Args[1].(*padding)
		if data == nil || p == nil {
			return nil, types.ArgumentNull("data")
		}
		out, err := c.This.(*Key).crypt(c.Env, data.B, p, decrypt)
		if err != nil {
			return nil, err
		}
		return &types.ByteArray{B: out}, nil
	})
}

func (k *Key) crypt(env *types.Env, data []byte, p *padding, decrypt bool) (out []byte, err error) {
	if decrypt {
		key, err := k.needPrivate(env)
		if err != nil {
			return nil, err
		}
		if p.hash == 0 {
			//lint:ignore SA1019 a policy that asks for RSAEncryptionPadding.Pkcs1 gets it, as on .NET
			out, err = rsa.DecryptPKCS1v15(nil, key, data)
		} else {
			out, err = rsa.DecryptOAEP(p.hash.New(), nil, key, data, nil)
		}
		if err != nil {
			return nil, cryptographic("The parameter is incorrect.")
		}
		return out, nil
	}
	key, err := k.needPublic(env)
	if err != nil {
		return nil, err
	}
	if p.hash == 0 {
		//lint:ignore SA1019 as above
		out, err = rsa.EncryptPKCS1v15(rand.Reader, key, data)
	} else {
		out, err = rsa.EncryptOAEP(p.hash.New(), rand.Reader, key, data, nil)
	}
	if err != nil {
		return nil, cryptographic("Bad Length.")
	}
	return out, nil
}

// fromXML reads the <RSAKeyValue> form of a key.
func (k *Key) fromXML(env *types.Env, text string) error {
	n, err := ParseXElement(env, text)
	if err != nil {
		return cryptographic("Input string does not contain a valid encoding of the 'RSA' parameter.")
	}
	number := func(name string) *big.Int {
		e := n.element(&XName{Local: name})
		if e == nil {
			return nil
		}
		b, err := base64.StdEncoding.DecodeString(e.text())
		if err != nil || len(b) > 1024 {
			return nil
		}
		return new(big.Int).SetBytes(b)
	}
	modulus, exponent := number("Modulus"), number("Exponent")
	if modulus == nil || exponent == nil || !exponent.IsInt64() || exponent.Int64() > 1<<31-1 {
		return cryptographic("Input string does not contain a valid encoding of the 'RSA' 'Modulus' parameter.")
	}
	k.public, k.private = &rsa.PublicKey{N: modulus, E: int(exponent.Int64())}, nil
	d, p, q := number("D"), number("P"), number("Q")
	if d == nil || p == nil || q == nil {
		return nil
	}
	if err := env.Step(privateSteps); err != nil {
		return err
	}
	k.private = &rsa.PrivateKey{PublicKey: *k.public, D: d, Primes: []*big.Int{p, q}}
	if err := k.private.Validate(); err != nil {
		k.private = nil
		return cryptographic("The key is not valid: " + err.Error())
	}
	k.private.Precompute()
	return nil
}
