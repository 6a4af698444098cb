package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	uriKind         = types.EnumOf("System.UriKind", "RelativeOrAbsolute", "Absolute", "Relative")
	uriPartial      = types.EnumOf("System.UriPartial", "Scheme", "Authority", "Path", "Query")
	uriHostNameType = types.EnumOf("System.UriHostNameType", "Unknown", "Basic", "Dns", "IPv4", "IPv6")

	uriKindDecl         = types.Decl{Type: uriKind, Doc: "Whether an address is absolute."}
	uriPartialDecl      = types.Decl{Type: uriPartial, Doc: "How much of an address GetLeftPart gives."}
	uriHostNameTypeDecl = types.Decl{Type: uriHostNameType, Doc: "What a host name is."}
)

// uriDecl is System.Uri.
var uriDecl = types.Decl{Type: uriT, Doc: "A uniform resource identifier.", Members: concatRows([]types.Member{
	{Sig: "Uri(string uriString)", Do: types.Fn1E(ParseUri), Doc: "Reads an absolute address.", Ex: `new Uri("not a uri") ! UriFormatException`},
	{Sig: "Uri(string uriString, UriKind uriKind)", Do: types.Fn2E(uriOfKind), Doc: "Reads an address.", Ex: `new Uri("/rel", UriKind.Relative).ToString() → /rel`},
	{Sig: "Uri(Uri baseUri, string relativeUri)", Do: types.Fn2E(resolveUri), Doc: "An address relative to another.", Ex: `new Uri(new Uri("https://h/a/b"), "c").ToString() → https://h/a/c`},
	{Sig: "Uri(Uri baseUri, Uri relativeUri)", Do: types.Fn2E(func(b, r *Uri) (*Uri, error) {
		if r == nil {
			return nil, types.ArgumentNull("relativeUri")
		}
		return resolveUri(b, r.original)
	}), Doc: "An address relative to another."},
	{Sig: "static bool TryCreate(string uriString, UriKind uriKind, out Uri result)", Do: types.Fn3(func(s types.Value, kind types.Enum, out *types.Ref) bool {
		text, ok := s.(string)
		out.V = nil
		if !ok {
			return false
		}
		u, err := uriOfKind(text, kind)
		if err == nil {
			out.V = u
		}
		return err == nil
	}), Doc: "Reads an address, or gives false.", Ex: `Uri.TryCreate("::", UriKind.Absolute, out var u) → False`},
	{Sig: "static bool TryCreate(Uri baseUri, string relativeUri, out Uri result)", Do: types.Fn3(func(b *Uri, s string, out *types.Ref) bool {
		u, err := resolveUri(b, s)
		out.V = nil
		if err == nil {
			out.V = u
		}
		return err == nil
	}), Doc: "An address relative to another, or false."},
	{Sig: "static bool IsWellFormedUriString(string uriString, UriKind uriKind)", Do: types.Fn2(wellFormed), Doc: "Whether it is a valid, escaped address.", Ex: `Uri.IsWellFormedUriString("https://h.example/x", UriKind.Absolute) → True`},
	{Sig: "static bool CheckSchemeName(string schemeName)", Do: types.Fn1(isScheme), Doc: "Whether it is a scheme."},
	{Sig: "static UriHostNameType CheckHostName(string name)", Do: types.Fn1(func(s string) types.Enum { return types.Enum{Type: uriHostNameType, N: hostKind(strings.ToLower(s))} }), Doc: "What a host name is."},
	{Sig: "bool IsAbsoluteUri { get; }", Do: types.Fn1(func(u *Uri) bool { return u.absolute }), Doc: "Whether it is absolute."},
	{Sig: "string OriginalString { get; }", Do: types.Fn1(func(u *Uri) string { return u.original }), Doc: "The text it was made of."},
	{Sig: "string GetLeftPart(UriPartial part)", Do: types.Fn2(leftPart), Doc: "The address up to a part.", Ex: `new Uri("https://h:8443/a?x").GetLeftPart(UriPartial.Authority) → https://h:8443`},
	{Sig: "bool IsBaseOf(Uri uri)", Do: types.Fn2(func(u, v *Uri) bool {
		return v != nil && u.scheme == v.scheme && u.host == v.host && u.port == v.port && strings.HasPrefix(v.path, u.path[:strings.LastIndexByte(u.path, '/')+1])
	}), Doc: "Whether the other lies below it."},
	{Sig: "Uri MakeRelativeUri(Uri uri)", Do: types.Fn2E(relativeTo), Doc: "The way from this address to the other.", Ex: `new Uri("https://h/a/b").MakeRelativeUri(new Uri("https://h/a/c?x")).ToString() → c?x`},
	{Sig: "static bool operator ==(Uri uri1, Uri uri2)", Do: types.Fn2(types.Equal), Doc: "Equality."},
	{Sig: "static bool operator !=(Uri uri1, Uri uri2)", Do: types.Fn2(func(a, b types.Value) bool { return !types.Equal(a, b) }), Doc: "Inequality."},
}, uriParts(), uriSchemes(), uriEscapes)}

