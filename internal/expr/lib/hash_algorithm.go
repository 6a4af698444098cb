package lib

import (
	"crypto"
	"crypto/hmac"
	_ "crypto/md5"  // registers MD5
	_ "crypto/sha1" // registers SHA-1
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/binary"
	"hash"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

const cryptographicException = "System.Security.Cryptography.CryptographicException"

func cryptographic(text string) error { return types.Throw(cryptographicException, text) }

// The abstract bases of hashes.
var (
	hashAlgorithmT = types.Class("System.Security.Cryptography.HashAlgorithm")
	keyedHashT     = types.Class("System.Security.Cryptography.KeyedHashAlgorithm")
	hmacT          = types.Class("System.Security.Cryptography.HMAC")
	hashAlgorithms = []string{"MD5", "SHA1", "SHA256", "SHA384", "SHA512"}
	hashFunctions  = map[string]crypto.Hash{"MD5": crypto.MD5, "SHA1": crypto.SHA1, "SHA256": crypto.SHA256, "SHA384": crypto.SHA384, "SHA512": crypto.SHA512}
	hashTypes      = cryptoClasses("", "")
	managedTypes   = cryptoClasses("", "Managed")
	hmacTypes      = cryptoClasses("HMAC", "")
	errHashBuffer  = types.ArgumentNull("buffer")
)

func cryptoClasses(prefix, suffix string) map[string]*types.Type {
	out := map[string]*types.Type{}
	for _, name := range hashAlgorithms {
		if suffix == "" || name != "MD5" {
			out[name] = types.Class("System.Security.Cryptography." + prefix + name + suffix)
		}
	}
	return out
}

// Hash is any HashAlgorithm: with a key it is an HMAC.
type Hash struct {
	typ   *types.Type
	name  string // "SHA256"
	key   []byte
	keyed bool
	last  []byte // the result of the last computation
	state hash.Hash
}

// NetType implements types.Typed.
func (h *Hash) NetType() *types.Type { return h.typ }

func (h *Hash) start() hash.Hash {
	f := hashFunctions[h.name]
	if h.keyed {
		return hmac.New(f.New, h.key)
	}
	return f.New()
}

func (h *Hash) compute(env *types.Env, b []byte) (*types.ByteArray, error) {
	if err := firstError(env.Step(int64(len(b)/64+8)), env.Charge(256)); err != nil {
		return nil, err
	}
	s := h.start()
	s.Write(b)
	h.last = s.Sum(nil)
	return &types.ByteArray{B: append([]byte{}, h.last...)}, nil
}

// hashByName makes a hash of a name such as "SHA256", "SHA-256", "HMACSHA1" or
// the full name of its class.
func hashByName(env *types.Env, name string) *Hash {
	name = upper(types.ShortName(name))
	for _, n := range hashAlgorithms {
		switch name {
		case n, n + "MANAGED", n + "CRYPTOSERVICEPROVIDER", n[:3] + "-" + n[3:]:
			return &Hash{typ: hashTypes[n], name: n}
		case "HMAC" + n:
			return &Hash{typ: hmacTypes[n], name: n, keyed: true, key: randomBytes(env, 64)}
		}
	}
	if name == "SHA" {
		return hashByName(env, "SHA1")
	}
	return nil
}

func randomBytes(env *types.Env, n int) []byte {
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, env.Uint64())
	}
	return b[:n]
}

// hashPart takes the bytes, or the part of them, that the arguments name.
func hashPart(args []types.Value) ([]byte, error) {
	a, _ := args[0].(*types.ByteArray)
	if a == nil {
		return nil, errHashBuffer
	}
	if len(args) < 3 {
		return a.B, nil
	}
	start, count := int(args[1].(int32)), int(args[2].(int32))
	switch {
	case start < 0:
		return nil, types.ArgumentRange("offset", "Non-negative number required.")
	case count < 0 || count > len(a.B)-start:
		return nil, types.Argument("count", "Offset and length were out of bounds for the array.")
	}
	return a.B[start : start+count], nil
}

