package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

func nodesOf(elem *types.Type, items []*Node) *Nodes {
	return &Nodes{elem, append([]*Node{}, items...)}
}

// xObjectDecl, xNodeDecl and xContainerDecl are the abstract bases.
var (
	xObjectDecl = types.Decl{Type: xObjectT, Doc: "Anything of an XML tree.", Members: []types.Member{
		{Sig: "XmlNodeType NodeType { get; }", Do: types.Fn1(func(n *Node) types.Enum { return types.Enum{Type: xmlNodeType, N: int64(n.kind)} }), Doc: "What it is."},
		{Sig: "XElement Parent { get; }", Do: types.Fn1(func(n *Node) *Node {
			if n.parent != nil && n.parent.kind == XElement {
				return n.parent
			}
			return nil
		}), Doc: "The element around it, or null."},
		{Sig: "XDocument Document { get; }", Do: types.Fn1(func(n *Node) *Node {
			if r := n.root(); r.kind == XDocument {
				return r
			}
			return nil
		}), Doc: "The document it belongs to, or null."},
		{Sig: "string BaseUri { get; }", Do: types.Fn1(func(*Node) string { return "" }), Doc: "Always empty."},
	}}
	xNodeDecl = types.Decl{Type: xNodeT, Base: "XObject", Doc: "A node of an XML tree.", Denied: []string{"CreateReader", "WriteTo", "ReadFrom"}, Members: concatRows([]types.Member{
		{Sig: "string ToString()", Do: types.Do(nodeText), Doc: "Indented XML.", Ex: `XElement.Parse("<a><b/></a>").ToString().Length → 16`},
		{Sig: "string ToString(SaveOptions options)", Do: types.Do(nodeText), Doc: "XML, perhaps without added white space.", Ex: `XElement.Parse("<a> <b/> </a>").ToString(SaveOptions.DisableFormatting) → <a><b /></a>`},
		{Sig: "XNode NextNode { get; }", Do: types.Fn1(func(n *Node) *Node { return n.sibling(1) }), Doc: "The next sibling, or null."},
		{Sig: "XNode PreviousNode { get; }", Do: types.Fn1(func(n *Node) *Node { return n.sibling(-1) }), Doc: "The previous sibling, or null."},
		{Sig: "void Remove()", Do: types.Fn1E(func(n *Node) (types.Value, error) { return nil, n.remove() }), Doc: "Takes it out of its parent."},
		{Sig: "IEnumerable<XNode> NodesAfterSelf()", Do: types.Fn1(func(n *Node) *Nodes { return nodesOf(xNodeT, n.after()) }), Doc: "The siblings after it."},
		{Sig: "IEnumerable<XNode> NodesBeforeSelf()", Do: types.Fn1(func(n *Node) *Nodes { return nodesOf(xNodeT, n.before()) }), Doc: "The siblings before it."},
		{Sig: "bool IsAfter(XNode node)", Do: types.Fn2E(func(n, m *Node) (bool, error) { o, err := documentOrder(n, m); return o > 0, err }), Doc: "Whether it comes after the other."},
		{Sig: "bool IsBefore(XNode node)", Do: types.Fn2E(func(n, m *Node) (bool, error) { o, err := documentOrder(n, m); return o < 0, err }), Doc: "Whether it comes before the other."},
		{Sig: "static bool DeepEquals(XNode n1, XNode n2)", Do: types.Fn2(deepEqual), Doc: "Whether both contain the same.", Ex: `XNode.DeepEquals(XElement.Parse("<a/>"), XElement.Parse("<a></a>")) → False`},
		{Sig: "static int CompareDocumentOrder(XNode n1, XNode n2)", Do: types.Fn2E(func(n, m *Node) (int32, error) { o, err := documentOrder(n, m); return int32(o), err }), Doc: "The order in the document."},
	}, namedRows("ElementsAfterSelf", "The elements after it.", (*Node).after),
		namedRows("ElementsBeforeSelf", "The elements before it.", (*Node).before),
		namedRows("Ancestors", "The elements around it, innermost first.", func(n *Node) []*Node { return n.around(false) }),
		contentRows("AddAfterSelf", "Adds content after it.", func(c *types.Call, n *Node, v ...types.Value) error { return n.addBeside(c.Env, 1, v...) }),
		contentRows("AddBeforeSelf", "Adds content before it.", func(c *types.Call, n *Node, v ...types.Value) error { return n.addBeside(c.Env, 0, v...) }),
		contentRows("ReplaceWith", "Puts content in its place.", func(c *types.Call, n *Node, v ...types.Value) error {
			if err := n.addBeside(c.Env, 1, v...); err != nil {
				return err
			}
			return n.remove()
		}))}
	xContainerDecl = types.Decl{Type: xContainerT, Base: "XNode", Doc: "A node with nodes inside.", Members: concatRows([]types.Member{
		{Sig: "XElement Element(XName name)", Do: types.Fn2((*Node).element), Doc: "The first child element of a name, or null."},
		{Sig: "XNode FirstNode { get; }", Do: types.Fn1(func(n *Node) *Node { return n.edge(0) }), Doc: "The first node, or null."},
		{Sig: "XNode LastNode { get; }", Do: types.Fn1(func(n *Node) *Node { return n.edge(len(n.nodes) - 1) }), Doc: "The last node, or null."},
		{Sig: "IEnumerable<XNode> Nodes()", Do: types.Fn1(func(n *Node) *Nodes { return nodesOf(xNodeT, n.nodes) }), Doc: "The nodes inside, one level deep."},
		{Sig: "IEnumerable<XNode> DescendantNodes()", Do: types.Do(func(c *types.Call) (types.Value, error) {
			out, err := allInside(c, c.This.(*Node), false)
			return nodesOf(xNodeT, out), err
		}), Doc: "All nodes inside in document order."},
		{Sig: "void RemoveNodes()", Do: types.Fn1(func(n *Node) types.Value { n.removeNodes(); return nil }), Doc: "Removes the nodes inside."},
	}, namedRows("Elements", "The child elements.", func(n *Node) []*Node { return n.nodes }),
		[]types.Member{
			{Sig: "IEnumerable<XElement> Descendants()", Do: types.Do(descendantElements(false)), Doc: "All elements inside in document order."},
			{Sig: "IEnumerable<XElement> Descendants(XName name)", Do: types.Do(descendantElements(false)), Doc: "All elements of a name inside.", Ex: `XElement.Parse("<a><b><c/></b></a>").Descendants("c").Count() → 1`},
		},
		contentRows("Add", "Adds content at the end.", func(c *types.Call, n *Node, v ...types.Value) error { return n.add(c.Env, v...) }),
		contentRows("AddFirst", "Adds content in front.", func(c *types.Call, n *Node, v ...types.Value) error {
			at := 0
			for _, x := range v {
				var err error
				if at, err = n.insert(c.Env, at, x); err != nil {
					return err
				}
			}
			return nil
		}),
		contentRows("ReplaceNodes", "Puts content in the place of the nodes inside.", func(c *types.Call, n *Node, v ...types.Value) error {
			n.removeNodes()
			return n.add(c.Env, v...)
		}))}
)

