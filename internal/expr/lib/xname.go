package lib

import (
	"strings"
	"unicode"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	xNameT      = types.Class("System.Xml.Linq.XName")
	xNamespaceT = types.Class("System.Xml.Linq.XNamespace")
)

const (
	xmlNamespace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsNamespace = "http://www.w3.org/2000/xmlns/"
)

// XName is System.Xml.Linq.XName: a name with its namespace.
type XName struct{ Space, Local string }

// XNamespace is System.Xml.Linq.XNamespace.
type XNamespace struct{ uri string }

// NetType implements types.Typed.
func (*XName) NetType() *types.Type { return xNameT }

// NetString implements types.Text: {namespace}local.
func (n *XName) NetString() string {
	if n.Space == "" {
		return n.Local
	}
	return "{" + n.Space + "}" + n.Local
}

// NetEquals implements types.Equatable.
func (n *XName) NetEquals(other types.Value) bool {
	m, ok := other.(*XName)
	return ok && m != nil && *n == *m
}

// NetHash implements types.Equatable.
func (n *XName) NetHash() int32 { return types.Hash(n.NetString()) }

// NetType implements types.Typed.
func (*XNamespace) NetType() *types.Type { return xNamespaceT }

// NetString implements types.Text.
func (n *XNamespace) NetString() string { return n.uri }

// NetEquals implements types.Equatable.
func (n *XNamespace) NetEquals(other types.Value) bool {
	m, ok := other.(*XNamespace)
	return ok && m != nil && *n == *m
}

// NetHash implements types.Equatable.
func (n *XNamespace) NetHash() int32 { return types.Hash(n.uri) }

const xmlException = "System.Xml.XmlException"

func isNameStart(r rune) bool { return r == '_' || r == ':' || unicode.IsLetter(r) }

func isNameRune(r rune) bool {
	return isNameStart(r) || r == '-' || r == '.' || r == '·' || unicode.IsDigit(r) || unicode.In(r, unicode.Mn, unicode.Mc)
}

// checkName accepts names without a colon.
func checkName(s string) error {
	for i, r := range s {
		if r == ':' || i == 0 && !isNameStart(r) || !isNameRune(r) {
			return types.Throw(xmlException, "The '"+string(r)+"' character, hexadecimal value 0x"+hexRune(r)+", cannot be included in a name.")
		}
	}
	if s == "" {
		return types.Throw(types.ArgumentExc, "'' is an invalid expanded name.")
	}
	return nil
}

func hexRune(r rune) string {
	s, _ := formatNumber(int32(r), "X2")
	return s
}

// expandedName reads "local" or "{namespace}local".
func expandedName(s string) (*XName, error) {
	n := &XName{Local: s}
	if strings.HasPrefix(s, "{") {
		i := strings.LastIndexByte(s, '}')
		if i <= 1 || i == len(s)-1 {
			return nil, types.Throw(types.ArgumentExc, "'"+s+"' is an invalid expanded name.")
		}
		n.Space, n.Local = s[1:i], s[i+1:]
	}
	return n, checkName(n.Local)
}

func nameIn(ns *XNamespace, local string) (*XName, error) {
	if ns == nil {
		return nil, types.ArgumentNull("ns")
	}
	return &XName{ns.uri, local}, checkName(local)
}

var xNameDecl = types.Decl{Type: xNameT, Doc: "A name with its namespace.", Members: []types.Member{
	{Sig: "string LocalName { get; }", Do: types.Fn1(func(n *XName) string { return n.Local }), Doc: "The name without namespace."},
	{Sig: "XNamespace Namespace { get; }", Do: types.Fn1(func(n *XName) *XNamespace { return &XNamespace{n.Space} }), Doc: "The namespace."},
	{Sig: "string NamespaceName { get; }", Do: types.Fn1(func(n *XName) string { return n.Space }), Doc: "The URI of the namespace.", Ex: `XName.Get("{urn:a}b").NamespaceName → urn:a`},
	{Sig: "static XName Get(string expandedName)", Do: types.Fn1E(expandedName), Doc: "Of {namespace}local."},
	{Sig: "static XName Get(string localName, string namespaceName)", Do: types.Fn2E(func(local, uri string) (*XName, error) { return nameIn(&XNamespace{uri}, local) }), Doc: "Of a name in a namespace.", Ex: `XName.Get("a", "urn:x").ToString() → {urn:x}a`},
	{Sig: "static implicit operator XName(string expandedName)", Do: types.Fn1E(func(v types.Value) (*XName, error) {
		s, ok := v.(string)
		if !ok {
			return nil, nil
		}
		return expandedName(s)
	}), Doc: "Of {namespace}local."},
	{Sig: "static bool operator ==(XName left, XName right)", Do: types.Fn2(types.Equal), Doc: "Equality."},
	{Sig: "static bool operator !=(XName left, XName right)", Do: types.Fn2(func(a, b types.Value) bool { return !types.Equal(a, b) }), Doc: "Inequality."},
}}

var xNamespaceDecl = types.Decl{Type: xNamespaceT, Doc: "A namespace of XML.", Members: []types.Member{
	{Sig: "string NamespaceName { get; }", Do: types.Fn1(func(n *XNamespace) string { return n.uri }), Doc: "The URI."},
	{Sig: "XName GetName(string localName)", Do: types.Fn2E(nameIn), Doc: "A name in it."},
	{Sig: "static XNamespace Get(string namespaceName)", Do: types.Fn1(func(s string) *XNamespace { return &XNamespace{s} }), Doc: "Of a URI.", Ex: `XNamespace.Get("urn:a").NamespaceName → urn:a`},
	{Sig: "static XNamespace None { get; }", Do: types.Fn0(func() *XNamespace { return &XNamespace{} }), Doc: "No namespace."},
	{Sig: "static XNamespace Xml { get; }", Do: types.Fn0(func() *XNamespace { return &XNamespace{xmlNamespace} }), Doc: "The namespace of xml: attributes."},
	{Sig: "static XNamespace Xmlns { get; }", Do: types.Fn0(func() *XNamespace { return &XNamespace{xmlnsNamespace} }), Doc: "The namespace of declarations of namespaces."},
	{Sig: "static XName operator +(XNamespace ns, string localName)", Do: types.Fn2E(nameIn), Doc: "A name in the namespace."},
	{Sig: "static implicit operator XNamespace(string namespaceName)", Do: types.Fn1(func(v types.Value) *XNamespace {
		if s, ok := v.(string); ok {
			return &XNamespace{s}
		}
		return nil
	}), Doc: "Of a URI."},
	{Sig: "static bool operator ==(XNamespace left, XNamespace right)", Do: types.Fn2(types.Equal), Doc: "Equality."},
	{Sig: "static bool operator !=(XNamespace left, XNamespace right)", Do: types.Fn2(func(a, b types.Value) bool { return !types.Equal(a, b) }), Doc: "Inequality."},
}}
