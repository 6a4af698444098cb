package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

func bytesOf(b []byte) *types.ByteArray { return &types.ByteArray{B: append([]byte{}, b...)} }

// x509Decls declares certificates and what belongs to them.
func x509Decls() []types.Decl {
	return []types.Decl{
		certificateDecl, certificate2Decl,
		{Type: publicKeyT, Doc: "The public key of a certificate.", Members: []types.Member{
			{Sig: "AsymmetricAlgorithm Key { get; }", Do: types.Fn1(func(p *publicKey) *Key { return p.cert.rsaPublic() }), Doc: "The key; null when it is not RSA."},
			{Sig: "Oid Oid { get; }", Do: types.Fn1(func(p *publicKey) *oid { k, _ := p.cert.algorithms(); return &oid{k} }), Doc: "The algorithm."},
		}},
		{Type: x500NameT, Doc: "A distinguished name.", Denied: []string{"Decode", "Format", "RawData"}, Members: []types.Member{
			{Sig: "string Name { get; }", Do: types.Fn1(func(n *x500Name) string { return n.name }), Doc: "The name as text."},
		}},
		{Type: oidT, Doc: "An object identifier.", Members: []types.Member{
			{Sig: "Oid(string oid)", Do: types.Fn1(func(s string) *oid { return &oid{s} }), Doc: "Of a dotted text."},
			{Sig: "string Value { get; }", Do: types.Fn1(func(o *oid) string { return o.value }), Doc: "The dotted text.", Ex: `new Oid("1.2.3").Value → 1.2.3`},
			{Sig: "string FriendlyName { get; }", Do: types.Fn1(func(o *oid) types.Value { return textOrNull(oidNames[o.value]) }), Doc: "The name for people, or null."},
		}},
		{Type: contentType, Doc: "The form of a certificate's bytes."},
		{Type: nameType, Doc: "A kind of name in a certificate."},
		{Type: types.StaticClass("System.Security.Cryptography.X509Certificates.RSACertificateExtensions"), Doc: "The RSA keys of certificates.", Members: []types.Member{
			{Sig: "static RSA GetRSAPublicKey(this X509Certificate2 certificate)", Do: types.Fn1E(needCertificate((*Certificate).rsaPublic)), Doc: "The public key; null when it is not RSA."},
			{Sig: "static RSA GetRSAPrivateKey(this X509Certificate2 certificate)", Do: types.Fn1E(needCertificate((*Certificate).rsaPrivate)), Doc: "The private key; null without one."},
			{Sig: "static bool VerifyNoRevocation(this X509Certificate2 certificate)", Do: types.Do(func(c *types.Call) (types.Value, error) {
				cert, _ := c.Args[0].(*Certificate)
				if cert == nil {
					return nil, types.ArgumentNull("certificate")
				}
				return cert.verify(c.Env)
			}), Doc: "Whether its chain is trusted."},
		}},
	}
}

func needCertificate(f func(*Certificate) *Key) func(*Certificate) (*Key, error) {
	return func(c *Certificate) (*Key, error) {
		if c == nil {
			return nil, types.ArgumentNull("certificate")
		}
		return f(c), nil
	}
}

type (
	publicKey struct{ cert *Certificate }
	x500Name  struct{ name string }
	oid       struct{ value string }
)

// NetType implements types.Typed.
func (*publicKey) NetType() *types.Type { return publicKeyT }

// NetType implements types.Typed.
func (*x500Name) NetType() *types.Type { return x500NameT }

// NetType implements types.Typed.
func (*oid) NetType() *types.Type { return oidT }

// oidNames are the friendly names of common algorithms.
var oidNames = map[string]string{
	"1.2.840.113549.1.1.1": "RSA", "1.2.840.113549.1.1.5": "sha1RSA", "1.2.840.113549.1.1.11": "sha256RSA", "1.2.840.113549.1.1.12": "sha384RSA",
	"1.2.840.113549.1.1.13": "sha512RSA", "1.2.840.10045.2.1": "ECC", "1.2.840.10045.4.3.2": "sha256ECDSA", "1.2.840.10045.4.3.3": "sha384ECDSA",
	"1.3.14.3.2.26": "sha1", "2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512", "2.5.4.3": "CN",
}

