package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// summed are the types that have a sum, with the type of their average.
var summed = []struct{ t, average *types.Type }{
	{types.Int32, types.Double},
	{types.Int64, types.Double},
	{types.Single, types.Single},
	{types.Double, types.Double},
	{types.Decimal, types.Decimal},
}

// numberRows are Sum, Average, Min and Max: for each numeric type, its nullable
// form, and a selector of either; Min and Max also for whatever compares.
func numberRows() []types.Member {
	var out []types.Member
	for _, s := range summed {
		for _, nullable := range []string{"", "?"} {
			k, avg := s.t.Keyword+nullable, s.average.Keyword+nullable
			for _, m := range []struct {
				name, result, doc string
				do                func(c *types.Call, items []types.Value) (types.Value, error)
			}{
				{"Sum", k, "The sum.", sumOf(s.t)},
				{"Average", avg, "The mean; InvalidOperationException of nothing.", averageOf(s.t, s.average, nullable != "")},
				{"Min", k, "The smallest.", extreme(-1, nullable != "")},
				{"Max", k, "The largest.", extreme(1, nullable != "")},
			} {
				do := types.Do(func(c *types.Call) (types.Value, error) {
					items, err := selected(c)
					if err != nil {
						return nil, err
					}
					return m.do(c, items)
				})
				out = append(out,
					types.Member{Sig: "static " + m.result + " " + m.name + "(this IEnumerable<" + k + "> source)", Do: do, Doc: m.doc},
					types.Member{Sig: "static " + m.result + " " + m.name + "<T>(this IEnumerable<T> source, Func<T, " + k + "> selector)", Do: do, Doc: m.doc})
			}
		}
	}
	for i, name := range []string{"Min", "Max"} {
		sign := 2*i - 1
		do := types.Do(func(c *types.Call) (types.Value, error) {
			items, err := selected(c)
			if err != nil {
				return nil, err
			}
			return extreme(sign, c.Types[len(c.Types)-1].CanBeNull())(c, items)
		})
		out = append(out,
			types.Member{Sig: "static T " + name + "<T>(this IEnumerable<T> source)", Do: do, Doc: "The smallest or largest by comparison."},
			types.Member{Sig: "static R " + name + "<T, R>(this IEnumerable<T> source, Func<T, R> selector)", Do: do, Doc: "The smallest or largest by comparison."})
	}
	return out
}

// selected gives what the selector, if any, makes of the items, without nulls.
func selected(c *types.Call) ([]types.Value, error) {
	var f *types.Func
	if len(c.Args) > 1 {
		var err error
		if f, err = lambda(c, 1); err != nil {
			return nil, err
		}
	}
	var out []types.Value
	for v, err := range types.Each(c.Env, c.Args[0]) {
		if err == nil && f != nil {
			v, err = f.Call(v)
		}
		if err == nil {
			err = c.Env.Charge(16)
		}
		if err != nil {
			return nil, err
		}
		if v != nil {
			out = append(out, v)
		}
	}
	return out, nil
}

var errSum = types.Throw(types.Overflow, "Arithmetic operation resulted in an overflow.")

// sumOf adds in the type itself, checked; floats as doubles.
func sumOf(t *types.Type) func(c *types.Call, items []types.Value) (types.Value, error) {
	return func(_ *types.Call, items []types.Value) (types.Value, error) {
		switch t.Kind {
		case types.KindDouble, types.KindSingle:
			f := 0.0
			for _, v := range items {
				f += numberFloat(v)
			}
			if t.Kind == types.KindSingle {
				return float32(f), nil
			}
			return f, nil
		case types.KindDecimal:
			sum := Decimal{}
			for _, v := range items {
				var err error
				if sum, err = addDecimals(sum, v.(Decimal)); err != nil {
					return nil, err
				}
			}
			return sum, nil
		}
		n := int64(0)
		for _, v := range items {
			i, _, _ := types.Integer(v)
			s := n + i
			if (s > n) != (i > 0) && i != 0 || t.Kind == types.KindInt32 && int64(int32(s)) != s {
				return nil, errSum
			}
			n = s
		}
		if t.Kind == types.KindInt32 {
			return int32(n), nil
		}
		return n, nil
	}
}

func averageOf(t, result *types.Type, nullable bool) func(c *types.Call, items []types.Value) (types.Value, error) {
	return func(c *types.Call, items []types.Value) (types.Value, error) {
		if len(items) == 0 {
			if nullable {
				return nil, nil
			}
			return nil, errNoElements
		}
		if result.Kind == types.KindDecimal {
			sum, err := sumOf(t)(c, items)
			if err != nil {
				return nil, err
			}
			return divideDecimals(sum.(Decimal), decimalInt(int64(len(items))))
		}
		wide := types.Int64
		if !t.IsInteger() {
			wide = types.Double
		}
		sum, err := sumOf(wide)(c, items)
		if err != nil {
			return nil, err
		}
		mean := numberFloat(sum) / float64(len(items))
		if result.Kind == types.KindSingle {
			return float32(mean), nil
		}
		return mean, nil
	}
}

// extreme gives the smallest (-1) or largest (1) item; of nothing null when
// that is possible.
func extreme(sign int, nullable bool) func(c *types.Call, items []types.Value) (types.Value, error) {
	return func(_ *types.Call, items []types.Value) (types.Value, error) {
		if len(items) == 0 {
			if nullable {
				return nil, nil
			}
			return nil, errNoElements
		}
		best := items[0]
		for _, v := range items[1:] {
			n, err := types.Compare(v, best)
			if err != nil {
				return nil, err
			}
			if n*sign > 0 {
				best = v
			}
		}
		return best, nil
	}
}
