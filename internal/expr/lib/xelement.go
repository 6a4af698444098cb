package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// xElementDecl is System.Xml.Linq.XElement.
var xElementDecl = types.Decl{
	Type: xElementT, Base: "XContainer", Doc: "An XML element.", Denied: []string{"Load", "Save", "WriteTo", "CreateReader"},
	Members: concatRows([]types.Member{
		{Sig: "XElement(XName name)", Do: types.Do(newElement), Doc: "An empty element.", Ex: `new XElement("a").ToString() → <a />`},
		{Sig: "XElement(XName name, object content)", Do: types.Do(newElement), Doc: "Of content.", Ex: `new XElement("a", new XAttribute("k", "v"), new XElement("b", 1)).ToString(SaveOptions.DisableFormatting) → <a k="v"><b>1</b></a>`},
		{Sig: "XElement(XName name, params object[] content)", Do: types.Do(newElement), Doc: "Of content."},
		{Sig: "XElement(XElement other)", Do: types.Do(copyNode), Doc: "A copy."},
		{Sig: "static XElement Parse(string text)", Do: types.Do(parseElement), Doc: "Reads an element; XmlException otherwise.", Ex: `XElement.Parse("<a>") ! XmlException`},
		{Sig: "static XElement Parse(string text, LoadOptions options)", Do: types.Do(parseElement), Doc: "Reads an element, perhaps with its white space."},
		{Sig: "XName Name { get; set; }", Do: types.Fn1(func(n *Node) *XName { return n.name }), Set: types.Fn2(func(n *Node, name *XName) types.Value { n.name = name; return nil }), Doc: "The name."},
		{Sig: "string Value { get; set; }", Do: types.Fn1((*Node).text), Set: types.Do(func(c *types.Call) (types.Value, error) {
			s, ok := c.Args[0].(string)
			if !ok {
				return nil, types.ArgumentNull("value")
			}
			return nil, c.This.(*Node).setValue(c.Env, s)
		}), Doc: "All text inside.", Ex: `XElement.Parse("<a>x<b>y</b></a>").Value → xy`},
		{Sig: "bool IsEmpty { get; }", Do: types.Fn1(func(n *Node) bool { return len(n.nodes) == 0 && !n.open }), Doc: "Whether it has no content, not even an end tag."},
		{Sig: "bool HasElements { get; }", Do: types.Fn1(func(n *Node) bool {
			for _, k := range n.nodes {
				if k.kind == XElement {
					return true
				}
			}
			return false
		}), Doc: "Whether it has child elements."},
		{Sig: "bool HasAttributes { get; }", Do: types.Fn1(func(n *Node) bool { return len(n.attrs) > 0 }), Doc: "Whether it has attributes."},
		{Sig: "XAttribute Attribute(XName name)", Do: types.Fn2((*Node).attribute), Doc: "The attribute of a name, or null."},
		{Sig: "IEnumerable<XAttribute> Attributes()", Do: types.Fn1(func(n *Node) *Nodes { return nodesOf(xAttributeT, n.attrs) }), Doc: "The attributes."},
		{Sig: "IEnumerable<XAttribute> Attributes(XName name)", Do: types.Fn2(func(n *Node, name *XName) *Nodes {
			out := &Nodes{elem: xAttributeT}
			if a := n.attribute(name); a != nil {
				out.items = append(out.items, a)
			}
			return out
		}), Doc: "The attributes of a name."},
		{Sig: "XAttribute FirstAttribute { get; }", Do: types.Fn1(func(n *Node) *Node { return edgeOf(n.attrs, 0) }), Doc: "The first attribute, or null."},
		{Sig: "XAttribute LastAttribute { get; }", Do: types.Fn1(func(n *Node) *Node { return edgeOf(n.attrs, len(n.attrs)-1) }), Doc: "The last attribute, or null."},
		{Sig: "void SetAttributeValue(XName name, object value)", Do: types.Do(setAttributeValue), Doc: "Sets, adds or with null removes an attribute."},
		{Sig: "void SetElementValue(XName name, object value)", Do: types.Do(setElementValue), Doc: "Sets, adds or with null removes a child element."},
		{Sig: "void SetValue(object value)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			if c.Args[0] == nil {
				return nil, types.ArgumentNull("value")
			}
			return nil, c.This.(*Node).setValue(c.Env, xmlText(c.Args[0]))
		}), Doc: "Sets the text inside."},
		{Sig: "void RemoveAll()", Do: types.Fn1(func(n *Node) types.Value {
			n.removeAttributes()
			n.removeNodes()
			return nil
		}), Doc: "Removes attributes and nodes."},
		{Sig: "void RemoveAttributes()", Do: types.Fn1(func(n *Node) types.Value { n.removeAttributes(); return nil }), Doc: "Removes the attributes."},
		{Sig: "IEnumerable<XElement> DescendantsAndSelf()", Do: types.Do(descendantElements(true)), Doc: "Itself and all elements inside."},
		{Sig: "IEnumerable<XElement> DescendantsAndSelf(XName name)", Do: types.Do(descendantElements(true)), Doc: "Itself and all elements inside, by name."},
		{Sig: "IEnumerable<XNode> DescendantNodesAndSelf()", Do: types.Do(func(c *types.Call) (types.Value, error) {
			out, err := allInside(c, c.This.(*Node), true)
			return nodesOf(xNodeT, out), err
		}), Doc: "Itself and all nodes inside."},
		{Sig: "XNamespace GetDefaultNamespace()", Do: types.Fn1(func(n *Node) *XNamespace {
			for p := n; p != nil; p = p.parent {
				if a := p.attribute(&XName{"", "xmlns"}); a != nil {
					return &XNamespace{a.value}
				}
			}
			return &XNamespace{}
		}), Doc: "The namespace names without prefix have."},
		{Sig: "XNamespace GetNamespaceOfPrefix(string prefix)", Do: types.Fn2(func(n *Node, prefix string) *XNamespace {
			for p := n; p != nil; p = p.parent {
				if a := p.attribute(&XName{xmlnsNamespace, prefix}); a != nil {
					return &XNamespace{a.value}
				}
			}
			if prefix == "xml" {
				return &XNamespace{xmlNamespace}
			}
			return nil
		}), Doc: "The namespace of a prefix, or null."},
		{Sig: "string GetPrefixOfNamespace(XNamespace ns)", Do: types.Fn2(func(n *Node, ns *XNamespace) types.Value {
			for p := n; p != nil && ns != nil; p = p.parent {
				for _, a := range p.attrs {
					if a.name.Space == xmlnsNamespace && a.value == ns.uri {
						return a.name.Local
					}
				}
			}
			return nil
		}), Doc: "A prefix of a namespace, or null."},
	}, namedRows("AncestorsAndSelf", "Itself and the elements around it.", func(n *Node) []*Node { return n.around(true) }),
		contentRows("ReplaceAll", "Puts content in the place of attributes and nodes.", func(c *types.Call, n *Node, v ...types.Value) error {
			n.removeAttributes()
			n.removeNodes()
			return n.add(c.Env, v...)
		}),
		contentRows("ReplaceAttributes", "Puts attributes in the place of those there.", func(c *types.Call, n *Node, v ...types.Value) error {
			n.removeAttributes()
			return n.add(c.Env, v...)
		}), xmlCasts("XElement")),
}

