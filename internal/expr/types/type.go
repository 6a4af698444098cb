package types

import (
	"strconv"
	"strings"
)

// Kind says what sort of type a Type is.
type Kind uint8

// The kinds. Primitive value types have a kind of their own, because
// promotion, folding and specialised evaluation all switch on it.
const (
	KindClass Kind = iota
	KindStruct
	KindInterface
	KindEnum
	KindDelegate
	KindArray
	KindNullable
	KindTuple     // a C# 7 value tuple; Args are the elements, Names their names
	KindAnonymous // new { A = 1 }; Args are the properties, Names their names
	KindParam     // a type parameter of a generic definition or method
	KindVoid
	KindNull    // the type of the literal null
	KindDynamic // C# dynamic: known so that it can be refused by name
	KindObject
	KindString
	KindBool
	KindChar
	KindSByte
	KindByte
	KindInt16
	KindUInt16
	KindInt32
	KindUInt32
	KindInt64
	KindUInt64
	KindSingle
	KindDouble
	KindDecimal
)

// Type is the identity of a .NET type. It is immutable and holds no members:
// those are declared by a Decl and found through a Library. Two Types are the
// same type when Same says so; generic instances are not interned, so that
// tenant code cannot grow a global table.
type Type struct {
	Kind      Kind
	Namespace string   // "System.Collections.Generic"; empty for built-in forms
	Name      string   // "List", or for a nested type "TimeZoneInfo.AdjustmentRule"
	Keyword   string   // "int" for System.Int32; empty when C# has no keyword
	Params    []*Type  // type parameters, on a generic definition only
	Def       *Type    // the definition, on a generic instance only
	Args      []*Type  // arguments of an instance, array or nullable element, tuple items
	Names     []string // names of tuple items and anonymous properties
	Variance  string   // one letter per parameter: 'i' in, 'o' out, '-' none
	Static    bool     // a static class: it has no values
	Enum      *EnumInfo
	ZeroValue Value // default(T) of a struct, set with WithZero
	Rank      int   // dimensions of a rectangular array; 0 for T[]
}

// EnumInfo lists the members of an enumeration.
type EnumInfo struct {
	Under  *Type
	Names  []string
	Values []int64
	Flags  bool
}

// Class declares a reference type by its full name. Type parameters are
// written as C# writes them: "System.Collections.Generic.List<T>".
func Class(full string) *Type { return define(KindClass, full) }

// Struct declares a value type.
func Struct(full string) *Type { return define(KindStruct, full) }

// WithZero sets the value of default(T); call it where the type is declared.
func (t *Type) WithZero(v Value) *Type {
	t.ZeroValue = v
	return t
}

// Interface declares an interface; "in" and "out" are understood.
func Interface(full string) *Type { return define(KindInterface, full) }

// StaticClass declares a class with static members only.
func StaticClass(full string) *Type {
	t := define(KindClass, full)
	t.Static = true
	return t
}

// delegate declares a delegate; Invoke knows the signature of each family.
func delegate(full string) *Type { return define(KindDelegate, full) }

// EnumOf declares an enumeration with members 0, 1, 2 ….
func EnumOf(full string, names ...string) *Type {
	t := define(KindEnum, full)
	t.Enum = &EnumInfo{Under: Int32, Names: names, Values: make([]int64, len(names))}
	for i := range names {
		t.Enum.Values[i] = int64(i)
	}
	return t
}

// EnumWith declares an enumeration with given values; flags lets values be
// combined and printed as "A, B".
func EnumWith(full string, flags bool, names []string, values []int64) *Type {
	t := define(KindEnum, full)
	t.Enum = &EnumInfo{Under: Int32, Names: names, Values: values, Flags: flags}
	return t
}

func define(kind Kind, full string) *Type {
	t := &Type{Kind: kind}
	if i := strings.IndexByte(full, '<'); i >= 0 {
		for p := range strings.SplitSeq(strings.TrimSuffix(full[i+1:], ">"), ",") {
			t.addParam(strings.TrimSpace(p))
		}
		full = full[:i]
	}
	t.Namespace, t.Name = splitName(full)
	return t
}

func (t *Type) addParam(p string) {
	v := "-"
	if rest, ok := strings.CutPrefix(p, "in "); ok {
		v, p = "i", rest
	} else if rest, ok := strings.CutPrefix(p, "out "); ok {
		v, p = "o", rest
	}
	t.Params = append(t.Params, &Type{Kind: KindParam, Name: p})
	t.Variance += v
}

// nested lists the outer types whose nested types are declared; a name below
// one of them keeps the outer name in Name, not in Namespace.
var nested = []string{"System.TimeZoneInfo.", "System.Collections.Generic.List.", "System.Collections.Generic.Dictionary."}

func splitName(full string) (namespace, name string) {
	for _, outer := range nested {
		if strings.HasPrefix(full, outer) {
			i := strings.LastIndexByte(outer[:len(outer)-1], '.')
			return full[:i], full[i+1:]
		}
	}
	i := strings.LastIndexByte(full, '.')
	if i < 0 {
		return "", full
	}
	return full[:i], full[i+1:]
}

// Of makes an instance of a generic definition.
func (t *Type) Of(args ...*Type) *Type {
	n := *t
	n.Params, n.Def, n.Args = nil, t, args
	return &n
}

// ArrayOf is elem[].
func ArrayOf(elem *Type) *Type {
	return &Type{Kind: KindArray, Namespace: "System", Name: "Array", Args: []*Type{elem}}
}

// RectangleOf is elem[,] or, with more dimensions, elem[,,]; one dimension is
// ArrayOf.
func RectangleOf(elem *Type, dimensions int) *Type {
	t := ArrayOf(elem)
	if dimensions > 1 {
		t.Rank = dimensions
	}
	return t
}

