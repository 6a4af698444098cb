package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// zoneRuleRows are the members of TimeZoneInfo about rules.
var zoneRuleRows = []types.Member{
	{Sig: "TimeZoneInfo.AdjustmentRule[] GetAdjustmentRules()", Do: types.Do(func(c *types.Call) (types.Value, error) {
		a := &types.Array{Elem: adjustmentRuleT}
		for _, r := range c.This.(*Zone).rules() {
			a.Items = append(a.Items, r)
		}
		return a, c.Env.Step(1000)
	}), Doc: "How the clock changes, by years.", Ex: `TimeZoneInfo.FindSystemTimeZoneById("W. Europe Standard Time").GetAdjustmentRules()[0].DaylightTransitionStart.Month → 3`},
	{Sig: "bool HasSameRules(TimeZoneInfo other)", Do: types.Fn2E(func(z, o *Zone) (bool, error) {
		if o == nil {
			return false, types.ArgumentNull("other")
		}
		return z.sameRules(o), nil
	}), Doc: "Whether another clock changes in the same way."},
	{Sig: "bool Equals(TimeZoneInfo other)", Do: types.Fn2(func(z, o *Zone) bool { return o != nil && z.id == o.id && z.sameRules(o) }), Doc: "Whether both are the same zone."},
	{Sig: "bool IsAmbiguousTime(DateTime dateTime)", Do: types.Fn2((*Zone).ambiguous), Doc: "Whether the clock shows that time twice.", Ex: `TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin").IsAmbiguousTime(new DateTime(2024, 10, 27, 2, 30, 0)) → True`},
	{Sig: "bool IsAmbiguousTime(DateTimeOffset dateTimeOffset)", Do: types.Fn2(func(z *Zone, d DateTimeOffset) bool {
		return z.ambiguous(DateTime{ticks: d.utc + z.offsetAtUTC(d.utc)})
	}), Doc: "Whether the clock shows that time twice."},
	{Sig: "TimeSpan[] GetAmbiguousTimeOffsets(DateTime dateTime)", Do: types.Fn2E((*Zone).twice), Doc: "Both offsets of a time that the clock shows twice."},
	{Sig: "TimeSpan[] GetAmbiguousTimeOffsets(DateTimeOffset dateTimeOffset)", Do: types.Fn2E(func(z *Zone, d DateTimeOffset) (types.Value, error) {
		return z.twice(DateTime{ticks: d.utc + z.offsetAtUTC(d.utc)})
	}), Doc: "Both offsets of a time that the clock shows twice."},
	{Sig: "static TimeZoneInfo CreateCustomTimeZone(string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName)", Do: types.Do(newZone), Doc: "A zone whose clock never changes."},
	{Sig: "static TimeZoneInfo CreateCustomTimeZone(string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName, string daylightDisplayName, TimeZoneInfo.AdjustmentRule[] adjustmentRules)", Do: types.Do(newZone), Doc: "A zone of rules."},
}

func newZone(c *types.Call) (types.Value, error) {
	text := func(i int) string { return types.ToString(c.Args[i]) }
	base := int64(c.Args[1].(TimeSpan))
	switch {
	case c.Args[0] == nil:
		return nil, types.ArgumentNull("id")
	case text(0) == "":
		return nil, types.Argument("id", "The specified ID parameter '' is not supported.")
	case base%ticksPerMinute != 0:
		return nil, types.Argument("baseUtcOffset", "The TimeSpan parameter cannot be specified more precisely than whole minutes.")
	case base < -14*ticksPerHour || base > 14*ticksPerHour:
		return nil, types.ArgumentRange("baseUtcOffset", "The TimeSpan parameter must be within plus or minus 14.0 hours.")
	}
	z := &customZone{base: base, display: text(2), standard: text(3), daylong: text(3)}
	if len(c.Args) == 6 {
		z.daylong = text(4)
		if a, _ := c.Args[5].(*types.Array); a != nil {
			for _, v := range a.Items {
				r, _ := v.(*AdjustmentRule)
				if r == nil || len(z.rules) > 0 && r.from <= z.rules[len(z.rules)-1].to {
					return nil, types.Throw("System.InvalidTimeZoneException", "The AdjustmentRule array must be in chronological order, without overlaps and without null.")
				}
				z.rules = append(z.rules, r)
			}
		}
	}
	return &Zone{id: text(0), custom: z}, c.Env.Charge(len(text(0)) + 64*len(z.rules))
}

