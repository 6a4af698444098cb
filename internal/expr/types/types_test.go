package types_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	animal = types.Class("Zoo.Animal")
	cat    = types.Class("Zoo.Cat")
	box    = types.Class("Zoo.Box<T>")
)

func zoo(t *testing.T, extra ...types.Decl) *types.Library {
	t.Helper()
	decls := append([]types.Decl{
		{Type: types.IEnumerableOf},
		{Type: types.IReadOnlyDictionary, Interfaces: []string{"IEnumerable<KeyValuePair<TKey, TValue>>"}},
		{Type: animal, Members: []types.Member{
			{Sig: "static explicit operator int(Zoo.Animal a)", Do: types.Fn1(func(types.Value) int32 { return 1 })},
			{Sig: "static implicit operator Zoo.Animal(string name)", Do: types.Fn1(func(string) types.Value { return nil })},
		}},
		{Type: cat, Base: "Zoo.Animal"},
		{Type: box, Interfaces: []string{"IEnumerable<T>"}, Members: []types.Member{
			{Sig: "T Open()", Do: types.Do(nil)},
			{Sig: "Zoo.Box<U> Into<U>(Func<T, U> f, params T[] more)", Do: types.Do(nil)},
		}},
	}, extra...)
	l, err := types.NewLibrary(nil, decls...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestImplicitConversions(t *testing.T) {
	t.Parallel()
	l := zoo(t)
	for _, test := range []struct {
		from, to string
		want     types.Conversion
	}{
		{"int", "int", types.Identity},
		{"int", "long", types.Numeric},
		{"long", "int", types.NoConversion},
		{"char", "int", types.Numeric},
		{"int", "char", types.NoConversion},
		{"ulong", "double", types.Numeric},
		{"int", "int?", types.Lift},
		{"int", "long?", types.Lift},
		{"int?", "int", types.NoConversion},
		{"int?", "object", types.Box},
		{"string", "object", types.Reference},
		{"string", "IEnumerable<char>", types.Reference},
		{"string[]", "object[]", types.Reference},
		{"int[]", "object[]", types.NoConversion},
		{"string[]", "IEnumerable<object>", types.Reference},
		{"int[]", "IEnumerable<object>", types.NoConversion},
		{"IEnumerable<string>", "IEnumerable<object>", types.Reference},
		{"Func<object, string>", "Func<string, object>", types.Reference},
		{"Zoo.Cat", "Zoo.Animal", types.Reference},
		{"Zoo.Animal", "Zoo.Cat", types.NoConversion},
		{"Zoo.Box<Zoo.Cat>", "Zoo.Box<Zoo.Animal>", types.NoConversion},
		{"Zoo.Box<Zoo.Cat>", "IEnumerable<Zoo.Animal>", types.Reference},
		{"string", "Zoo.Animal", types.User},
		{"string", "Zoo.Cat", types.NoConversion},
	} {
		from, err := l.Parse(test.from, nil)
		if err != nil {
			t.Fatal(err)
		}
		to, err := l.Parse(test.to, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := l.Implicit(from, to); got != test.want {
			t.Errorf("%s to %s: conversion %d, want %d", test.from, test.to, got, test.want)
		}
	}
}

func TestMembersOfAnInstanceHaveItsTypes(t *testing.T) {
	t.Parallel()
	l := zoo(t)
	typ, err := l.Parse("Zoo.Box<string>", nil)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, m := range append(l.Members(typ, "Open"), l.Members(typ, "Into")...) {
		got += m.Result.String() + " " + m.String() + "\n"
	}
	want := "string Box<string>.Open()\nBox<U> Box<string>.Into<U>(Func<string, U>, params string[])\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTablesReportWhatIsWrong(t *testing.T) {
	t.Parallel()
	dog := types.Class("Zoo.Dog")
	for want, m := range map[string]types.Member{
		`the type "Leash" with 0 arguments is not declared`: {Sig: "void Walk(Leash leash)"},
		`expected "{"`: {Sig: "int Legs"},
		"value 2 is int in the signature and int64 in Go":  {Sig: "bool Has(int legs)", Do: types.Fn2(func(types.Value, int64) bool { return true })},
		"the Go function takes 1 values, the signature 2":  {Sig: "bool Has(int legs)", Do: types.Fn1(func(types.Value) bool { return true })},
		"the result is string in the signature and int32":  {Sig: "string Name { get; }", Do: types.Fn1(func(types.Value) int32 { return 0 })},
		"is an out or ref argument, which is a *types.Ref": {Sig: "static bool Try(out int n)", Do: types.Fn1(func(int32) bool { return true })},
	} {
		_, err := types.NewLibrary(nil, types.Decl{Type: dog, Members: []types.Member{m}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", m.Sig, err, want)
		}
	}
}

func TestALibraryDoesNotChangeItsBase(t *testing.T) {
	t.Parallel()
	base := zoo(t)
	ext := types.StaticClass("Zoo.Extensions")
	_, err := types.NewLibrary(base, types.Decl{Type: ext, Members: []types.Member{{Sig: "static int Count(this Zoo.Animal a)", Do: types.Fn1(func(types.Value) int32 { return 0 })}}})
	if err != nil {
		t.Fatal(err)
	}
	if base.Lookup("Zoo.Extensions", 0) != nil || len(base.Extensions("Count")) != 0 {
		t.Error("the base library knows what was declared on top of it")
	}
}

func TestStringsCountCodeUnits(t *testing.T) {
	t.Parallel()
	s := "a😀é"
	if got := types.Len(s); got != 4 {
		t.Errorf("length %d, want 4", got)
	}
	high, low := types.Sub(s, 1, 1), types.Sub(s, 2, 1)
	if got := types.Concat(high, low); got != "😀" {
		t.Errorf("the halves join to %q", got)
	}
	if types.Len(high) != 1 || types.FromUnits(types.Units(high)) != high {
		t.Errorf("half of a pair is not kept: %q", high)
	}
	if c, ok := types.At(s, 3); !ok || c != 'é' {
		t.Errorf("the last unit is %q", rune(c))
	}
	if _, ok := types.At(s, 4); ok {
		t.Error("there is no unit behind the end")
	}
}

func TestTextOrder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"a", "A", -1}, {"A", "b", -1}, {"a", "B", -1}, {"abc", "abd", -1}, {"ab", "abc", -1}, {"1", "a", -1}, {"_", "1", -1}, {"e", "é", -1}, {"é", "f", -1}, {"x", "x", 0},
	} {
		if got := types.CompareText(test.a, test.b, false); got != test.want {
			t.Errorf("%q to %q: %d, want %d", test.a, test.b, got, test.want)
		}
		if got := types.CompareText(test.b, test.a, false); got != -test.want {
			t.Errorf("%q to %q: %d, want %d", test.b, test.a, got, -test.want)
		}
	}
	if types.CompareText("ABC", "abc", true) != 0 {
		t.Error("case counts although it should not")
	}
}

func TestArithmeticFollowsTheWidthOfItsType(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		op      string
		kind    types.Kind
		a, b    types.Value
		checked bool
		want    any
	}{
		{"+", types.KindInt32, int32(math.MaxInt32), int32(1), false, int32(math.MinInt32)},
		{"+", types.KindInt32, int32(math.MaxInt32), int32(1), true, types.Overflow},
		{"*", types.KindInt64, int64(math.MaxInt64), int64(2), true, types.Overflow},
		{"-", types.KindUInt32, uint32(0), uint32(1), false, uint32(math.MaxUint32)},
		{"-", types.KindUInt64, uint64(0), uint64(1), true, types.Overflow},
		{"/", types.KindInt32, int32(-7), int32(2), false, int32(-3)},
		{"%", types.KindInt32, int32(-7), int32(2), false, int32(-1)},
		{"/", types.KindInt32, int32(1), int32(0), false, types.DivideByZero},
		{"/", types.KindInt32, int32(math.MinInt32), int32(-1), false, types.Overflow},
		{"<<", types.KindInt32, int32(1), int32(33), false, int32(2)},
		{">>", types.KindUInt32, uint32(0x80000000), int32(31), false, uint32(1)},
		{">", types.KindUInt64, uint64(math.MaxUint64), uint64(1), false, true},
		{"/", types.KindDouble, 1.0, 0.0, false, math.Inf(1)},
		{"^", types.KindBool, true, true, false, false},
	} {
		got, err := types.Binary(test.op, test.kind, test.a, test.b, test.checked)
		var result any = got
		if e, ok := err.(*types.Exception); ok {
			result = e.Type
		}
		if result != test.want {
			t.Errorf("%v %s %v is %v, want %v", test.a, test.op, test.b, result, test.want)
		}
	}
}

