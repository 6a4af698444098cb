package lib

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// TestEveryRowResolves is what lets Standard's error be ignored elsewhere:
// signatures parse, types are declared, Go functions match.
func TestEveryRowResolves(t *testing.T) {
	t.Parallel()
	if _, err := Standard(); err != nil {
		t.Fatal(err)
	}
}

// TestEveryRowSaysWhatItDoes: the rows are the reference page.
func TestEveryRowSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	l, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	l.All(func(d types.Decl, methods []*types.Method) bool {
		for _, m := range methods {
			if m.Row.Doc == "" || !strings.HasSuffix(m.Row.Doc, ".") {
				t.Errorf("%s: row %q: the doc %q is not a sentence", d.Type, m.Row.Sig, m.Row.Doc)
			}
			if m.Row.Do.Call == nil && m.Form != types.FormConst {
				t.Errorf("%s: row %q has no function", d.Type, m.Row.Sig)
			}
		}
		return true
	})
}

// TestTheAllowListIsWhole names every type the service documents.
func TestTheAllowListIsWhole(t *testing.T) {
	t.Parallel()
	l, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	for namespace, names := range map[string]string{
		"Newtonsoft.Json":      "Formatting JsonConvert",
		"Newtonsoft.Json.Linq": "Extensions JArray JConstructor JContainer JObject JProperty JRaw JToken JTokenType JValue",
		"System": "Array BitConverter Boolean Byte Char Convert DateTime DateTimeKind DateTimeOffset Decimal Double Enum Exception Guid Int16 Int32 Int64 Math " +
			"MidpointRounding Nullable Random SByte Single String StringComparer StringComparison StringSplitOptions TimeSpan TimeZone TimeZoneInfo Tuple " +
			"UInt16 UInt32 UInt64 Uri UriPartial",
		"System.IO": "StringReader StringWriter", "System.Linq": "Enumerable", "System.Net": "WebUtility IPAddress", "System.Text": "Encoding StringBuilder",
		"System.Text.RegularExpressions": "RegexOptions Capture CaptureCollection Group GroupCollection Match Regex",
		"System.Security.Cryptography": "AsymmetricAlgorithm CipherMode HashAlgorithm HashAlgorithmName HMAC HMACMD5 HMACSHA1 HMACSHA256 HMACSHA384 HMACSHA512 " +
			"KeyedHashAlgorithm MD5 Oid PaddingMode RNGCryptoServiceProvider RSA RSAEncryptionPadding RSASignaturePadding SHA1 SHA1Managed SHA256 SHA256Managed " +
			"SHA384 SHA384Managed SHA512 SHA512Managed SymmetricAlgorithm",
		"System.Security.Cryptography.X509Certificates": "PublicKey RSACertificateExtensions X509Certificate X509Certificate2 X509ContentType X509NameType X500DistinguishedName",
		"System.Xml": "XmlNodeType",
		"System.Xml.Linq": "Extensions XAttribute XCData XComment XContainer XDeclaration XDocument XDocumentType XElement XName XNamespace XNode " +
			"XNodeDocumentOrderComparer XNodeEqualityComparer XObject XProcessingInstruction XText",
	} {
		for name := range strings.FieldsSeq(names) {
			typ := l.Lookup(namespace+"."+name, 0)
			if typ == nil || l.Refused(typ) {
				t.Errorf("%s.%s is not declared, or refused", namespace, name)
			}
		}
	}
	for name, arity := range map[string]int{
		"Dictionary": 2, "HashSet": 1, "ICollection": 1, "IDictionary": 2, "IEnumerable": 1, "IEnumerator": 1, "IList": 1, "IReadOnlyCollection": 1,
		"IReadOnlyDictionary": 2, "ISet": 1, "KeyValuePair": 2, "List": 1, "Queue": 1, "Stack": 1,
	} {
		if l.Lookup("System.Collections.Generic."+name, arity) == nil {
			t.Errorf("System.Collections.Generic.%s is not declared", name)
		}
	}
}

// TestWhatTheServiceRefusesIsRefused by type, or by member.
func TestWhatTheServiceRefusesIsRefused(t *testing.T) {
	t.Parallel()
	l, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"System.Environment", "System.IO.File", "System.Globalization.CultureInfo", "System.Net.Dns", "System.Threading.Thread", "System.Xml.XmlDocument"} {
		if typ := l.Lookup(name, 0); typ == nil || !l.Refused(typ) {
			t.Errorf("%s must be refused", name)
		}
	}
	for _, m := range []struct{ typ, name string }{
		{"DateTime", "ToUniversalTime"}, {"DateTime", "ParseExact"}, {"Regex", "Escape"}, {"XDocument", "Load"}, {"XElement", "Load"}, {"Group", "Name"}, {"IPAddress", "Any"},
	} {
		if _, denied := l.Denied(l.Lookup(m.typ, 0), m.name); !denied {
			t.Errorf("%s.%s must be denied", m.typ, m.name)
		}
	}
}
