package lib

import (
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// tupleTypes are System.Tuple<T1> to Tuple<T1, …, T7>.
var tupleTypes = func() []*types.Type {
	out := []*types.Type{nil}
	for n := 1; n <= 7; n++ {
		out = append(out, types.Class("System.Tuple<"+strings.Join(tupleParams(n), ", ")+">"))
	}
	return out
}()

func tupleParams(n int) []string {
	var out []string
	for i := 1; i <= n; i++ {
		out = append(out, "T"+strconv.Itoa(i))
	}
	return out
}

// ClassicTuple is a System.Tuple, the reference type; C# 7 tuples are values of
// types.Tuple.
type ClassicTuple struct {
	args  []*types.Type
	items []types.Value
}

// NetType implements types.Typed.
func (t *ClassicTuple) NetType() *types.Type { return tupleTypes[len(t.items)].Of(t.args...) }

// NetString implements types.Text.
func (t *ClassicTuple) NetString() string { return t.value().NetString() }

// NetEquals implements types.Equatable: item by item.
func (t *ClassicTuple) NetEquals(other types.Value) bool {
	u, ok := other.(*ClassicTuple)
	return ok && t.value().NetEquals(u.value())
}

// NetHash implements types.Equatable.
func (t *ClassicTuple) NetHash() int32 { return t.value().NetHash() }

// NetCompare implements types.Ordered: by the first items that differ.
func (t *ClassicTuple) NetCompare(other types.Value) (int, error) {
	u, ok := other.(*ClassicTuple)
	if !ok {
		return 0, types.Argument("other", "Argument must be of the same tuple type.")
	}
	return t.value().NetCompare(u.value())
}

func (t *ClassicTuple) value() *types.Tuple { return &types.Tuple{Items: t.items} }

// tupleDecls declares the tuple classes and the factory.
func tupleDecls() []types.Decl {
	factory := types.Decl{Type: types.StaticClass("System.Tuple"), Doc: "Makes tuples."}
	out := []types.Decl{}
	for n := 1; n <= 7; n++ {
		params := tupleParams(n)
		fields := make([]string, n)
		for i, p := range params {
			fields[i] = p + " item" + strconv.Itoa(i+1)
		}
		args := strings.Join(fields, ", ")
		d := types.Decl{Type: tupleTypes[n], Doc: "A fixed number of values.", Members: []types.Member{{
			Sig: "Tuple(" + args + ")", Doc: "Of its items.",
			Do: types.Do(func(c *types.Call) (types.Value, error) { return &ClassicTuple{c.Owner.Args, c.Args}, nil }),
		}}}
		for i, p := range params {
			d.Members = append(d.Members, types.Member{
				Sig: p + " Item" + strconv.Itoa(i+1) + " { get; }", Doc: "One of its items.",
				Do: types.Fn1(func(t *ClassicTuple) types.Value { return t.items[i] }),
			})
		}
		out = append(out, d)
		name := "Tuple<" + strings.Join(params, ", ") + ">"
		factory.Members = append(factory.Members, types.Member{
			Sig: "static " + name + " Create<" + strings.Join(params, ", ") + ">(" + args + ")", Doc: "A tuple of the items.",
			Do: types.Do(func(c *types.Call) (types.Value, error) { return &ClassicTuple{c.Types, c.Args}, nil }),
		})
	}
	factory.Members[2].Ex = `Tuple.Create("a", 1, true).Item3 → True`
	return append(out, factory)
}