func TestDoublesPrintShortest(t *testing.T) {
	t.Parallel()
	for f, want := range map[float64]string{1.5: "1.5", 0.1: "0.1", 1e15: "1E+15", 123456789012345: "123456789012345", 0.0001: "0.0001", 0.00001: "1E-05", math.Inf(-1): "-Infinity", 0: "0", 1e300: "1E+300"} {
		if got := types.ToString(f); got != want {
			t.Errorf("%g prints %s, want %s", f, got, want)
		}
	}
}

func TestEqualityIsOfOneType(t *testing.T) {
	t.Parallel()
	tuple := types.TupleOf(nil, types.Int32, types.String)
	pair := func(s string) *types.Tuple { return &types.Tuple{Type: tuple, Items: []types.Value{int32(1), s}} }
	if types.Equal(int32(1), int64(1)) {
		t.Error("an int equals a long")
	}
	if !types.Equal(math.NaN(), math.NaN()) {
		t.Error("NaN.Equals(NaN) is false")
	}
	if !types.Equal(pair("a"), pair("a")) || types.Equal(pair("a"), pair("b")) {
		t.Error("tuples do not compare by item")
	}
	if one, other := types.Hash(pair("a")), types.Hash(pair("a")); one != other {
		t.Error("equal tuples have different hashes")
	}
}

func TestTheBudgetRunsOut(t *testing.T) {
	t.Parallel()
	env := &types.Env{Limits: types.Limits{Steps: 10, Bytes: 100, Depth: 2, Wall: 1 << 40}}
	env.Begin()
	if env.Step(10) != nil || env.Step(1) == nil {
		t.Error("ten steps are not ten")
	}
	if env.Charge(100) != nil || env.Charge(1) == nil {
		t.Error("a hundred bytes are not a hundred")
	}
	mark := env.Mark()
	for level, want := range []bool{true, true, false} {
		if got := env.Enter() == nil; got != want {
			t.Errorf("level %d of two is allowed: %v, want %v", level+1, got, want)
		}
	}
	env.Reset(mark)
	if env.Enter() != nil {
		t.Error("depth is not given back")
	}
}
