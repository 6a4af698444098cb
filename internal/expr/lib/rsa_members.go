package lib

import (
	"encoding/base64"
	"math/big"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// rsaDecls declares RSA, its paddings and the names of hash algorithms.
func rsaDecls() []types.Decl {
	return []types.Decl{
		{Type: asymmetricT, Doc: "A public key algorithm.", Interfaces: []string{"IDisposable"}, Members: []types.Member{
			{Sig: "int KeySize { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) {
				k := c.This.(*Key)
				if k.public == nil {
					return int32(2048), nil
				}
				return int32(k.public.N.BitLen()), nil
			}), Doc: "The size of the key in bits.", Ex: "RSA.Create().KeySize → 2048"},
			{Sig: "string SignatureAlgorithm { get; }", Do: types.Fn1(func(*Key) string { return "RSA" }), Doc: "RSA."},
			{Sig: "string KeyExchangeAlgorithm { get; }", Do: types.Fn1(func(*Key) string { return "RSA" }), Doc: "RSA."},
			{Sig: "string ToXmlString(bool includePrivateParameters)", Do: types.Do(keyXML), Doc: "The key as XML."},
			{Sig: "void FromXmlString(string xmlString)", Do: types.Do(func(c *types.Call) (types.Value, error) {
				s, ok := c.Args[0].(string)
				if !ok {
					return nil, types.ArgumentNull("xmlString")
				}
				return nil, c.This.(*Key).fromXML(c.Env, s)
			}), Doc: "Takes the key of XML."},
			{Sig: "void Clear()", Do: types.Do(nothing), Doc: "Does nothing here."},
			{Sig: "void Dispose()", Do: types.Do(nothing), Doc: "Does nothing here."},
		}},
		{Type: rsaT, Base: "AsymmetricAlgorithm", Doc: "The RSA algorithm.", Members: []types.Member{
			{Sig: "static RSA Create()", Do: types.Do(func(*types.Call) (types.Value, error) { return &Key{}, nil }), Doc: "A key that is generated when it is first used."},
			{Sig: "byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", Do: signRSA(false), Doc: "The signature of data."},
			{Sig: "byte[] SignData(byte[] data, int offset, int count, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", Do: signRSA(false), Doc: "The signature of a part."},
			{Sig: "byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", Do: signRSA(true), Doc: "The signature of a hash."},
			{Sig: "bool VerifyData(byte[] data, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", Do: verifyRSA(false), Doc: "Whether the signature is that of the data."},
			{Sig: "bool VerifyHash(byte[] hash, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", Do: verifyRSA(true), Doc: "Whether the signature is that of the hash."},
			{Sig: "byte[] Encrypt(byte[] data, RSAEncryptionPadding padding)", Do: cryptRSA(false), Doc: "Encrypts with the public key."},
			{Sig: "byte[] Decrypt(byte[] data, RSAEncryptionPadding padding)", Do: cryptRSA(true), Doc: "Decrypts with the private key."},
		}},
		{Type: signaturePaddingT, Doc: "How a signature is padded.", Members: []types.Member{
			{Sig: "static RSASignaturePadding Pkcs1 { get; }", Do: types.Fn0(func() *padding { return pkcs1Signature }), Doc: "PKCS#1 v1.5."},
			{Sig: "static RSASignaturePadding Pss { get; }", Do: types.Fn0(func() *padding { return pssSignature }), Doc: "PSS."},
		}},
		{Type: encryptPaddingT, Doc: "How encryption is padded.", Members: func() []types.Member {
			out := []types.Member{{Sig: "static RSAEncryptionPadding Pkcs1 { get; }", Do: types.Fn0(func() *padding { return pkcs1Encrypt }), Doc: "PKCS#1 v1.5."}}
			for _, name := range []string{"OaepSHA1", "OaepSHA256", "OaepSHA384", "OaepSHA512"} {
				p := oaepPaddings[name]
				out = append(out, types.Member{Sig: "static RSAEncryptionPadding " + name + " { get; }", Do: types.Fn0(func() *padding { return p }), Doc: "OAEP."})
			}
			return out
		}()},
		{Type: hashName, Doc: "The name of a hash algorithm.", Members: func() []types.Member {
			out := []types.Member{
				{Sig: "HashAlgorithmName(string name)", Do: types.Fn1(func(v types.Value) HashName { return HashName{types.ToString(v)} }), Doc: "Of a name."},
				{Sig: "string Name { get; }", Do: types.Fn1(func(h HashName) string { return h.name }), Doc: "The name.", Ex: "HashAlgorithmName.SHA256.Name → SHA256"},
				{Sig: "static bool operator ==(HashAlgorithmName left, HashAlgorithmName right)", Do: types.Fn2(func(a, b HashName) bool { return a == b }), Doc: "Equality."},
				{Sig: "static bool operator !=(HashAlgorithmName left, HashAlgorithmName right)", Do: types.Fn2(func(a, b HashName) bool { return a != b }), Doc: "Inequality."},
			}
			for _, name := range hashAlgorithms {
				out = append(out, types.Member{Sig: "static HashAlgorithmName " + name + " { get; }", Do: types.Fn0(func() HashName { return HashName{name} }), Doc: "The name " + name + "."})
			}
			return out
		}()},
	}
}

func keyXML(c *types.Call) (types.Value, error) {
	k := c.This.(*Key)
	pub, err := k.needPublic(c.Env)
	if err != nil {
		return nil, err
	}
	field := func(name string, n *big.Int) string {
		return "<" + name + ">" + base64.StdEncoding.EncodeToString(n.Bytes()) + "</" + name + ">"
	}
	s := "<RSAKeyValue>" + field("Modulus", pub.N) + field("Exponent", big.NewInt(int64(pub.E)))
	if c.Args[0].(bool) {
		p, err := k.needPrivate(c.Env)
		if err != nil {
			return nil, err
		}
		s += field("P", p.Primes[0]) + field("Q", p.Primes[1]) + field("DP", p.Precomputed.Dp) + field("DQ", p.Precomputed.Dq) +
			field("InverseQ", p.Precomputed.Qinv) + field("D", p.D)
	}
	return s + "</RSAKeyValue>", c.Env.Charge(4096)
}
