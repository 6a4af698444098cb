package lib

import (
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// This file is TimeZoneInfo.AdjustmentRule and TransitionTime: how a zone's clock changes, and zones that an expression makes of such rules.

var (
	adjustmentRuleT = types.Class("System.TimeZoneInfo.AdjustmentRule")
	transitionTimeT = types.Struct("System.TimeZoneInfo.TransitionTime").WithZero(TransitionTime{month: 1, week: 1, day: 1})
)

// TransitionTime is the moment of a year when a clock changes: a date, or a day of the week within a month (week 5 is the last one).
type TransitionTime struct {
	clock            int64 // ticks after midnight
	month, week, day int32
	weekday          int64
	fixed            bool
}

// NetType implements types.Typed.
func (TransitionTime) NetType() *types.Type { return transitionTimeT }

// NetString implements types.Text.
func (TransitionTime) NetString() string { return "System.TimeZoneInfo+TransitionTime" }

// NetEquals implements types.Equatable.
func (t TransitionTime) NetEquals(other types.Value) bool { return types.Value(t) == other }

// NetHash implements types.Equatable.
func (t TransitionTime) NetHash() int32 { return t.month ^ t.week<<8 }

// in gives the clock's ticks of the moment in a year.
func (t TransitionTime) in(year int) int64 {
	first := time.Date(year, time.Month(t.month), 1, 0, 0, 0, 0, time.UTC)
	days := first.AddDate(0, 1, -1).Day()
	day := min(int(t.day), days)
	if !t.fixed {
		day = 1 + (int(t.weekday)-int(first.Weekday())+7)%7 + 7*(int(t.week)-1)
		for day > days {
			day -= 7
		}
	}
	return ticksOf(first.AddDate(0, 0, day-1)) + t.clock
}

// AdjustmentRule says how a clock changes between two dates.
type AdjustmentRule struct {
	from, to   int64 // days in ticks
	delta      TimeSpan
	start, end TransitionTime
}

// NetType implements types.Typed.
func (*AdjustmentRule) NetType() *types.Type { return adjustmentRuleT }

// NetString implements types.Text.
func (*AdjustmentRule) NetString() string { return "System.TimeZoneInfo+AdjustmentRule" }

// NetEquals implements types.Equatable.
func (r *AdjustmentRule) NetEquals(other types.Value) bool {
	o, ok := other.(*AdjustmentRule)
	return ok && o != nil && *r == *o
}

// NetHash implements types.Equatable.
func (r *AdjustmentRule) NetHash() int32 { return int32(r.from>>32) ^ int32(r.delta>>16) }

// customZone is what CreateCustomTimeZone was given.
type customZone struct {
	base                       int64
	display, standard, daylong string
	rules                      []*AdjustmentRule
}

// offset gives the offset at an instant, of the first rule whose dates it falls into.
func (z *customZone) offset(utc int64) int64 {
	clock := max(min(utc+z.base, maxTicks), 0)
	for _, r := range z.rules {
		if clock < r.from || clock >= r.to+ticksPerDay {
			continue
		}
		year := timeOf(clock).Year()
		start, end := r.start.in(year)-z.base, r.end.in(year)-z.base-int64(r.delta)
		summer := utc >= start && utc < end
		if start > end { // south of the equator
			summer = utc >= start || utc < end
		}
		if summer {
			return z.base + int64(r.delta)
		}
		return z.base
	}
	return z.base
}

// The years whose changes stand for all: what holds in the first held before, what holds in the last goes on.
const (
	firstRuleYear = 2000
	lastRuleYear  = 2037
)

// rules are the changes of a zone's clock: years that change in the same way are one rule.
func (z *Zone) rules() []*AdjustmentRule {
	if z.custom != nil {
		return z.custom.rules
	}
	var out []*AdjustmentRule
	year := func(y int) int64 { return ticksOf(time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)) }
	for y := firstRuleYear; y <= lastRuleYear; y++ {
		r, ok := z.changesIn(y)
		if !ok {
			continue
		}
		r.from, r.to = year(y), year(y+1)-ticksPerDay
		if n := len(out); n > 0 && out[n-1].to == r.from-ticksPerDay && out[n-1].absorbs(r) {
			out[n-1].to = r.to
			continue
		}
		out = append(out, r)
	}
	if n := len(out); n > 0 {
		if out[0].from == year(firstRuleYear) {
			out[0].from = 0
		}
		if out[n-1].to == year(lastRuleYear+1)-ticksPerDay {
			out[n-1].to = maxTicks / ticksPerDay * ticksPerDay
		}
	}
	return out
}

// changesIn finds the beginning and the end of daylight saving time in a year.
func (z *Zone) changesIn(y int) (*AdjustmentRule, bool) {
	r := &AdjustmentRule{}
	at := time.Date(y, 1, 1, 0, 0, 0, 0, z.loc)
	for range 8 {
		_, next := at.ZoneBounds()
		if next.IsZero() || next.Year() != y {
			break
		}
		_, before := next.Add(-time.Second).Zone()
		_, after := next.Zone()
		clock := next.UTC().Add(time.Duration(before) * time.Second)
		t := TransitionTime{ticksOf(clock) % ticksPerDay, int32(clock.Month()), int32((clock.Day()-1)/7 + 1), 1, int64(clock.Weekday()), false}
		if clock.AddDate(0, 0, 7).Month() != clock.Month() {
			t.week = 5
		}
		if after > before {
			r.start, r.delta = t, TimeSpan(int64(after-before)*ticksPerSecond)
		} else {
			r.end = t
		}
		at = next
	}
	return r, r.start.month > 0 && r.end.month > 0
}

// absorbs reports whether the changes of another year follow the same rule, and makes the rule fit both: a fourth Sunday that is not the last one
// in every year is a fourth Sunday.
func (r *AdjustmentRule) absorbs(o *AdjustmentRule) bool {
	fit := func(a, b TransitionTime) (TransitionTime, bool) {
		if a.week == 5 && b.week == 4 || a.week == 4 && b.week == 5 {
			a.week, b.week = 4, 4
		}
		return a, a == b
	}
	start, ok1 := fit(r.start, o.start)
	end, ok2 := fit(r.end, o.end)
	if ok1 && ok2 && r.delta == o.delta {
		r.start, r.end = start, end
		return true
	}
	return false
}

func (z *Zone) changes() bool { return len(z.rules()) > 0 }

func (z *Zone) sameRules(o *Zone) bool {
	if o == nil || z.base() != o.base() {
		return false
	}
	a, b := z.rules(), o.rules()
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if *a[i] != *b[i] {
			return false
		}
	}
	return true
}

func (z *Zone) ambiguous(d DateTime) bool {
	return d.kind == unspecified && len(z.clockOffsets(d.ticks)) == 2
}

// twice gives both offsets of a time that the clock shows twice.
func (z *Zone) twice(d DateTime) (types.Value, error) {
	o := z.clockOffsets(d.ticks)
	if !z.ambiguous(d) {
		return nil, types.Argument("dateTime", "The supplied DateTime is not in an ambiguous time range.")
	}
	return &types.Array{Elem: timeSpan, Items: []types.Value{TimeSpan(o[0]), TimeSpan(o[1])}}, nil
}