// uriParts are the properties only an absolute address has.
func uriParts() []types.Member {
	var out []types.Member
	part := func(typ, name, doc string, f func(*Uri) types.Value) {
		out = append(out, types.Member{Sig: typ + " " + name + " { get; }", Doc: doc, Do: types.Fn1E(func(u *Uri) (types.Value, error) {
			if !u.absolute {
				return nil, types.Throw(types.InvalidOperation, "This operation is not supported for a relative URI.")
			}
			return f(u), nil
		})})
	}
	part("string", "AbsoluteUri", "The address, escaped.", func(u *Uri) types.Value { return u.absoluteURI() })
	part("string", "AbsolutePath", "The path, escaped.", func(u *Uri) types.Value { return u.path })
	part("string", "LocalPath", "The path, not escaped.", func(u *Uri) types.Value { return unescapeData(u.path) })
	part("string", "PathAndQuery", "Path and query.", func(u *Uri) types.Value { return u.path + u.query })
	part("string", "Query", "The query with its question mark.", func(u *Uri) types.Value { return u.query })
	part("string", "Fragment", "The fragment with its hash.", func(u *Uri) types.Value { return u.fragment })
	part("string", "Scheme", "The scheme.", func(u *Uri) types.Value { return u.scheme })
	part("string", "Host", "The host, in lower case.", func(u *Uri) types.Value { return u.host })
	part("string", "DnsSafeHost", "The host as DNS takes it.", func(u *Uri) types.Value { return strings.Trim(u.host, "[]") })
	part("string", "IdnHost", "The host as DNS takes it.", func(u *Uri) types.Value { return strings.Trim(u.host, "[]") })
	part("string", "Authority", "Host, and port unless it is the default.", func(u *Uri) types.Value { return u.authority() })
	part("string", "UserInfo", "User and password.", func(u *Uri) types.Value { return u.user })
	part("int", "Port", "The port.", func(u *Uri) types.Value { return int32(u.port) })
	part("bool", "IsDefaultPort", "Whether the port is that of the scheme.", func(u *Uri) types.Value { return u.defaultPort() })
	part("bool", "IsFile", "Whether it names a file.", func(u *Uri) types.Value { return u.scheme == "file" })
	part("bool", "IsLoopback", "Whether it names this machine.", func(u *Uri) types.Value { return u.loopback() })
	part("bool", "IsUnc", "Whether it is a UNC path.", func(u *Uri) types.Value { return u.scheme == "file" && u.host != "" })
	part("bool", "UserEscaped", "Always false.", func(*Uri) types.Value { return false })
	part("UriHostNameType", "HostNameType", "What the host is.", func(u *Uri) types.Value {
		k := hostKind(u.host)
		if u.host == "" && u.slashes || k == 2 && basicHost(u.host) {
			k = 1
		}
		return types.Enum{Type: uriHostNameType, N: k}
	})
	part("string[]", "Segments", "The parts of the path, each with its slash.", func(u *Uri) types.Value { return types.Strings(u.segments()) })
	return out
}

func uriSchemes() []types.Member {
	var out []types.Member
	for _, s := range []struct{ name, text string }{
		{"UriSchemeHttp", "http"},
		{"UriSchemeHttps", "https"},
		{"UriSchemeFtp", "ftp"},
		{"UriSchemeFile", "file"},
		{"UriSchemeMailto", "mailto"},
		{"UriSchemeNetTcp", "net.tcp"},
		{"SchemeDelimiter", "://"},
	} {
		out = append(out, types.Member{Sig: "static string " + s.name + " { get; }", Do: types.Fn0(func() string { return s.text }), Doc: "The text " + s.text + "."})
	}
	return out
}

func uriOfKind(s string, kind types.Enum) (*Uri, error) {
	if kind.N == 2 {
		if i := strings.IndexByte(s, ':'); i > 0 && isScheme(s[:i]) {
			if _, err := ParseUri(s); err == nil || i == 1 {
				return nil, uriError("A relative URI cannot be created because the 'uriString' parameter represents an absolute URI.")
			}
		}
		return &Uri{original: s}, nil
	}
	u, err := ParseUri(s)
	if err != nil && kind.N == 0 && (strings.IndexByte(s, ':') < 0 || strings.HasPrefix(s, "/")) {
		return &Uri{original: s}, nil
	}
	return u, err
}

func resolveUri(base *Uri, ref string) (*Uri, error) {
	if base == nil {
		return nil, types.ArgumentNull("baseUri")
	}
	if !base.absolute {
		return nil, types.ArgumentRange("baseUri", "This operation is not supported for a relative URI.")
	}
	return base.resolve(ref)
}

func wellFormed(v types.Value, kind types.Enum) bool {
	s, ok := v.(string)
	if !ok {
		return false
	}
	u, err := uriOfKind(s, kind)
	if err != nil {
		return false
	}
	return escapeAllowed(s, uriSafe) == s && !strings.HasPrefix(s, "#") && (!u.absolute || !strings.Contains(s, `\`))
}

func leftPart(u *Uri, part types.Enum) string {
	switch part.N {
	case 0:
		if u.slashes {
			return u.scheme + "://"
		}
		return u.scheme + ":"
	case 1:
		if !u.slashes {
			return ""
		}
		return u.left()
	case 2:
		return u.left() + u.path
	}
	return u.left() + u.path + u.query
}

func relativeTo(u, v *Uri) (*Uri, error) {
	if v == nil {
		return nil, types.ArgumentNull("uri")
	}
	if u.scheme != v.scheme || u.host != v.host || u.port != v.port {
		return v, nil
	}
	a, b := strings.Split(u.path, "/"), strings.Split(v.path, "/")
	common := 0
	for common < len(a)-1 && common < len(b)-1 && a[common] == b[common] {
		common++
	}
	rel := strings.Repeat("../", len(a)-1-common) + strings.Join(b[common:], "/")
	if u.path == v.path {
		rel = ""
	}
	return &Uri{original: rel + v.query + v.fragment}, nil
}
