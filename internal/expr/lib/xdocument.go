package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var xDeclarationT = types.Class("System.Xml.Linq.XDeclaration")

// Declaration is System.Xml.Linq.XDeclaration.
type Declaration struct{ version, encoding, standalone types.Value }

// NetType implements types.Typed.
func (*Declaration) NetType() *types.Type { return xDeclarationT }

// NetString implements types.Text.
func (d *Declaration) NetString() string {
	s := "<?xml"
	for _, p := range []struct {
		name string
		v    types.Value
	}{{"version", d.version}, {"encoding", d.encoding}, {"standalone", d.standalone}} {
		if p.v != nil {
			s += " " + p.name + `="` + types.ToString(p.v) + `"`
		}
	}
	return s + "?>"
}

func (d *Declaration) token() *JToken {
	o := &JToken{kind: JObject}
	for _, p := range []struct {
		name string
		v    types.Value
	}{{"@version", d.version}, {"@encoding", d.encoding}, {"@standalone", d.standalone}} {
		if p.v != nil {
			o.append(p.name, NewJValue(p.v))
		}
	}
	return o
}

// declarationOf reads the pseudo-attributes of an XML declaration.
func declarationOf(text string) *Declaration {
	d := &Declaration{}
	for _, name := range []string{"version", "encoding", "standalone"} {
		_, rest, ok := strings.Cut(text, name)
		rest = strings.TrimLeft(rest, " =\t\n")
		if !ok || rest == "" {
			continue
		}
		if value, _, ok := strings.Cut(rest[1:], rest[:1]); ok {
			*map[string]*types.Value{"version": &d.version, "encoding": &d.encoding, "standalone": &d.standalone}[name] = value
		}
	}
	return d
}

// xDocumentDecl is System.Xml.Linq.XDocument, xDeclarationDecl its declaration.
var (
	xDocumentDecl = types.Decl{
		Type: xDocumentT, Base: "XContainer", Doc: "An XML document.", Denied: []string{"Load", "Save", "WriteTo", "CreateReader", "CreateWriter"},
		Members: []types.Member{
			{Sig: "XDocument()", Do: types.Do(newDocument), Doc: "An empty document."},
			{Sig: "XDocument(params object[] content)", Do: types.Do(newDocument), Doc: "Of content."},
			{Sig: "XDocument(XDeclaration declaration, params object[] content)", Do: types.Do(newDocument), Doc: "Of a declaration and content."},
			{Sig: "XDocument(XDocument other)", Do: types.Do(copyNode), Doc: "A copy."},
			{Sig: "static XDocument Parse(string text)", Do: types.Do(parseDocument), Doc: "Reads a document; XmlException otherwise.", Ex: `XDocument.Parse("<a><b>1</b></a>").Root.Element("b").Value → 1`},
			{Sig: "static XDocument Parse(string text, LoadOptions options)", Do: types.Do(parseDocument), Doc: "Reads a document, perhaps with its white space."},
			{Sig: "XElement Root { get; }", Do: types.Fn1((*Node).documentRoot), Doc: "The root element."},
			{Sig: "XDeclaration Declaration { get; set; }", Do: types.Fn1(func(n *Node) *Declaration { return n.decl }), Set: types.Fn2(func(n *Node, d *Declaration) types.Value { n.decl = d; return nil }), Doc: "The declaration, or null."},
			{Sig: "XDocumentType DocumentType { get; }", Do: types.Fn1(func(n *Node) *Node {
				for _, k := range n.nodes {
					if k.kind == XDocumentType {
						return k
					}
				}
				return nil
			}), Doc: "The document type, or null."},
		},
	}
	xDeclarationDecl = types.Decl{Type: xDeclarationT, Doc: "The XML declaration of a document.", Members: []types.Member{
		{Sig: "XDeclaration(string version, string encoding, string standalone)", Do: types.Fn3(func(v, e, s types.Value) *Declaration { return &Declaration{v, e, s} }), Doc: "Of its three values.", Ex: `new XDeclaration("1.0", "utf-8", null).ToString() → <?xml version="1.0" encoding="utf-8"?>`},
		{Sig: "XDeclaration(XDeclaration other)", Do: types.Fn1E(func(d *Declaration) (*Declaration, error) {
			if d == nil {
				return nil, types.ArgumentNull("other")
			}
			c := *d
			return &c, nil
		}), Doc: "A copy."},
		{Sig: "string Version { get; set; }", Do: types.Fn1(func(d *Declaration) types.Value { return d.version }), Set: types.Fn2(func(d *Declaration, v types.Value) types.Value { d.version = v; return nil }), Doc: "The version."},
		{Sig: "string Encoding { get; set; }", Do: types.Fn1(func(d *Declaration) types.Value { return d.encoding }), Set: types.Fn2(func(d *Declaration, v types.Value) types.Value { d.encoding = v; return nil }), Doc: "The encoding."},
		{Sig: "string Standalone { get; set; }", Do: types.Fn1(func(d *Declaration) types.Value { return d.standalone }), Set: types.Fn2(func(d *Declaration, v types.Value) types.Value { d.standalone = v; return nil }), Doc: "Whether it stands alone."},
	}}
)

func newDocument(c *types.Call) (types.Value, error) {
	d := &Node{kind: XDocument}
	for _, v := range c.Args {
		if decl, ok := v.(*Declaration); ok {
			d.decl = decl
			continue
		}
		if err := d.add(c.Env, v); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func copyNode(c *types.Call) (types.Value, error) {
	n, _ := c.Args[0].(*Node)
	if n == nil {
		return nil, types.ArgumentNull("other")
	}
	return n.clone(), c.Env.Charge(160 * n.count())
}

func parseDocument(c *types.Call) (types.Value, error) {
	s, ok := c.Args[0].(string)
	if !ok {
		return nil, types.ArgumentNull("text")
	}
	return parseXML(c.Env, s, len(c.Args) > 1 && c.Args[1].(types.Enum).N&1 == 1)
}
