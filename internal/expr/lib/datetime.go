package lib

import (
	"math"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	dateTime     = types.Struct("System.DateTime").WithZero(DateTime{})
	dateTimeKind = types.EnumOf("System.DateTimeKind", "Unspecified", "Utc", "Local")
	dayOfWeek    = types.EnumOf("System.DayOfWeek", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

	dateTimeKindDecl = types.Decl{Type: dateTimeKind, Doc: "What clock a DateTime belongs to.", Denied: []string{"Local", "Unspecified"}}
	dayOfWeekDecl    = types.Decl{Type: dayOfWeek, Doc: "A day of the week."}
)

const (
	ticksPerMillisecond = 10_000
	ticksPerSecond      = 10_000_000
	ticksPerMinute      = 60 * ticksPerSecond
	ticksPerHour        = 60 * ticksPerMinute
	ticksPerDay         = 24 * ticksPerHour
	maxTicks            = 3_155_378_975_999_999_999
	unixSeconds         = 62_135_596_800 // 1970-01-01 in seconds since year 1
)

// The kinds of a DateTime. The local zone of the engine is UTC.
const (
	unspecified uint8 = iota
	utcKind
	localKind
)

// DateTime is System.DateTime: ticks of 100 ns since year 1, and a kind.
type DateTime struct {
	ticks int64
	kind  uint8
}

// NewDateTime makes a DateTime of kind Utc.
func NewDateTime(t time.Time) DateTime { return DateTime{ticksOf(t), utcKind} }

// Time is the instant, taking the clock to be UTC whatever the kind.
func (d DateTime) Time() time.Time { return timeOf(d.ticks) }

func ticksOf(t time.Time) int64 {
	return (t.Unix()+unixSeconds)*ticksPerSecond + int64(t.Nanosecond()/100)
}

func timeOf(ticks int64) time.Time {
	return time.Unix(ticks/ticksPerSecond-unixSeconds, ticks%ticksPerSecond*100).UTC()
}

// NetType implements types.Typed.
func (DateTime) NetType() *types.Type { return dateTime }

// NetString implements types.Text.
func (d DateTime) NetString() string { s, _ := formatDate(d.civil(), "G"); return s }

// NetEquals implements types.Equatable: the kind does not matter.
func (d DateTime) NetEquals(other types.Value) bool {
	e, ok := other.(DateTime)
	return ok && d.ticks == e.ticks
}

// NetHash implements types.Equatable.
func (d DateTime) NetHash() int32 { return int32(d.ticks) ^ int32(d.ticks>>32) }

// NetCompare implements types.Ordered.
func (d DateTime) NetCompare(other types.Value) (int, error) {
	e, ok := other.(DateTime)
	if !ok {
		return 0, types.Argument("", "Object must be of type DateTime.")
	}
	return types.Compare(d.ticks, e.ticks)
}

func (d DateTime) civil() civil {
	c := civil{ticks: d.ticks, Time: timeOf(d.ticks)}
	switch d.kind {
	case utcKind:
		c.zone = "Z"
	case localKind:
		c.zone = "+00:00"
	}
	return c
}

var errDateRange = types.ArgumentRange("value", "The added or subtracted value results in an un-representable DateTime.")

func (d DateTime) addTicks(n int64) (DateTime, error) {
	t := d.ticks + n
	if t < 0 || t > maxTicks || n > maxTicks || n < -maxTicks {
		return DateTime{}, errDateRange
	}
	return DateTime{t, d.kind}, nil
}

// scaled gives value units in ticks, rounded to milliseconds as .NET does.
func scaled(value float64, unit int64) (int64, error) {
	ms := value * float64(unit/ticksPerMillisecond)
	if math.IsNaN(ms) || math.Abs(ms) > maxTicks/ticksPerMillisecond {
		return 0, types.ArgumentRange("value", "Value to add was out of range.")
	}
	return int64(math.Trunc(ms+math.Copysign(0.5, ms))) * ticksPerMillisecond, nil
}

func addUnits(unit int64) func(d DateTime, value float64) (DateTime, error) {
	return func(d DateTime, value float64) (DateTime, error) {
		n, err := scaled(value, unit)
		if err != nil {
			return DateTime{}, err
		}
		return d.addTicks(n)
	}
}

func addMonths(d DateTime, months int32) (DateTime, error) {
	if months < -120000 || months > 120000 {
		return DateTime{}, types.ArgumentRange("months", "Months value must be between +/-120000.")
	}
	t := d.Time()
	m := t.Year()*12 + int(t.Month()) - 1 + int(months)
	year, month := m/12, m%12+1
	if m < 12 || year > 9999 {
		return DateTime{}, errDateRange
	}
	day := min(t.Day(), daysIn(year, month))
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return DateTime{ticksOf(date) + d.ticks%ticksPerDay, d.kind}, nil
}

func addYears(d DateTime, years int32) (DateTime, error) {
	if years < -10000 || years > 10000 {
		return DateTime{}, types.ArgumentRange("years", "Years value must be between +/-10000.")
	}
	return addMonths(d, years*12)
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

var errDate = types.ArgumentRange("", "Year, Month, and Day parameters describe an un-representable DateTime.")

// civilTicks checks year … millisecond, in that order; missing ones are zero.
func civilTicks(parts []int32) (int64, error) {
	var p [7]int
	for i, v := range parts {
		p[i] = int(v)
	}
	if p[0] < 1 || p[0] > 9999 || p[1] < 1 || p[1] > 12 || p[2] < 1 || p[2] > daysIn(p[0], p[1]) {
		return 0, errDate
	}
	if p[3] < 0 || p[3] > 23 || p[4] < 0 || p[4] > 59 || p[5] < 0 || p[5] > 59 {
		return 0, types.ArgumentRange("", "Hour, Minute, and Second parameters describe an un-representable DateTime.")
	}
	if p[6] < 0 || p[6] > 999 {
		return 0, types.ArgumentRange("millisecond", "Valid values are between 0 and 999, inclusive.")
	}
	t := time.Date(p[0], time.Month(p[1]), p[2], p[3], p[4], p[5], p[6]*1e6, time.UTC)
	return ticksOf(t), nil
}

// newDateTime serves every constructor: ints are year to millisecond, a long
// is ticks, an enum the kind.
func newDateTime(c *types.Call) (types.Value, error) {
	var parts []int32
	d := DateTime{}
	for _, v := range c.Args {
		switch v := v.(type) {
		case int32:
			parts = append(parts, v)
		case int64:
			if v < 0 || v > maxTicks {
				return nil, types.ArgumentRange("ticks", "Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.")
			}
			d.ticks = v
		case types.Enum:
			d.kind = uint8(v.N)
		}
	}
	if len(parts) > 0 {
		var err error
		if d.ticks, err = civilTicks(parts); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d DateTime) minus(e DateTime) TimeSpan { return TimeSpan(d.ticks - e.ticks) }

func dateNow(kind uint8, day bool) types.Fn {
	return types.Do(func(c *types.Call) (types.Value, error) {
		d := DateTime{ticksOf(c.Env.Now()), kind}
		if day {
			d.ticks -= d.ticks % ticksPerDay
		}
		return d, nil
	})
}