// certText and certBytes are a parameterless method or property.
func certText(sig, doc string, f func(c *Certificate) string) types.Member {
	return types.Member{Sig: sig, Do: types.Fn1(f), Doc: doc}
}

func certBytes(sig, doc string, f func(c *Certificate) []byte) types.Member {
	return types.Member{Sig: sig, Do: types.Fn1(func(c *Certificate) *types.ByteArray { return bytesOf(f(c)) }), Doc: doc}
}

var certificateDecl = types.Decl{Type: certificateT, Doc: "An X.509 certificate.", Interfaces: []string{"IDisposable"}, Denied: []string{"CreateFromCertFile", "CreateFromSignedFile", "Import", "Handle"}, Members: []types.Member{
	certText("string Subject { get; }", "The name of the subject.", func(c *Certificate) string { return distinguishedName(c.cert.RawSubject) }),
	certText("string Issuer { get; }", "The name of the issuer.", func(c *Certificate) string { return distinguishedName(c.cert.RawIssuer) }),
	certBytes("byte[] GetCertHash()", "The SHA-1 hash.", (*Certificate).hash),
	certText("string GetCertHashString()", "The SHA-1 hash in hexadecimal.", (*Certificate).thumbprint),
	certBytes("byte[] GetRawCertData()", "The certificate in DER.", func(c *Certificate) []byte { return c.cert.Raw }),
	certText("string GetRawCertDataString()", "The certificate in DER, in hexadecimal.", func(c *Certificate) string { return upperHexText(c.cert.Raw) }),
	certBytes("byte[] GetSerialNumber()", "The serial number, little-endian.", func(c *Certificate) []byte {
		b := append([]byte{}, c.cert.SerialNumber.Bytes()...)
		for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
		return b
	}),
	certText("string GetSerialNumberString()", "The serial number in hexadecimal.", (*Certificate).serial),
	certBytes("byte[] GetPublicKey()", "The public key.", (*Certificate).publicBytes),
	certText("string GetPublicKeyString()", "The public key in hexadecimal.", func(c *Certificate) string { return upperHexText(c.publicBytes()) }),
	certText("string GetEffectiveDateString()", "When it becomes valid.", func(c *Certificate) string { return localDate(c.cert.NotBefore.Unix()).NetString() }),
	certText("string GetExpirationDateString()", "When it ceases to be valid.", func(c *Certificate) string { return localDate(c.cert.NotAfter.Unix()).NetString() }),
	certText("string GetKeyAlgorithm()", "The algorithm of the key.", func(c *Certificate) string { k, _ := c.algorithms(); return k }),
	certText("string GetFormat()", "Always X509.", func(*Certificate) string { return "X509" }),
	certText("string GetName()", "The name of the subject.", func(c *Certificate) string { return distinguishedName(c.cert.RawSubject) }),
	certText("string GetIssuerName()", "The name of the issuer.", func(c *Certificate) string { return distinguishedName(c.cert.RawIssuer) }),
	{Sig: "byte[] Export(X509ContentType contentType)", Do: types.Fn2E(func(c *Certificate, t types.Enum) (*types.ByteArray, error) {
		if t.N != 1 {
			return nil, cryptographic("Only the certificate itself can be exported: use X509ContentType.Cert.")
		}
		return bytesOf(c.cert.Raw), nil
	}), Doc: "The certificate in DER."},
	{Sig: "bool Equals(X509Certificate other)", Do: types.Fn2(func(c *Certificate, other types.Value) bool { return c.NetEquals(other) }), Doc: "Whether both are the same certificate."},
	{Sig: "void Reset()", Do: types.Do(nothing), Doc: "Does nothing here."},
	{Sig: "void Dispose()", Do: types.Do(nothing), Doc: "Does nothing here."},
}}