func nodeText(c *types.Call) (types.Value, error) {
	s := c.This.(*Node).XML(len(c.Args) == 0 || c.Args[0].(types.Enum).N&1 == 0)
	return s, c.Env.Charge(len(s))
}

func (n *Node) after() []*Node {
	if i := n.index(); i >= 0 {
		return n.parent.nodes[i+1:]
	}
	return nil
}

func (n *Node) before() []*Node {
	if i := n.index(); i >= 0 {
		return n.parent.nodes[:i]
	}
	return nil
}

// around lists the elements around n, innermost first.
func (n *Node) around(self bool) []*Node {
	var out []*Node
	if !self {
		n = n.parent
	}
	for ; n != nil; n = n.parent {
		out = append(out, n)
	}
	return out
}

func (n *Node) edge(i int) *Node {
	if i < 0 || i >= len(n.nodes) {
		return nil
	}
	return n.nodes[i]
}

func allInside(c *types.Call, n *Node, self bool) ([]*Node, error) {
	count := n.count()
	if err := firstError(c.Env.Step(int64(count)), c.Env.Charge(8*count)); err != nil {
		return nil, err
	}
	var out []*Node
	if self {
		out = append(out, n)
	}
	return n.descendants(out), nil
}

func descendantElements(self bool) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		out, err := allInside(c, c.This.(*Node), self)
		return named(out, c, 0), err
	}
}

// namedRows are a method that gives elements, without and with a name.
func namedRows(name, doc string, of func(n *Node) []*Node) []types.Member {
	do := types.Do(func(c *types.Call) (types.Value, error) { return named(of(c.This.(*Node)), c, 0), nil })
	return []types.Member{
		{Sig: "IEnumerable<XElement> " + name + "()", Do: do, Doc: doc},
		{Sig: "IEnumerable<XElement> " + name + "(XName name)", Do: do, Doc: doc},
	}
}