func (z *Zone) standardName() string {
	if z.custom != nil {
		return z.custom.standard
	}
	return z.id
}

func (z *Zone) daylightName() string {
	if z.custom != nil {
		return z.custom.daylong
	}
	return strings.Replace(z.id, "Standard", "Daylight", 1)
}

// adjustmentRuleDecl is System.TimeZoneInfo.AdjustmentRule.
var adjustmentRuleDecl = types.Decl{Type: adjustmentRuleT, Doc: "How a clock changes between two dates.", Members: []types.Member{
	{Sig: "static TimeZoneInfo.AdjustmentRule CreateAdjustmentRule(DateTime dateStart, DateTime dateEnd, TimeSpan daylightDelta, TimeZoneInfo.TransitionTime daylightTransitionStart, TimeZoneInfo.TransitionTime daylightTransitionEnd)", Do: types.Do(newRule), Doc: "A rule."},
	{Sig: "DateTime DateStart { get; }", Do: types.Fn1(func(r *AdjustmentRule) DateTime { return DateTime{ticks: r.from} }), Doc: "The first day."},
	{Sig: "DateTime DateEnd { get; }", Do: types.Fn1(func(r *AdjustmentRule) DateTime { return DateTime{ticks: r.to} }), Doc: "The last day."},
	{Sig: "TimeSpan DaylightDelta { get; }", Do: types.Fn1(func(r *AdjustmentRule) TimeSpan { return r.delta }), Doc: "By how much the clock is put forward."},
	{Sig: "TimeZoneInfo.TransitionTime DaylightTransitionStart { get; }", Do: types.Fn1(func(r *AdjustmentRule) TransitionTime { return r.start }), Doc: "When the clock is put forward."},
	{Sig: "TimeZoneInfo.TransitionTime DaylightTransitionEnd { get; }", Do: types.Fn1(func(r *AdjustmentRule) TransitionTime { return r.end }), Doc: "When the clock is put back."},
	{Sig: "bool Equals(TimeZoneInfo.AdjustmentRule other)", Do: types.Fn2(func(r *AdjustmentRule, o types.Value) bool { return r.NetEquals(o) }), Doc: "Whether both say the same."},
}}

func newRule(c *types.Call) (types.Value, error) {
	from, to, delta := c.Args[0].(DateTime), c.Args[1].(DateTime), c.Args[2].(TimeSpan)
	r := &AdjustmentRule{from.ticks, to.ticks, delta, c.Args[3].(TransitionTime), c.Args[4].(TransitionTime)}
	switch {
	case from.kind != unspecified || to.kind != unspecified:
		return nil, types.Argument("dateStart", "The supplied DateTime must have the Kind property set to DateTimeKind.Unspecified.")
	case r.start == r.end:
		return nil, types.Argument("daylightTransitionEnd", "The DaylightTransitionStart property must not equal the DaylightTransitionEnd property.")
	case r.from > r.to:
		return nil, types.Argument("dateStart", "The DateStart property must come before the DateEnd property.")
	case int64(delta) < -14*ticksPerHour || int64(delta) > 14*ticksPerHour:
		return nil, types.ArgumentRange("daylightDelta", "The TimeSpan parameter must be within plus or minus 14.0 hours.")
	case int64(delta)%ticksPerMinute != 0:
		return nil, types.Argument("daylightDelta", "The TimeSpan parameter cannot be specified more precisely than whole minutes.")
	case r.from%ticksPerDay != 0 || r.to%ticksPerDay != 0:
		return nil, types.Argument("dateStart", "The supplied DateTime includes a TimeOfDay setting. This is not supported.")
	}
	return r, c.Env.Charge(96)
}

