package types

// Bases lists t, its base classes and interfaces, each once, nearest first;
// object comes last. For an interface object is listed too, since its members
// can be called.
func (l *Library) Bases(t *Type) []*Type {
	out := []*Type{t}
	for i := 0; i < len(out); i++ {
		for _, b := range l.direct(out[i]) {
			if !contains(out, b) {
				out = append(out, b)
			}
		}
	}
	if t.Kind != KindObject {
		out = append(out, Object)
	}
	return out
}

func contains(ts []*Type, t *Type) bool {
	for _, u := range ts {
		if u.Same(t) {
			return true
		}
	}
	return false
}

// direct lists the declared bases of t plus those its kind implies, without
// object.
func (l *Library) direct(t *Type) []*Type {
	var out []*Type
	if e := l.entries[t.Definition()]; e != nil {
		for _, b := range e.bases {
			out = append(out, b.Subst(t.Definition().Params, t.Args))
		}
	}
	switch t.Kind {
	case KindArray:
		el := t.Args[0]
		if t.Rank > 1 {
			return append(out, ArrayT, IEnumerable)
		}
		out = append(out, ArrayT, IListOf.Of(el), IReadOnlyList.Of(el), ICollectionOf.Of(el), IReadOnlyCollection.Of(el), IEnumerableOf.Of(el), IEnumerable)
	case KindEnum:
		out = append(out, EnumT, ValueType, IComparable, IFormattable)
	case KindDelegate:
		out = append(out, DelegateT)
	case KindString:
		out = append(out, IComparable, IEnumerableOf.Of(CharT), IEnumerable)
	case KindTuple:
		out = append(out, ValueType, IComparable)
	case KindNullable, KindStruct:
		out = append(out, ValueType)
	default:
		if t.Kind >= KindBool {
			out = append(out, ValueType, IComparable)
		}
		if t.Kind >= KindSByte {
			out = append(out, IFormattable)
		}
	}
	return out
}

// Subtype reports whether there is an identity, reference or boxing conversion
// from t to u: what "is" tests.
func (l *Library) Subtype(t, u *Type) bool {
	if u.Kind == KindObject || u.Kind == KindDynamic || t.Same(u) {
		return t.Kind != KindVoid
	}
	if t.Kind == KindNull {
		return u.CanBeNull()
	}
	if t.Kind == KindArray && u.Kind == KindArray {
		return t.Rank == u.Rank && t.Args[0].IsReference() && u.Args[0].IsReference() && l.Subtype(t.Args[0], u.Args[0])
	}
	if t.Kind == KindNullable {
		return !u.IsValue() && l.Subtype(t.Args[0], u)
	}
	for _, b := range l.Bases(t) {
		if b.Same(u) || l.variant(b, u) {
			return true
		}
	}
	return false
}

// variant reports whether b converts to u by variance of the same definition.
func (l *Library) variant(b, u *Type) bool {
	d := b.Def
	if d == nil || d != u.Def || d.Variance == "" {
		return false
	}
	for i, a := range b.Args {
		want := u.Args[i]
		if a.Same(want) {
			continue
		}
		switch {
		case d.Variance[i] == 'o' && a.IsReference() && l.Subtype(a, want):
		case d.Variance[i] == 'i' && want.IsReference() && l.Subtype(want, a):
		default:
			return false
		}
	}
	return true
}

// TypeOf is the run-time type of a value; Null for null.
func (l *Library) TypeOf(v Value) *Type {
	switch v := v.(type) {
	case nil:
		return Null
	case string:
		return String
	case bool:
		return Bool
	case int32:
		return Int32
	case int64:
		return Int64
	case float64:
		return Double
	case Char:
		return CharT
	case int8:
		return SByte
	case uint8:
		return Byte
	case int16:
		return Int16
	case uint16:
		return UInt16
	case uint32:
		return UInt32
	case uint64:
		return UInt64
	case float32:
		return Single
	case *Exception:
		if t := l.Lookup(v.Type, 0); t != nil {
			return t
		}
		return ExceptionT
	case Typed:
		return v.NetType()
	}
	return Object
}

// Is reports whether v, not null, is a t: the "is" operator at run time.
func (l *Library) Is(v Value, t *Type) bool {
	if v == nil {
		return false
	}
	switch t.Kind {
	case KindObject:
		return true
	case KindString:
		_, ok := v.(string)
		return ok
	case KindInt32:
		_, ok := v.(int32)
		return ok
	case KindBool:
		_, ok := v.(bool)
		return ok
	case KindNullable:
		return l.Is(v, t.Args[0])
	}
	return l.Subtype(l.TypeOf(v), t)
}
