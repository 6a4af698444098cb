package lib

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

func keys(t *testing.T, h *hashTable) string {
	t.Helper()
	out := ""
	e := h.walk(func(e tableEntry) types.Value { return e.key })
	for {
		v, ok, err := e.Next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return out
		}
		out += types.ToString(v)
	}
}

func TestTheNextKeyTakesThePlaceOfARemovedOne(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	h := newTable(nil)
	for _, k := range []string{"a", "b", "c"} {
		if err := h.add(env, k, nil); err != nil {
			t.Fatal(err)
		}
	}
	h.remove("b")
	if got := keys(t, h); got != "ac" {
		t.Errorf("after removing b: %s", got)
	}
	if err := h.add(env, "d", nil); err != nil {
		t.Fatal(err)
	}
	if got := keys(t, h); got != "adc" {
		t.Errorf("after adding d: got %s, want adc", got)
	}
}

func TestKeysWithAnEqualityOfTheirOwn(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	h := newTable(nil)
	x, _ := parseDecimal("1.0")
	y, _ := parseDecimal("1.00")
	for _, k := range []types.Value{x, &types.Tuple{Items: []types.Value{int32(1), "a"}}, 1.5} {
		if err := h.add(env, k, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range []types.Value{y, &types.Tuple{Items: []types.Value{int32(1), "a"}}, 1.5} {
		if _, ok := h.find(k); !ok {
			t.Errorf("%v is not found", k)
		}
		if !h.remove(k) {
			t.Errorf("%v cannot be removed", k)
		}
	}
	if h.len() != 0 {
		t.Errorf("%d keys are left", h.len())
	}
}

func TestIgnoringCaseFoldsKeys(t *testing.T) {
	t.Parallel()
	h := newTable(comparers[5])
	if err := h.add(testEnv(t), "Key", int32(1)); err != nil {
		t.Fatal(err)
	}
	if _, ok := h.find("KEY"); !ok {
		t.Error("KEY must find Key")
	}
}

func TestChangingACollectionStopsItsEnumeration(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	l := NewList(types.Int32, []types.Value{int32(1), int32(2)})
	e := l.Enumerate(env)
	if _, _, err := e.Next(); err != nil {
		t.Fatal(err)
	}
	if err := l.insert(env, 0, int32(0)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.Next(); thrown(err) != "InvalidOperationException" {
		t.Errorf("got %v, want InvalidOperationException", err)
	}
}

func TestSortingIsStableAndReportsErrors(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	items := []types.Value{"b", "A", "a", "B"}
	if err := sortValues(env, items, order(comparers[5])); err != nil {
		t.Fatal(err)
	}
	if got := list(&types.Array{Items: items}); got != "A|a|b|B" {
		t.Errorf("without regard to case: got %s, want A|a|b|B", got)
	}
	if err := sortValues(env, []types.Value{"a", int32(1)}, types.Compare); thrown(err) != "ArgumentException" {
		t.Errorf("a string with a number: %v", err)
	}
}
