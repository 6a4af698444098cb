package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	xNodeEquality = types.Class("System.Xml.Linq.XNodeEqualityComparer")
	xNodeOrder    = types.Class("System.Xml.Linq.XNodeDocumentOrderComparer")
)

type (
	nodeEquality struct{ _ byte }
	nodeOrder    struct{ _ byte }
)

// NetType implements types.Typed.
func (*nodeEquality) NetType() *types.Type { return xNodeEquality }

// NetType implements types.Typed.
func (*nodeOrder) NetType() *types.Type { return xNodeOrder }

var (
	xNodeEqualityDecl = types.Decl{Type: xNodeEquality, Doc: "Whether nodes contain the same.", Members: []types.Member{
		{Sig: "XNodeEqualityComparer()", Do: types.Do(func(*types.Call) (types.Value, error) { return &nodeEquality{}, nil }), Doc: "A comparer."},
		{Sig: "bool Equals(XNode x, XNode y)", Do: types.Fn3(func(_ *nodeEquality, x, y *Node) bool { return deepEqual(x, y) }), Doc: "Whether both contain the same."},
		{Sig: "int GetHashCode(XNode obj)", Do: types.Fn2(func(_ *nodeEquality, n *Node) int32 { return types.Hash(n.XML(false)) }), Doc: "A number equal for equal nodes."},
	}}
	xNodeOrderDecl = types.Decl{Type: xNodeOrder, Doc: "The order of nodes in a document.", Members: []types.Member{
		{Sig: "XNodeDocumentOrderComparer()", Do: types.Do(func(*types.Call) (types.Value, error) { return &nodeOrder{}, nil }), Doc: "A comparer."},
		{Sig: "int Compare(XNode x, XNode y)", Do: types.Fn3E(func(_ *nodeOrder, x, y *Node) (int32, error) { n, err := documentOrder(x, y); return int32(n), err }), Doc: "The order in the document."},
	}}
)

// xmlExtensionsDecl is System.Xml.Linq.Extensions.
var xmlExtensionsDecl = types.Decl{Type: types.StaticClass("System.Xml.Linq.Extensions"), Doc: "Queries over sequences of nodes.", Members: concatRows(
	manyRows("Elements", "The child elements of all.", func(n *Node) []*Node { return n.nodes }),
	manyRows("Descendants", "The elements inside all.", func(n *Node) []*Node { return n.descendants(nil) }),
	manyRows("DescendantsAndSelf", "All and the elements inside them.", func(n *Node) []*Node { return n.descendants([]*Node{n}) }),
	manyRows("Ancestors", "The elements around all.", func(n *Node) []*Node { return n.around(false) }),
	manyRows("AncestorsAndSelf", "All and the elements around them.", func(n *Node) []*Node { return n.around(true) }),
	[]types.Member{
		{Sig: "static IEnumerable<XNode> Nodes<T>(this IEnumerable<T> source)", Do: types.Do(eachNode(xNodeT, func(n *Node) []*Node { return n.nodes })), Doc: "The nodes inside all, one level deep."},
		{Sig: "static IEnumerable<XNode> DescendantNodes<T>(this IEnumerable<T> source)", Do: types.Do(eachNode(xNodeT, func(n *Node) []*Node { return n.descendants(nil) })), Doc: "The nodes inside all."},
		{Sig: "static IEnumerable<XAttribute> Attributes(this IEnumerable<XElement> source)", Do: types.Do(eachNode(xAttributeT, func(n *Node) []*Node { return n.attrs })), Doc: "The attributes of all."},
		{Sig: "static IEnumerable<XAttribute> Attributes(this IEnumerable<XElement> source, XName name)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			name, _ := c.Args[1].(*XName)
			return eachNode(xAttributeT, func(n *Node) []*Node {
				if a := n.attribute(name); a != nil {
					return []*Node{a}
				}
				return nil
			})(c)
		}), Doc: "The attributes of a name of all."},
		{Sig: "static IEnumerable<T> InDocumentOrder<T>(this IEnumerable<T> source)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			items, err := collect(c.Env, c.Args[0])
			if err != nil {
				return nil, err
			}
			err = sortValues(c.Env, items, func(a, b types.Value) (int, error) { return documentOrder(a.(*Node), b.(*Node)) })
			return &types.Array{Elem: c.Types[0], Items: items}, err
		}), Doc: "The nodes in document order."},
		{Sig: "static void Remove<T>(this IEnumerable<T> source)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			items, err := collect(c.Env, c.Args[0])
			if err != nil {
				return nil, err
			}
			for _, v := range items {
				if n, ok := v.(*Node); ok && n.parent != nil {
					if err := n.remove(); err != nil {
						return nil, err
					}
				}
			}
			return nil, nil
		}), Doc: "Takes all out of their parents."},
	})}

func eachNode(elem *types.Type, f func(n *Node) []*Node) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		items, err := collect(c.Env, c.Args[0])
		if err != nil {
			return nil, err
		}
		out := &Nodes{elem: elem}
		for _, v := range items {
			n, ok := v.(*Node)
			if !ok {
				continue
			}
			more := f(n)
			if err := firstError(c.Env.Step(int64(len(more)+1)), c.Env.Charge(8*len(more))); err != nil {
				return nil, err
			}
			out.items = append(out.items, more...)
		}
		return out, nil
	}
}

// manyRows are a method that gives elements of many nodes, without and with a
// name.
func manyRows(name, doc string, f func(n *Node) []*Node) []types.Member {
	do := types.Do(func(c *types.Call) (types.Value, error) {
		all, err := eachNode(xElementT, f)(c)
		if err != nil {
			return nil, err
		}
		return named(all.(*Nodes).items, c, 1), nil
	})
	return []types.Member{
		{Sig: "static IEnumerable<XElement> " + name + "<T>(this IEnumerable<T> source)", Do: do, Doc: doc},
		{Sig: "static IEnumerable<XElement> " + name + "<T>(this IEnumerable<T> source, XName name)", Do: do, Doc: doc},
	}
}