// contentRows are a method that takes content, single or many.
func contentRows(name, doc string, do func(c *types.Call, n *Node, v ...types.Value) error) []types.Member {
	return []types.Member{
		{Sig: "void " + name + "(object content)", Doc: doc, Do: types.Do(func(c *types.Call) (types.Value, error) {
			return nil, do(c, c.This.(*Node), c.Args...)
		})},
		{Sig: "void " + name + "(params object[] content)", Doc: doc, Do: types.Do(func(c *types.Call) (types.Value, error) {
			items, _ := itemsOf(c.Args[0])
			return nil, do(c, c.This.(*Node), items...)
		})},
	}
}

// The remaining nodes.
var (
	xTextDecl = types.Decl{Type: xTextT, Base: "XNode", Doc: "Text.", Members: []types.Member{
		{Sig: "XText(string value)", Do: types.Fn1(func(s string) *Node { return &Node{kind: XText, value: s} }), Doc: "Of a text.", Ex: `new XText("a&b").ToString() → a&amp;b`},
		{Sig: "XText(XText other)", Do: types.Do(copyNode), Doc: "A copy."},
		valueRow("The text."),
	}}
	xCDataDecl = types.Decl{Type: xCDataT, Base: "XText", Doc: "A CDATA section.", Members: []types.Member{
		{Sig: "XCData(string value)", Do: types.Fn1(func(s string) *Node { return &Node{kind: XCData, value: s} }), Doc: "Of a text.", Ex: `new XCData("<").ToString() → <![CDATA[<]]>`},
		{Sig: "XCData(XCData other)", Do: types.Do(copyNode), Doc: "A copy."},
	}}
	xCommentDecl = types.Decl{Type: xCommentT, Base: "XNode", Doc: "A comment.", Members: []types.Member{
		{Sig: "XComment(string value)", Do: types.Fn1(func(s string) *Node { return &Node{kind: XComment, value: s} }), Doc: "Of a text.", Ex: `new XComment("c").ToString() → <!--c-->`},
		{Sig: "XComment(XComment other)", Do: types.Do(copyNode), Doc: "A copy."},
		valueRow("The text."),
	}}
	xInstructionDecl = types.Decl{Type: xInstructionT, Base: "XNode", Doc: "A processing instruction.", Members: []types.Member{
		{Sig: "XProcessingInstruction(string target, string data)", Do: types.Fn2(func(t, d string) *Node { return &Node{kind: XInstruction, target: t, value: d} }), Doc: "Of target and data.", Ex: `new XProcessingInstruction("t", "d").ToString() → <?t d?>`},
		{Sig: "XProcessingInstruction(XProcessingInstruction other)", Do: types.Do(copyNode), Doc: "A copy."},
		{Sig: "string Target { get; set; }", Do: types.Fn1(func(n *Node) string { return n.target }), Set: types.Fn2(func(n *Node, s string) types.Value { n.target = s; return nil }), Doc: "The target."},
		{Sig: "string Data { get; set; }", Do: types.Fn1(func(n *Node) string { return n.value }), Set: types.Fn2(func(n *Node, s string) types.Value { n.value = s; return nil }), Doc: "The data."},
	}}
	xDocumentTypeDecl = types.Decl{Type: xDocumentTypeT, Base: "XNode", Doc: "A document type.", Members: []types.Member{
		{Sig: "XDocumentType(string name, string publicId, string systemId, string internalSubset)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return &Node{kind: XDocumentType, target: types.ToString(c.Args[0]), ids: [2]string{types.ToString(c.Args[1]), types.ToString(c.Args[2])}, value: types.ToString(c.Args[3])}, nil
		}), Doc: "Of its parts."},
		{Sig: "string Name { get; }", Do: types.Fn1(func(n *Node) string { return n.target }), Doc: "The name."},
		{Sig: "string PublicId { get; }", Do: types.Fn1(func(n *Node) types.Value { return textOrNull(n.ids[0]) }), Doc: "The public identifier, or null."},
		{Sig: "string SystemId { get; }", Do: types.Fn1(func(n *Node) types.Value { return textOrNull(n.ids[1]) }), Doc: "The system identifier, or null."},
		{Sig: "string InternalSubset { get; }", Do: types.Fn1(func(n *Node) string { return n.value }), Doc: "The declarations inside."},
	}}
)

func textOrNull(s string) types.Value {
	if s == "" {
		return nil
	}
	return s
}

func valueRow(doc string) types.Member {
	return types.Member{Sig: "string Value { get; set; }", Do: types.Fn1(func(n *Node) string { return n.value }), Set: types.Fn2E(func(n *Node, s string) (types.Value, error) { return nil, n.setText(s) }), Doc: doc}
}
