package lib

import (
	"errors"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// query runs a row of Enumerable on int items.
func query(env *types.Env, f func(*types.Call) (types.Value, error), args ...types.Value) (types.Value, error) {
	c := &types.Call{Env: env, Args: args, Types: []*types.Type{types.Int32, types.Int32, types.Int32}, Method: &types.Method{Name: "Q"}}
	for range args {
		c.Method.Params = append(c.Method.Params, types.Param{Name: "p", Type: types.Object})
	}
	return f(c)
}

func ints(n ...int32) *types.Array {
	a := &types.Array{Elem: types.Int32}
	for _, i := range n {
		a.Items = append(a.Items, i)
	}
	return a
}

func intFunc(f func(n int32) (types.Value, error)) *types.Func {
	return lambdaOf(func(args ...types.Value) (types.Value, error) { return f(args[0].(int32)) }, types.FuncOf([]*types.Type{types.Int32}, types.Int32))
}

func TestQueriesAreLazy(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	calls := 0
	seq, err := query(env, selectItems, ints(1, 2, 3), intFunc(func(n int32) (types.Value, error) { calls++; return n * 10, nil }))
	if err != nil || calls != 0 {
		t.Fatalf("Select called its lambda %d times before it was walked (%v)", calls, err)
	}
	first, err := query(env, take, seq, int32(1))
	if err != nil {
		t.Fatal(err)
	}
	items, err := collect(env, first)
	if err != nil || len(items) != 1 || calls != 1 {
		t.Errorf("the first of three: %v, %d calls, %v", items, calls, err)
	}
	if items, err = collect(env, seq); err != nil || len(items) != 3 {
		t.Errorf("a sequence can be walked again: %v %v", items, err)
	}
}

func TestErrorsOfLambdasComeThroughUnchanged(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	boom := types.Throw(types.DivideByZero, "boom")
	fail := intFunc(func(int32) (types.Value, error) { return nil, boom })
	for name, f := range map[string]func(*types.Call) (types.Value, error){
		"Where": where, "Select": selectItems, "TakeWhile": takeWhile, "SkipWhile": skipWhile, "Any": anyItem, "All": allItems, "Count": countItems32,
		"OrderBy": func(c *types.Call) (types.Value, error) { return orderBy(c, false) }, "GroupBy": groupBy(false, false), "ToDictionary": toDictionary(false),
	} {
		v, err := query(env, f, ints(1, 2), fail)
		if err == nil {
			_, err = collect(env, v)
		}
		if !errors.Is(err, boom) {
			t.Errorf("%s: got %v, want the lambda's own exception", name, err)
		}
	}
}

func TestANullSourceIsAnArgumentNullException(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	pass := intFunc(func(int32) (types.Value, error) { return true, nil })
	for name, f := range map[string]func(*types.Call) (types.Value, error){
		"Where": where, "Select": selectItems, "Any": anyItem, "All": allItems, "GroupBy": groupBy(false, false), "Concat": concatSequences, "Count": countItems32,
	} {
		if _, err := query(env, f, nil, pass); thrown(err) != "ArgumentNullException" {
			t.Errorf("%s of null: got %v", name, err)
		}
	}
}

func TestSumsOverflowAndEmptySequences(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	for _, c := range []struct {
		name  string
		f     func(c *types.Call, items []types.Value) (types.Value, error)
		items []types.Value
		want  string
	}{
		{"the sum of ints", sumOf(types.Int32), []types.Value{int32(1<<31 - 1), int32(1)}, "! OverflowException"},
		{"the sum of longs", sumOf(types.Int64), []types.Value{int64(1<<63 - 1), int64(1)}, "! OverflowException"},
		{"the sum of nothing", sumOf(types.Int32), nil, "0"},
		{"the mean of nothing", averageOf(types.Int32, types.Double, false), nil, "! InvalidOperationException"},
		{"the mean of no nullables", averageOf(types.Int32, types.Double, true), nil, ""},
		{"the mean of ints", averageOf(types.Int32, types.Double, false), []types.Value{int32(1), int32(2)}, "1.5"},
		{"the largest of nothing", extreme(1, false), nil, "! InvalidOperationException"},
		{"the largest", extreme(1, false), []types.Value{int32(1), int32(7), int32(3)}, "7"},
		{"the smallest", extreme(-1, false), []types.Value{int32(4), int32(1)}, "1"},
	} {
		if got := outcome(c.f(&types.Call{Env: env}, c.items)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