var certificate2Decl = types.Decl{Type: certificate2T, Base: "X509Certificate", Doc: "An X.509 certificate, perhaps with its private key.", Denied: []string{"GetCertContentType", "Extensions"}, Members: []types.Member{
	{Sig: "X509Certificate2(byte[] rawData)", Do: types.Do(makeCertificate), Doc: "Reads DER, PEM or PKCS #12; CryptographicException otherwise.", Ex: "new X509Certificate2(new byte[] { 1, 2 }) ! CryptographicException"},
	{Sig: "X509Certificate2(byte[] rawData, string password)", Do: types.Do(makeCertificate), Doc: "Reads PKCS #12 with a password."},
	{Sig: "X509Certificate2(X509Certificate certificate)", Do: types.Do(makeCertificate), Doc: "A copy."},
	certText("string Thumbprint { get; }", "The SHA-1 hash in hexadecimal.", (*Certificate).thumbprint),
	certText("string SerialNumber { get; }", "The serial number in hexadecimal.", (*Certificate).serial),
	certBytes("byte[] RawData { get; }", "The certificate in DER.", func(c *Certificate) []byte { return c.cert.Raw }),
	{Sig: "DateTime NotBefore { get; }", Do: types.Fn1(func(c *Certificate) DateTime { return localDate(c.cert.NotBefore.Unix()) }), Doc: "When it becomes valid."},
	{Sig: "DateTime NotAfter { get; }", Do: types.Fn1(func(c *Certificate) DateTime { return localDate(c.cert.NotAfter.Unix()) }), Doc: "When it ceases to be valid."},
	{Sig: "bool HasPrivateKey { get; }", Do: types.Fn1(func(c *Certificate) bool { return c.key != nil }), Doc: "Whether its private key is there."},
	{Sig: "AsymmetricAlgorithm PrivateKey { get; }", Do: types.Fn1((*Certificate).rsaPrivate), Doc: "The private key, or null."},
	{Sig: "PublicKey PublicKey { get; }", Do: types.Fn1(func(c *Certificate) *publicKey { return &publicKey{c} }), Doc: "The public key."},
	{Sig: "int Version { get; }", Do: types.Fn1(func(c *Certificate) int32 { return int32(c.cert.Version) }), Doc: "The version of the format."},
	{Sig: "string FriendlyName { get; set; }", Do: types.Fn1(func(c *Certificate) string { return c.friendly }), Set: types.Fn2(func(c *Certificate, s string) types.Value { c.friendly = s; return nil }), Doc: "A name for people."},
	{Sig: "bool Archived { get; }", Do: types.Fn1(func(*Certificate) bool { return false }), Doc: "Always false."},
	{Sig: "X500DistinguishedName SubjectName { get; }", Do: types.Fn1(func(c *Certificate) *x500Name { return &x500Name{distinguishedName(c.cert.RawSubject)} }), Doc: "The name of the subject."},
	{Sig: "X500DistinguishedName IssuerName { get; }", Do: types.Fn1(func(c *Certificate) *x500Name { return &x500Name{distinguishedName(c.cert.RawIssuer)} }), Doc: "The name of the issuer."},
	{Sig: "Oid SignatureAlgorithm { get; }", Do: types.Fn1(func(c *Certificate) *oid { _, s := c.algorithms(); return &oid{s} }), Doc: "The algorithm of the signature."},
	{Sig: "string GetNameInfo(X509NameType nameType, bool forIssuer)", Do: types.Fn3(func(c *Certificate, t types.Enum, issuer bool) string { return c.nameInfo(t.N, issuer) }), Doc: "A name of a kind."},
	{Sig: "bool Verify()", Do: types.Do(func(c *types.Call) (types.Value, error) { return c.This.(*Certificate).verify(c.Env) }), Doc: "Whether its chain is trusted."},
}}

func makeCertificate(c *types.Call) (types.Value, error) {
	if other, ok := c.Args[0].(*Certificate); ok && other != nil {
		copied := *other
		return &copied, nil
	}
	raw, _ := c.Args[0].(*types.ByteArray)
	if raw == nil {
		return nil, types.ArgumentNull("rawData")
	}
	password := ""
	if len(c.Args) > 1 {
		password = types.ToString(c.Args[1])
	}
	return NewCertificate(c.Env, raw.B, password)
}