func computeHash(c *types.Call) (types.Value, error) {
	b, err := hashPart(c.Args)
	if err != nil {
		return nil, err
	}
	return c.This.(*Hash).compute(c.Env, b)
}

// transform feeds a block; the final one ends the computation.
func transform(final bool) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		h := c.This.(*Hash)
		b, err := hashPart(c.Args)
		if err == nil {
			err = firstError(c.Env.Step(int64(len(b)/64+8)), c.Env.Charge(256+len(b)))
		}
		if err != nil {
			return nil, err
		}
		if h.state == nil {
			h.state = h.start()
		}
		h.state.Write(b)
		if !final {
			return int32(len(b)), nil
		}
		h.last, h.state = h.state.Sum(nil), nil
		return &types.ByteArray{B: append([]byte{}, b...)}, nil
	}
}

var hashAlgorithmDecl = types.Decl{Type: hashAlgorithmT, Doc: "A hash function.", Interfaces: []string{"IDisposable"}, Members: []types.Member{
	{Sig: "byte[] ComputeHash(byte[] buffer)", Do: types.Do(computeHash), Doc: "The hash of bytes.", Ex: `BitConverter.ToString(MD5.Create().ComputeHash(new byte[0])).Substring(0, 5) → D4-1D`},
	{Sig: "byte[] ComputeHash(byte[] buffer, int offset, int count)", Do: types.Do(computeHash), Doc: "The hash of a part."},
	{Sig: "int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)", Do: types.Do(transform(false)), Doc: "Feeds a block."},
	{Sig: "byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)", Do: types.Do(transform(true)), Doc: "Feeds the last block; Hash has the result."},
	{Sig: "byte[] Hash { get; }", Do: types.Fn1(func(h *Hash) *types.ByteArray {
		if h.last == nil {
			return nil
		}
		return &types.ByteArray{B: append([]byte{}, h.last...)}
	}), Doc: "The last result."},
	{Sig: "int HashSize { get; }", Do: types.Fn1(func(h *Hash) int32 { return int32(8 * hashFunctions[h.name].Size()) }), Doc: "The size of a hash in bits.", Ex: "SHA256.Create().HashSize → 256"},
	{Sig: "int InputBlockSize { get; }", Do: types.Fn1(func(*Hash) int32 { return 1 }), Doc: "Always 1."},
	{Sig: "int OutputBlockSize { get; }", Do: types.Fn1(func(*Hash) int32 { return 1 }), Doc: "Always 1."},
	{Sig: "bool CanReuseTransform { get; }", Do: types.Fn1(func(*Hash) bool { return true }), Doc: "Always true."},
	{Sig: "bool CanTransformMultipleBlocks { get; }", Do: types.Fn1(func(*Hash) bool { return true }), Doc: "Always true."},
	{Sig: "void Initialize()", Do: types.Fn1(func(h *Hash) types.Value { h.state = nil; return nil }), Doc: "Begins anew."},
	{Sig: "void Clear()", Do: types.Do(nothing), Doc: "Does nothing here."},
	{Sig: "void Dispose()", Do: types.Do(nothing), Doc: "Does nothing here."},
	{Sig: "static HashAlgorithm Create()", Do: types.Do(createHash("SHA1")), Doc: "SHA1."},
	{Sig: "static HashAlgorithm Create(string hashName)", Do: types.Do(createHash("")), Doc: "By name; null for an unknown one.", Ex: `HashAlgorithm.Create("SHA256").HashSize → 256`},
}}

func createHash(name string) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		n := name
		if len(c.Args) > 0 {
			s, ok := c.Args[0].(string)
			if !ok {
				return nil, types.ArgumentNull("hashName")
			}
			n = s
		}
		if h := hashByName(c.Env, n); h != nil {
			return h, nil
		}
		return nil, nil
	}
}

