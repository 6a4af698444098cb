package types

// The types the language itself knows. Their members are declared in lib.
var (
	Object  = &Type{Kind: KindObject, Namespace: "System", Name: "Object", Keyword: "object"}
	String  = &Type{Kind: KindString, Namespace: "System", Name: "String", Keyword: "string"}
	Bool    = &Type{Kind: KindBool, Namespace: "System", Name: "Boolean", Keyword: "bool"}
	CharT   = &Type{Kind: KindChar, Namespace: "System", Name: "Char", Keyword: "char"}
	SByte   = &Type{Kind: KindSByte, Namespace: "System", Name: "SByte", Keyword: "sbyte"}
	Byte    = &Type{Kind: KindByte, Namespace: "System", Name: "Byte", Keyword: "byte"}
	Int16   = &Type{Kind: KindInt16, Namespace: "System", Name: "Int16", Keyword: "short"}
	UInt16  = &Type{Kind: KindUInt16, Namespace: "System", Name: "UInt16", Keyword: "ushort"}
	Int32   = &Type{Kind: KindInt32, Namespace: "System", Name: "Int32", Keyword: "int"}
	UInt32  = &Type{Kind: KindUInt32, Namespace: "System", Name: "UInt32", Keyword: "uint"}
	Int64   = &Type{Kind: KindInt64, Namespace: "System", Name: "Int64", Keyword: "long"}
	UInt64  = &Type{Kind: KindUInt64, Namespace: "System", Name: "UInt64", Keyword: "ulong"}
	Single  = &Type{Kind: KindSingle, Namespace: "System", Name: "Single", Keyword: "float"}
	Double  = &Type{Kind: KindDouble, Namespace: "System", Name: "Double", Keyword: "double"}
	Decimal = &Type{Kind: KindDecimal, Namespace: "System", Name: "Decimal", Keyword: "decimal"}
	Void    = &Type{Kind: KindVoid, Namespace: "System", Name: "Void", Keyword: "void"}
	Null    = &Type{Kind: KindNull, Name: "<null>"}
	Dynamic = &Type{Kind: KindDynamic, Name: "dynamic", Keyword: "dynamic"}
	TypeT   = Class("System.Type")
)

// Definitions that conversions, loops and inference refer to. Their members
// are declared in lib.
var (
	ArrayT              = Class("System.Array")
	EnumT               = Class("System.Enum")
	ValueType           = Class("System.ValueType")
	DelegateT           = Class("System.Delegate")
	ExceptionT          = Class("System.Exception")
	Nullable            = Struct("System.Nullable<T>")
	IDisposable         = Interface("System.IDisposable")
	IComparable         = Interface("System.IComparable")
	IFormattable        = Interface("System.IFormattable")
	IFormatProvider     = Interface("System.IFormatProvider")
	IEnumerable         = Interface("System.Collections.IEnumerable")
	IEnumerableOf       = Interface("System.Collections.Generic.IEnumerable<out T>")
	IEnumeratorOf       = Interface("System.Collections.Generic.IEnumerator<out T>")
	ICollectionOf       = Interface("System.Collections.Generic.ICollection<T>")
	IListOf             = Interface("System.Collections.Generic.IList<T>")
	IReadOnlyCollection = Interface("System.Collections.Generic.IReadOnlyCollection<out T>")
	IReadOnlyList       = Interface("System.Collections.Generic.IReadOnlyList<out T>")
	IDictionaryOf       = Interface("System.Collections.Generic.IDictionary<TKey, TValue>")
	IReadOnlyDictionary = Interface("System.Collections.Generic.IReadOnlyDictionary<TKey, TValue>")
	KeyValuePair        = Struct("System.Collections.Generic.KeyValuePair<TKey, TValue>")
	Predicate           = delegate("System.Predicate<in T>")
	Comparison          = delegate("System.Comparison<in T>")
	Converter           = delegate("System.Converter<in TInput, out TOutput>")
	Bytes               = ArrayOf(Byte)
)

// funcs and actions are the delegate families by number of type parameters.
var (
	funcs = []*Type{
		nil,
		delegate("System.Func<out TResult>"),
		delegate("System.Func<in T, out TResult>"),
		delegate("System.Func<in T1, in T2, out TResult>"),
		delegate("System.Func<in T1, in T2, in T3, out TResult>"),
		delegate("System.Func<in T1, in T2, in T3, in T4, out TResult>"),
		delegate("System.Func<in T1, in T2, in T3, in T4, in T5, out TResult>"),
	}
	actions = []*Type{
		delegate("System.Action"),
		delegate("System.Action<in T>"),
		delegate("System.Action<in T1, in T2>"),
		delegate("System.Action<in T1, in T2, in T3>"),
		delegate("System.Action<in T1, in T2, in T3, in T4>"),
	}
)

// FuncOf is Func<params…, result>; nil when C# programs here have no such arity.
func FuncOf(params []*Type, result *Type) *Type {
	if n := len(params) + 1; n < len(funcs) {
		return funcs[n].Of(append(append([]*Type{}, params...), result)...)
	}
	return nil
}

// Signature is what a delegate type takes and gives.
type Signature struct {
	Params []*Type
	Result *Type
}

// Invoke gives the signature of a delegate type; ok is false for other types.
func (t *Type) Invoke() (s Signature, ok bool) {
	if t == nil || t.Kind != KindDelegate {
		return s, false
	}
	args := t.Args
	if len(args) == 0 {
		args = t.Params
	}
	switch t.Name {
	case "Func", "Converter":
		return Signature{args[:len(args)-1], args[len(args)-1]}, true
	case "Action":
		return Signature{args, Void}, true
	case "Predicate":
		return Signature{args, Bool}, true
	case "Comparison":
		return Signature{[]*Type{args[0], args[0]}, Int32}, true
	}
	return s, false
}

// builtins are the types every library knows, whether declared or not.
func builtins() []*Type {
	all := []*Type{
		Object, String, Bool, CharT, SByte, Byte, Int16, UInt16, Int32, UInt32, Int64, UInt64, Single, Double, Decimal,
		Void, TypeT, ArrayT, EnumT, ValueType, DelegateT, ExceptionT, Nullable, IDisposable, IComparable, IFormattable,
		IFormatProvider, IEnumerable, IEnumerableOf, IEnumeratorOf, ICollectionOf, IListOf, IReadOnlyCollection,
		IReadOnlyList, IDictionaryOf, IReadOnlyDictionary, KeyValuePair, Predicate, Comparison, Converter,
	}
	all = append(all, funcs[1:]...)
	return append(all, actions...)
}