// NullableOf is elem?; elem must be a value type that is not nullable itself.
func NullableOf(elem *Type) *Type {
	return &Type{Kind: KindNullable, Namespace: "System", Name: "Nullable", Def: Nullable, Args: []*Type{elem}}
}

// TupleOf is the value tuple (items…); names may be nil or hold empty strings.
func TupleOf(names []string, items ...*Type) *Type {
	return &Type{Kind: KindTuple, Namespace: "System", Name: "ValueTuple", Args: items, Names: names}
}

// AnonymousOf is the type of new { names = items }.
func AnonymousOf(names []string, items ...*Type) *Type {
	return &Type{Kind: KindAnonymous, Name: "<anonymous type>", Args: items, Names: names}
}

// Definition is the generic definition of an instance, otherwise t itself.
func (t *Type) Definition() *Type {
	if t.Def != nil {
		return t.Def
	}
	return t
}

// Elem is the element type of an array or nullable, otherwise nil.
func (t *Type) Elem() *Type {
	if t.Kind == KindArray || t.Kind == KindNullable {
		return t.Args[0]
	}
	return nil
}

// Full is the name with namespace and without type arguments.
func (t *Type) Full() string {
	if t.Namespace == "" {
		return t.Name
	}
	return t.Namespace + "." + t.Name
}

// key finds a definition in a Library: full name and number of parameters.
func key(full string, arity int) string { return full + "`" + strconv.Itoa(arity) }

// Same reports whether both are the same type; tuple names do not matter.
func (t *Type) Same(u *Type) bool {
	if t == u {
		return true
	}
	if t == nil || u == nil || t.Kind != u.Kind || t.Rank != u.Rank || len(t.Args) != len(u.Args) || len(t.Args) == 0 {
		return false
	}
	if t.Definition() != u.Definition() && (t.Def != nil || u.Def != nil) {
		return false
	}
	if t.Kind == KindAnonymous {
		for i, n := range t.Names {
			if u.Names[i] != n {
				return false
			}
		}
	}
	for i, a := range t.Args {
		if !a.Same(u.Args[i]) {
			return false
		}
	}
	return true
}

// IsValue reports whether t is a value type: it has no null.
func (t *Type) IsValue() bool {
	switch t.Kind {
	case KindStruct, KindEnum, KindNullable, KindTuple:
		return true
	}
	return t.Kind >= KindBool
}

// IsReference reports whether values of t are references; a type parameter is
// neither value nor reference.
func (t *Type) IsReference() bool {
	switch t.Kind {
	case KindVoid, KindParam:
		return false
	}
	return !t.IsValue()
}

// CanBeNull reports whether null converts to t.
func (t *Type) CanBeNull() bool { return t.IsReference() || t.Kind == KindNullable }

// IsInteger reports whether t is one of the eight integer types; char is not.
func (t *Type) IsInteger() bool { return t.Kind >= KindSByte && t.Kind <= KindUInt64 }

// IsNumeric reports whether t is an integer, char, float, double or decimal.
func (t *Type) IsNumeric() bool { return t.Kind >= KindChar && t.Kind <= KindDecimal }

// Underlying is T of T?, otherwise t.
func (t *Type) Underlying() *Type {
	if t.Kind == KindNullable {
		return t.Args[0]
	}
	return t
}

// HasParam reports whether t mentions a type parameter anywhere.
func (t *Type) HasParam() bool {
	if t.Kind == KindParam {
		return true
	}
	for _, a := range t.Args {
		if a.HasParam() {
			return true
		}
	}
	return false
}

// Subst replaces type parameters of t by args; a parameter it does not find
// stays as it is.
func (t *Type) Subst(params, args []*Type) *Type {
	if t == nil || len(params) == 0 {
		return t
	}
	if t.Kind == KindParam {
		for i, p := range params {
			if p == t && i < len(args) && args[i] != nil {
				return args[i]
			}
		}
		return t
	}
	if len(t.Args) == 0 || !t.HasParam() {
		return t
	}
	n := *t
	n.Args = make([]*Type, len(t.Args))
	for i, a := range t.Args {
		n.Args[i] = a.Subst(params, args)
	}
	return &n
}

// String prints the type as C# error messages do: keywords, no namespaces.
func (t *Type) String() string {
	switch {
	case t == nil:
		return "?"
	case t.Keyword != "":
		return t.Keyword
	case t.Kind == KindArray:
		return t.Args[0].String() + "[" + strings.Repeat(",", max(t.Rank-1, 0)) + "]"
	case t.Kind == KindNullable:
		return t.Args[0].String() + "?"
	case t.Kind == KindTuple:
		return "(" + t.fields(", ", func(n, a string) string { return strings.TrimSpace(a + " " + n) }) + ")"
	case t.Kind == KindAnonymous:
		return "<anonymous type: " + t.fields(", ", func(n, a string) string { return a + " " + n }) + ">"
	case len(t.Args) > 0:
		return t.Name + "<" + list(t.Args) + ">"
	case len(t.Params) > 0:
		return t.Name + "<" + list(t.Params) + ">"
	}
	return t.Name
}

func (t *Type) fields(sep string, form func(name, arg string) string) string {
	out := make([]string, len(t.Args))
	for i, a := range t.Args {
		name := ""
		if i < len(t.Names) {
			name = t.Names[i]
		}
		out[i] = form(name, a.String())
	}
	return strings.Join(out, sep)
}

func list(ts []*Type) string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = t.String()
	}
	return strings.Join(out, ", ")
}
