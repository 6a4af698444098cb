package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

// objectDecl is System.Object: the members every value has.
var objectDecl = types.Decl{
	Type: types.Object,
	Doc:  "The base of every type.",
	Members: []types.Member{
		{Sig: "Object()", Do: types.Do(func(*types.Call) (types.Value, error) { return &plain{}, nil }), Doc: "An object that is equal to itself only.", Ex: `new object().ToString() → System.Object`},
		{Sig: "string ToString()", Do: types.Fn1(types.ToString), Doc: "The value as invariant text.", Ex: `((object)1.5).ToString() → 1.5`},
		{Sig: "bool Equals(object obj)", Do: types.Fn2(types.Equal), Doc: "Whether both are equal and of one type.", Ex: `1.Equals(1L) → False`},
		{Sig: "int GetHashCode()", Do: types.Fn1(types.Hash), Doc: "A number that is equal for equal values.", Ex: `7.GetHashCode() → 7`},
		{Sig: "static bool Equals(object objA, object objB)", Do: types.Fn2(types.Equal), Doc: "Equality that accepts null.", Ex: `object.Equals(null, "a") → False`},
		{Sig: "static bool ReferenceEquals(object objA, object objB)", Do: types.Fn2(same), Doc: "Whether both are the same object.", Ex: `object.ReferenceEquals(null, null) → True`},
	},
	Denied: []string{"GetType", "MemberwiseClone"},
}

// plain is the value of new object(). It has a field because Go may give two
// empty structs one address.
type plain struct{ _ byte }

// NetType implements types.Typed.
func (*plain) NetType() *types.Type { return types.Object }

// same is reference equality; boxed values are never the same object.
func same(a, b types.Value) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	switch a.(type) {
	case string, *types.Array, *types.ByteArray, *types.Func, *types.Exception:
		return a == b
	}
	t, ok := a.(types.Typed)
	return ok && t.NetType().IsReference() && a == b
}

// nullableDecl is System.Nullable<T>. A null T? is nil in Go, which is why the
// evaluator passes the receiver of these members as an argument.
var nullableDecl = types.Decl{
	Type: types.Nullable,
	Doc:  "A value type that may be null.",
	Members: []types.Member{
		{Sig: "bool HasValue { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) { return c.This != nil, nil }), Doc: "Whether there is a value.", Ex: `((int?)null).HasValue → False`},
		{Sig: "T Value { get; }", Do: types.Do(nullableValue), Doc: "The value; InvalidOperationException when null.", Ex: `((int?)5).Value → 5`},
		{Sig: "T GetValueOrDefault()", Do: types.Do(func(c *types.Call) (types.Value, error) {
			if c.This != nil {
				return c.This, nil
			}
			return types.Zero(c.Owner.Args[0]), nil
		}), Doc: "The value, or the default of its type.", Ex: `((int?)null).GetValueOrDefault() → 0`},
		{Sig: "T GetValueOrDefault(T defaultValue)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			if c.This != nil {
				return c.This, nil
			}
			return c.Args[0], nil
		}), Doc: "The value, or the one given.", Ex: `((int?)null).GetValueOrDefault(3) → 3`},
	},
}

func nullableValue(c *types.Call) (types.Value, error) {
	if c.This == nil {
		return nil, types.Throw(types.InvalidOperation, "Nullable object must have a value.")
	}
	return c.This, nil
}