// transitionTimeDecl is System.TimeZoneInfo.TransitionTime.
var transitionTimeDecl = types.Decl{Type: transitionTimeT, Doc: "The moment of a year when a clock changes.", Members: []types.Member{
	{Sig: "static TimeZoneInfo.TransitionTime CreateFixedDateRule(DateTime timeOfDay, int month, int day)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return newTransition(c.Args[0].(DateTime), c.Args[1].(int32), 1, c.Args[2].(int32), 0, true)
	}), Doc: "On a date.", Ex: `TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 2, 0, 0), 4, 1).Day → 1`},
	{Sig: "static TimeZoneInfo.TransitionTime CreateFloatingDateRule(DateTime timeOfDay, int month, int week, DayOfWeek dayOfWeek)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return newTransition(c.Args[0].(DateTime), c.Args[1].(int32), c.Args[2].(int32), 1, c.Args[3].(types.Enum).N, false)
	}), Doc: "On a day of the week within a month; week 5 is the last.", Ex: `TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday).IsFixedDateRule → False`},
	{Sig: "DateTime TimeOfDay { get; }", Do: types.Fn1(func(t TransitionTime) DateTime { return DateTime{ticks: t.clock} }), Doc: "The time, on 1 January of year 1."},
	{Sig: "int Month { get; }", Do: types.Fn1(func(t TransitionTime) int32 { return t.month }), Doc: "The month."},
	{Sig: "int Week { get; }", Do: types.Fn1(func(t TransitionTime) int32 { return t.week }), Doc: "The week of the month; 5 is the last."},
	{Sig: "int Day { get; }", Do: types.Fn1(func(t TransitionTime) int32 { return t.day }), Doc: "The day, of a fixed date."},
	{Sig: "DayOfWeek DayOfWeek { get; }", Do: types.Fn1(func(t TransitionTime) types.Enum { return types.Enum{Type: dayOfWeek, N: t.weekday} }), Doc: "The day of the week."},
	{Sig: "bool IsFixedDateRule { get; }", Do: types.Fn1(func(t TransitionTime) bool { return t.fixed }), Doc: "Whether it is a date."},
	{Sig: "bool Equals(TimeZoneInfo.TransitionTime other)", Do: types.Fn2(func(t, o TransitionTime) bool { return t == o }), Doc: "Whether both are the same moment."},
	{Sig: "static bool operator ==(TimeZoneInfo.TransitionTime t1, TimeZoneInfo.TransitionTime t2)", Do: types.Fn2(func(t, o TransitionTime) bool { return t == o }), Doc: "Whether both are the same moment."},
	{Sig: "static bool operator !=(TimeZoneInfo.TransitionTime t1, TimeZoneInfo.TransitionTime t2)", Do: types.Fn2(func(t, o TransitionTime) bool { return t != o }), Doc: "Whether they differ."},
}}

func newTransition(at DateTime, month, week, day int32, weekday int64, fixed bool) (types.Value, error) {
	switch {
	case at.kind != unspecified:
		return nil, types.Argument("timeOfDay", "The supplied DateTime must have the Kind property set to DateTimeKind.Unspecified.")
	case month < 1 || month > 12:
		return nil, types.ArgumentRange("month", "The Month parameter must be in the range 1 through 12.")
	case day < 1 || day > 31:
		return nil, types.ArgumentRange("day", "The Day parameter must be in the range 1 through 31.")
	case week < 1 || week > 5:
		return nil, types.ArgumentRange("week", "The Week parameter must be in the range 1 through 5.")
	case weekday < 0 || weekday > 6:
		return nil, types.ArgumentRange("dayOfWeek", "The DayOfWeek enumeration must be in the range 0 through 6.")
	case at.ticks >= ticksPerDay || at.ticks%ticksPerMillisecond != 0:
		return nil, types.Argument("timeOfDay", "The supplied DateTime must have the Year, Month, and Day properties set to 1. The time cannot be specified more precisely than whole milliseconds.")
	}
	return TransitionTime{at.ticks, month, week, day, weekday, fixed}, nil
}