// xAttributeDecl is System.Xml.Linq.XAttribute.
var xAttributeDecl = types.Decl{Type: xAttributeT, Base: "XObject", Doc: "An attribute.", Members: concatRows([]types.Member{
	{Sig: "XAttribute(XName name, object value)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		name, _ := c.Args[0].(*XName)
		if name == nil {
			return nil, types.ArgumentNull("name")
		}
		if c.Args[1] == nil {
			return nil, types.ArgumentNull("value")
		}
		return &Node{kind: XAttribute, name: name, value: xmlText(c.Args[1])}, nil
	}), Doc: "Of name and value.", Ex: `new XAttribute("a", 5).ToString() → a="5"`},
	{Sig: "XAttribute(XAttribute other)", Do: types.Do(copyNode), Doc: "A copy."},
	{Sig: "XName Name { get; }", Do: types.Fn1(func(n *Node) *XName { return n.name }), Doc: "The name."},
	valueRow("The value."),
	{Sig: "void SetValue(object value)", Do: types.Fn2E(func(n *Node, v types.Value) (types.Value, error) {
		if v == nil {
			return nil, types.ArgumentNull("value")
		}
		return nil, n.setText(xmlText(v))
	}), Doc: "Sets the value."},
	{Sig: "bool IsNamespaceDeclaration { get; }", Do: types.Fn1(func(n *Node) bool { return n.name.Space == xmlnsNamespace || *n.name == XName{"", "xmlns"} }), Doc: "Whether it declares a namespace."},
	{Sig: "XAttribute NextAttribute { get; }", Do: types.Fn1(func(n *Node) *Node { return n.sibling(1) }), Doc: "The next attribute, or null."},
	{Sig: "XAttribute PreviousAttribute { get; }", Do: types.Fn1(func(n *Node) *Node { return n.sibling(-1) }), Doc: "The previous attribute, or null."},
	{Sig: "void Remove()", Do: types.Fn1E(func(n *Node) (types.Value, error) { return nil, n.remove() }), Doc: "Takes it out of its element."},
}, xmlCasts("XAttribute"))}

func edgeOf(items []*Node, i int) *Node {
	if i < 0 || i >= len(items) {
		return nil
	}
	return items[i]
}

