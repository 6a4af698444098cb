package types

// Conversion classifies how a value of one static type becomes another.
type Conversion uint8

// The conversions, from best to worst.
const (
	NoConversion Conversion = iota
	Identity
	Numeric   // implicit widening between numbers
	Lift      // T to T?, or S? to T? with a conversion inside
	Reference // to a base, an interface, by variance, or of null
	Box       // a value type to object or an interface
	User      // an implicit operator
)

// widening lists the implicit numeric conversions of C#, decimal excepted: its
// conversions are operators in lib.
var widening = map[Kind][]Kind{
	KindSByte:  {KindInt16, KindInt32, KindInt64, KindSingle, KindDouble},
	KindByte:   {KindInt16, KindUInt16, KindInt32, KindUInt32, KindInt64, KindUInt64, KindSingle, KindDouble},
	KindInt16:  {KindInt32, KindInt64, KindSingle, KindDouble},
	KindUInt16: {KindInt32, KindUInt32, KindInt64, KindUInt64, KindSingle, KindDouble},
	KindChar:   {KindUInt16, KindInt32, KindUInt32, KindInt64, KindUInt64, KindSingle, KindDouble},
	KindInt32:  {KindInt64, KindSingle, KindDouble},
	KindUInt32: {KindInt64, KindUInt64, KindSingle, KindDouble},
	KindInt64:  {KindSingle, KindDouble},
	KindUInt64: {KindSingle, KindDouble},
	KindSingle: {KindDouble},
}

// Widens reports an implicit numeric conversion between primitive types.
func Widens(from, to *Type) bool {
	for _, k := range widening[from.Kind] {
		if k == to.Kind {
			return true
		}
	}
	return false
}

// Implicit classifies the implicit conversion between two types; for User it
// also gives the operator. Conversions that depend on the expression itself
// (constants, lambdas, null) are the binder's business.
func (l *Library) Implicit(from, to *Type) (Conversion, *Method) {
	switch {
	case from.Same(to):
		return Identity, nil
	case from.Kind == KindVoid || to.Kind == KindVoid:
		return NoConversion, nil
	case from.Kind == KindNull:
		if to.CanBeNull() {
			return Reference, nil
		}
		return NoConversion, nil
	case Widens(from, to):
		return Numeric, nil
	case to.Kind == KindNullable:
		if c, m := l.Implicit(from.Underlying(), to.Args[0]); c == Identity || c == Numeric || c == User {
			if c == User {
				return User, m
			}
			return Lift, nil
		}
	case l.Subtype(from, to):
		if from.IsValue() {
			return Box, nil
		}
		return Reference, nil
	case from.Kind == KindTuple && to.Kind == KindTuple && len(from.Args) == len(to.Args):
		for i, a := range from.Args {
			if c, _ := l.Implicit(a, to.Args[i]); c == NoConversion || c == User {
				return NoConversion, nil
			}
		}
		return Box, nil
	}
	if m := l.Operator(from, to, FormImplicit); m != nil {
		return User, m
	}
	return NoConversion, nil
}

// Operator finds the user-defined conversion from one type to another, declared
// by either; explicit ones count only when form is FormExplicit. An operator
// that fits exactly wins over one that needs a further standard conversion.
func (l *Library) Operator(from, to *Type, form Form) *Method {
	var best *Method
	rank := 0
	for _, m := range l.conversions(from, to, form) {
		if r := l.operatorRank(m, from, to, form); r > rank {
			best, rank = m, r
		}
	}
	return best
}

func (l *Library) conversions(from, to *Type, form Form) []*Method {
	var out []*Method
	for _, t := range []*Type{from, to} {
		for _, b := range l.Bases(t.Underlying()) {
			if b.Kind == KindInterface || b.Kind == KindObject {
				continue
			}
			out = append(out, l.Declares(b, "op_Implicit")...)
			if form == FormExplicit {
				out = append(out, l.Declares(b, "op_Explicit")...)
			}
		}
	}
	return out
}

// operatorRank scores a conversion operator: 0 does not apply.
func (l *Library) operatorRank(m *Method, from, to *Type, form Form) int {
	source := l.standard(from, m.Params[0].Type, form)
	target := l.standard(m.Result, to, form)
	if source == 0 || target == 0 {
		return 0
	}
	score := source*10 + target
	if m.Form == FormImplicit {
		score++ // between equals the implicit one is the safer choice
	}
	return score
}

// standard scores the conversion around an operator: 5 the same type, 4 a
// nullable of it, 3 a base type, 2 a widening, 1 a narrowing (explicit only).
func (l *Library) standard(from, to *Type, form Form) int {
	switch {
	case from.Same(to):
		return 5
	case to.Kind == KindNullable && to.Args[0].Same(from):
		return 4
	case l.Subtype(from, to):
		return 3
	case Widens(from, to):
		return 2
	case form == FormExplicit && (primitive(from) && primitive(to) || l.Subtype(to, from) && from.Kind != KindObject):
		return 1
	}
	return 0
}

func primitive(t *Type) bool { return t.Kind >= KindChar && t.Kind <= KindDouble }

// Explicit reports whether a cast from one type to another may succeed apart
// from operators, which Operator finds first.
func (l *Library) Explicit(from, to *Type) bool {
	if c, _ := l.Implicit(from, to); c != NoConversion {
		return true
	}
	f, t := from.Underlying(), to.Underlying()
	numberLike := func(x *Type) bool { return primitive(x) || x.Kind == KindEnum }
	switch {
	case numberLike(f) && numberLike(t):
		return true
	case l.Subtype(to, from) || l.Subtype(to.Underlying(), from):
		return true
	case from.Kind == KindDynamic || from.Kind == KindObject && to.Kind != KindVoid:
		return true
	case from.Kind == KindInterface && !to.IsValue(), to.Kind == KindInterface && from.IsReference():
		return true
	case from.Kind == KindNullable && f.Same(t):
		return true
	case f.Kind == KindParam || t.Kind == KindParam:
		return true
	}
	return false
}
