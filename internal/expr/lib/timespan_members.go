package lib

import (
	"math"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// timeSpanDecl is System.TimeSpan.
var timeSpanDecl = types.Decl{
	Type:   timeSpan,
	Doc:    "A length of time.",
	Format: formatSpan,
	Members: concatRows([]types.Member{
		{Sig: "TimeSpan(long ticks)", Do: types.Fn1(func(n int64) TimeSpan { return TimeSpan(n) }), Doc: "Of ticks of 100 ns."},
		{Sig: "TimeSpan(int hours, int minutes, int seconds)", Do: types.Do(newSpan), Doc: "Of hours, minutes and seconds.", Ex: `new TimeSpan(1, 2, 3).ToString() → 01:02:03`},
		{Sig: "TimeSpan(int days, int hours, int minutes, int seconds)", Do: types.Do(newSpan), Doc: "Of days to seconds."},
		{Sig: "TimeSpan(int days, int hours, int minutes, int seconds, int milliseconds)", Do: types.Do(newSpan), Doc: "Of days to milliseconds."},
		{Sig: "static TimeSpan Zero { get; }", Do: types.Fn0(func() TimeSpan { return 0 }), Doc: "No time."},
		{Sig: "static TimeSpan MinValue { get; }", Do: types.Fn0(func() TimeSpan { return math.MinInt64 }), Doc: "The smallest value."},
		{Sig: "static TimeSpan MaxValue { get; }", Do: types.Fn0(func() TimeSpan { return math.MaxInt64 }), Doc: "The largest value."},
		{Sig: "const long TicksPerDay", Const: int64(ticksPerDay), Doc: "Ticks of a day."},
		{Sig: "const long TicksPerHour", Const: int64(ticksPerHour), Doc: "Ticks of an hour."},
		{Sig: "const long TicksPerMinute", Const: int64(ticksPerMinute), Doc: "Ticks of a minute."},
		{Sig: "const long TicksPerSecond", Const: int64(ticksPerSecond), Doc: "Ticks of a second."},
		{Sig: "const long TicksPerMillisecond", Const: int64(ticksPerMillisecond), Doc: "Ticks of a millisecond."},
		{Sig: "static TimeSpan Parse(string s)", Do: types.Fn1E(ParseTimeSpan), Doc: "Reads [-][d.]hh:mm[:ss[.ff]].", Ex: `TimeSpan.Parse("1.02:03:04.5").ToString() → 1.02:03:04.5000000`},
		{Sig: "static bool TryParse(string s, out TimeSpan result)", Do: types.Fn2(tryParse(ParseTimeSpan)), Doc: "Reads a span, or gives false.", Ex: `TimeSpan.TryParse("x", out var t) → False`},
		{Sig: "static int Compare(TimeSpan t1, TimeSpan t2)", Do: types.Fn2E(compareValues), Doc: "The order of two spans."},
		{Sig: "static bool Equals(TimeSpan t1, TimeSpan t2)", Do: types.Fn2(types.Equal), Doc: "Whether both are equal."},
		{Sig: "static TimeSpan FromTicks(long value)", Do: types.Fn1(func(n int64) TimeSpan { return TimeSpan(n) }), Doc: "Of ticks.", Ex: `TimeSpan.FromTicks(1).ToString() → 00:00:00.0000001`},
		{Sig: "TimeSpan Add(TimeSpan ts)", Do: types.Fn2E(addSpans), Doc: "The sum."},
		{Sig: "TimeSpan Subtract(TimeSpan ts)", Do: types.Fn2E(subtractSpans), Doc: "The difference."},
		{Sig: "TimeSpan Negate()", Do: types.Fn1E(negateSpan), Doc: "The opposite."},
		{Sig: "TimeSpan Duration()", Do: types.Fn1E(func(s TimeSpan) (TimeSpan, error) {
			if s >= 0 {
				return s, nil
			}
			return negateSpan(s)
		}), Doc: "Without its sign.", Ex: `TimeSpan.FromSeconds(-90).Duration().ToString() → 00:01:30`},
		{Sig: "long Ticks { get; }", Do: types.Fn1(func(s TimeSpan) int64 { return int64(s) }), Doc: "In ticks."},
		{Sig: "static TimeSpan operator +(TimeSpan t1, TimeSpan t2)", Do: types.Fn2E(addSpans), Doc: "The sum."},
		{Sig: "static TimeSpan operator -(TimeSpan t1, TimeSpan t2)", Do: types.Fn2E(subtractSpans), Doc: "The difference."},
		{Sig: "static TimeSpan operator -(TimeSpan t)", Do: types.Fn1E(negateSpan), Doc: "The opposite."},
		{Sig: "static TimeSpan operator +(TimeSpan t)", Do: types.Fn1(func(s TimeSpan) TimeSpan { return s }), Doc: "The same."},
	}, spanUnits(), orderRows("TimeSpan")),
}

// spanUnits are the rows that exist for each unit of time.
func spanUnits() []types.Member {
	var out []types.Member
	for _, u := range []struct {
		name string
		size int64
		wrap int64
	}{{"Days", ticksPerDay, math.MaxInt64}, {"Hours", ticksPerHour, 24}, {"Minutes", ticksPerMinute, 60}, {"Seconds", ticksPerSecond, 60}, {"Milliseconds", ticksPerMillisecond, 1000}} {
		out = append(out,
			types.Member{Sig: "int " + u.name + " { get; }", Do: types.Fn1(func(s TimeSpan) int32 { return int32(int64(s) / u.size % u.wrap) }), Doc: "The part in this unit.", Ex: "TimeSpan.From" + u.name + "(1)." + u.name + " → 1"},
			types.Member{Sig: "double Total" + u.name + " { get; }", Do: types.Fn1(func(s TimeSpan) float64 {
				total := float64(s) / float64(u.size)
				if u.size == ticksPerMillisecond {
					const most = math.MaxInt64 / ticksPerMillisecond
					total = max(min(total, most), -most)
				}
				return total
			}), Doc: "The whole span in this unit."},
			types.Member{Sig: "static TimeSpan From" + u.name + "(double value)", Do: types.Fn1E(func(v float64) (TimeSpan, error) {
				if math.IsNaN(v) {
					return 0, types.Throw(types.ArgumentExc, "TimeSpan does not accept floating point Not-a-Number values.")
				}
				n, err := scaled(v, u.size)
				if err != nil {
					return 0, types.Throw(types.Overflow, "TimeSpan overflowed because the duration is too long.")
				}
				return TimeSpan(n), nil
			}), Doc: "Of so many of this unit, to the millisecond."})
	}
	return out
}

func newSpan(c *types.Call) (types.Value, error) {
	units := []int64{ticksPerDay, ticksPerHour, ticksPerMinute, ticksPerSecond, ticksPerMillisecond}
	if len(c.Args) == 3 {
		units = units[1:]
	}
	total := int64(0)
	for i, v := range c.Args {
		total += int64(v.(int32)) * (units[i] / ticksPerMillisecond)
	}
	if total > math.MaxInt64/ticksPerMillisecond || total < math.MinInt64/ticksPerMillisecond {
		return nil, types.ArgumentRange("", "TimeSpan overflowed because the duration is too long.")
	}
	return TimeSpan(total * ticksPerMillisecond), nil
}

func addSpans(a, b TimeSpan) (TimeSpan, error) {
	sum := a + b
	if (a > 0) == (b > 0) && (sum > 0) != (a > 0) && a != 0 && b != 0 {
		return 0, types.Throw(types.Overflow, "TimeSpan overflowed because the duration is too long.")
	}
	return sum, nil
}

func subtractSpans(a, b TimeSpan) (TimeSpan, error) {
	if b == math.MinInt64 {
		return 0, types.Throw(types.Overflow, "TimeSpan overflowed because the duration is too long.")
	}
	return addSpans(a, -b)
}

func negateSpan(s TimeSpan) (TimeSpan, error) {
	if s == math.MinInt64 {
		return 0, types.Throw(types.Overflow, "Negating the minimum value of a twos complement number is invalid.")
	}
	return -s, nil
}