func newElement(c *types.Call) (types.Value, error) {
	name, _ := c.Args[0].(*XName)
	if name == nil {
		return nil, types.ArgumentNull("name")
	}
	n := &Node{kind: XElement, name: name}
	return n, n.add(c.Env, c.Args[1:]...)
}

func parseElement(c *types.Call) (types.Value, error) {
	d, err := parseDocument(c)
	if err != nil {
		return nil, err
	}
	root := d.(*Node).documentRoot()
	return root, root.remove()
}

func setAttributeValue(c *types.Call) (types.Value, error) {
	n := c.This.(*Node)
	name, _ := c.Args[0].(*XName)
	if name == nil {
		return nil, types.ArgumentNull("name")
	}
	a := n.attribute(name)
	switch {
	case c.Args[1] == nil && a == nil:
		return nil, nil
	case c.Args[1] == nil:
		return nil, a.remove()
	case a != nil:
		return nil, a.setText(xmlText(c.Args[1]))
	}
	return nil, n.add(c.Env, &Node{kind: XAttribute, name: name, value: xmlText(c.Args[1])})
}

func setElementValue(c *types.Call) (types.Value, error) {
	n := c.This.(*Node)
	name, _ := c.Args[0].(*XName)
	if name == nil {
		return nil, types.ArgumentNull("name")
	}
	e := n.element(name)
	switch {
	case c.Args[1] == nil && e == nil:
		return nil, nil
	case c.Args[1] == nil:
		return nil, e.remove()
	case e == nil:
		e = &Node{kind: XElement, name: name}
		if err := n.add(c.Env, e); err != nil {
			return nil, err
		}
	}
	return nil, e.setValue(c.Env, xmlText(c.Args[1]))
}

// xmlCasts are the explicit conversions of the text of an element or attribute.
func xmlCasts(name string) []types.Member {
	var out []types.Member
	row := func(to string, f func(env *types.Env, s string) (types.Value, error), nullable bool) {
		out = append(out, types.Member{Sig: "static explicit operator " + to + "(" + name + " value)", Doc: "Its text as that type.", Do: types.Do(func(c *types.Call) (types.Value, error) {
			n, _ := c.Args[0].(*Node)
			if n == nil {
				if nullable {
					return nil, nil
				}
				return nil, types.ArgumentNull(strings.ToLower(name[1:]))
			}
			return f(c.Env, n.text())
		})})
	}
	row("string", func(_ *types.Env, s string) (types.Value, error) { return s, nil }, true)
	for _, t := range []*types.Type{types.Bool, types.Int32, types.UInt32, types.Int64, types.UInt64, types.Single, types.Double, types.Decimal, dateTime, dateTimeOffset, timeSpan, guid} {
		f := func(env *types.Env, s string) (types.Value, error) {
			return xmlValue(env, strings.Trim(s, " \t\r\n"), t)
		}
		row(typeWord(t), f, false)
		row(typeWord(t)+"?", f, true)
	}
	return out
}

// xmlValue reads text as XmlConvert does.
func xmlValue(env *types.Env, s string, t *types.Type) (types.Value, error) {
	switch t {
	case types.Bool:
		switch s {
		case "true", "1", "True":
			return true, nil
		case "false", "0", "False":
			return false, nil
		}
		return nil, types.Throw(types.Format, "The string '"+s+"' is not a valid Boolean value.")
	case dateTime:
		if len(s) >= 19 {
			if d, ok := isoDate(s); ok {
				return d, nil
			}
		}
		return convertDate(env, s)
	case dateTimeOffset:
		return castOffset(env, s)
	case guid:
		return ParseGuid(s)
	case timeSpan:
		return parseDuration(s)
	}
	if t.Kind == types.KindDouble || t.Kind == types.KindSingle {
		s = strings.Replace(s, "INF", "Infinity", 1)
	}
	return convertText(s, t)
}

// parseDuration reads an ISO 8601 duration without years and months.
func parseDuration(s string) (types.Value, error) {
	bad := types.Throw(types.Format, "The string '"+s+"' is not a valid TimeSpan value.")
	rest, neg := strings.CutPrefix(s, "-")
	rest, ok := strings.CutPrefix(rest, "P")
	if !ok || rest == "" {
		return nil, bad
	}
	total, time := 0.0, false
	for rest != "" {
		if rest[0] == 'T' {
			time, rest = true, rest[1:]
			continue
		}
		n := strings.IndexAny(rest, "DHMS")
		if n <= 0 {
			return nil, bad
		}
		f, err := parseDouble(rest[:n])
		unit := map[byte]float64{'D': ticksPerDay, 'H': ticksPerHour, 'M': ticksPerMinute, 'S': ticksPerSecond}[rest[n]]
		if err != nil || rest[n] != 'D' && !time {
			return nil, bad
		}
		total += f * unit
		rest = rest[n+1:]
	}
	if neg {
		total = -total
	}
	return TimeSpan(total), nil
}