// hashDecls declares the hash functions and HMACs, all alike.
func hashDecls() []types.Decl {
	out := []types.Decl{
		hashAlgorithmDecl,
		{Type: keyedHashT, Base: "HashAlgorithm", Doc: "A hash function with a key.", Members: []types.Member{
			{Sig: "byte[] Key { get; set; }", Do: types.Fn1(func(h *Hash) *types.ByteArray { return &types.ByteArray{B: append([]byte{}, h.key...)} }), Set: types.Fn2E(func(h *Hash, k *types.ByteArray) (types.Value, error) {
				if k == nil {
					return nil, types.ArgumentNull("value")
				}
				h.key = append([]byte{}, k.B...)
				return nil, nil
			}), Doc: "The key."},
			{Sig: "static KeyedHashAlgorithm Create()", Do: types.Do(createHash("HMACSHA1")), Doc: "HMACSHA1."},
			{Sig: "static KeyedHashAlgorithm Create(string algName)", Do: types.Do(createHash("")), Doc: "By name; null for an unknown one."},
		}},
		{Type: hmacT, Base: "KeyedHashAlgorithm", Doc: "A keyed-hash message authentication code.", Members: []types.Member{
			{Sig: "string HashName { get; }", Do: types.Fn1(func(h *Hash) string { return h.name }), Doc: "The name of the hash function.", Ex: "new HMACSHA256(new byte[] { 1 }).HashName → SHA256"},
			{Sig: "static HMAC Create()", Do: types.Do(createHash("HMACSHA1")), Doc: "HMACSHA1."},
			{Sig: "static HMAC Create(string algorithmName)", Do: types.Do(createHash("")), Doc: "By name; null for an unknown one.", Ex: `HMAC.Create("HMACSHA256") is HMACSHA256 → True`},
		}},
	}
	for _, name := range hashAlgorithms {
		t := hashTypes[name]
		out = append(out, types.Decl{Type: t, Base: "HashAlgorithm", Doc: "The hash function " + name + ".", Members: []types.Member{
			{Sig: "static " + name + " Create()", Do: types.Do(createHash(name)), Doc: "The function."},
			{Sig: "static " + name + " Create(string algName)", Do: types.Do(createHash("")), Doc: "The function by name."},
		}})
		if m := managedTypes[name]; m != nil {
			out = append(out, types.Decl{Type: m, Base: name, Doc: "The hash function " + name + ".", Members: []types.Member{
				{Sig: name + "Managed()", Do: types.Do(func(*types.Call) (types.Value, error) { return &Hash{typ: m, name: name}, nil }), Doc: "The function."},
			}})
		}
		out = append(out, hmacDecl(name))
	}
	return out
}

func hmacDecl(name string) types.Decl {
	t := hmacTypes[name]
	make := types.Do(func(c *types.Call) (types.Value, error) {
		h := &Hash{typ: t, name: name, keyed: true}
		if len(c.Args) == 0 {
			h.key = randomBytes(c.Env, 64)
			return h, nil
		}
		k, _ := c.Args[0].(*types.ByteArray)
		if k == nil {
			return nil, types.ArgumentNull("key")
		}
		h.key = append([]byte{}, k.B...)
		if f := hashFunctions[name]; len(k.B) > f.New().BlockSize() {
			short := f.New()
			short.Write(k.B)
			h.key = short.Sum(nil)
		}
		return h, firstError(c.Env.Step(int64(len(k.B)/64 + 8)))
	})
	d := types.Decl{Type: t, Base: "HMAC", Doc: "HMAC with " + name + ".", Members: []types.Member{
		{Sig: "HMAC" + name + "()", Do: make, Doc: "With a random key."},
		{Sig: "HMAC" + name + "(byte[] key)", Do: make, Doc: "With a key."},
	}}
	if name == "SHA1" {
		d.Members = append(d.Members, types.Member{Sig: "HMACSHA1(byte[] key, bool useManagedSha1)", Do: make, Doc: "With a key."})
	}
	return d
}
