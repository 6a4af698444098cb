package types

// implied gives the rows that follow from a declaration: ToString(format) of a
// type with formats, Equals(T) and CompareTo(T) of a value type. A row that the
// declaration writes itself wins.
func implied(d *Decl) []Member {
	var out []Member
	add := func(m Member) {
		for _, own := range d.Members {
			if sameShape(own.Sig, m.Sig) {
				return
			}
		}
		out = append(out, m)
	}
	if f := d.Format; f != nil {
		format := Fn2E(func(v, format Value) (string, error) {
			s, _ := format.(string)
			if s == "" {
				return ToString(v), nil
			}
			return f(v, s)
		})
		add(Member{Sig: "string ToString(string format)", Do: format, Doc: "The value as text in a format."})
		add(Member{Sig: "string ToString(string format, IFormatProvider provider)", Do: Do(func(c *Call) (Value, error) {
			return format.Call(&Call{Env: c.Env, This: c.This, Args: c.Args[:1], Method: c.Method})
		}), Doc: "The value as text in a format; the culture is always the invariant one."})
	}
	if t := d.Type; t.Kind >= KindBool && len(t.Params) == 0 {
		add(Member{Sig: "bool Equals(" + t.String() + " obj)", Do: Fn2(func(a, b Value) bool { return Equal(a, b) }), Doc: "Whether both are equal."})
		add(Member{Sig: "int CompareTo(" + t.String() + " value)", Do: Fn2E(func(a, b Value) (int32, error) {
			n, err := Compare(a, b)
			return int32(n), err
		}), Doc: "Less than, equal or greater than zero, by order."})
	}
	return out
}

// sameShape compares two signatures but for the names of their parameters.
func sameShape(a, b string) bool {
	x, y := words(a), words(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		name := i+1 < len(x) && (x[i+1] == "," || x[i+1] == ")")
		if x[i] != y[i] && !name {
			return false
		}
	}
	return true
}
