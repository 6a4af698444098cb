package lib

import (
	"fmt"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	timeZoneInfoT = types.Class("System.TimeZoneInfo")
	timeZoneT     = types.Class("System.TimeZone")
)

// Zone is System.TimeZoneInfo: one of the time zone database, or one of rules that an expression made.
type Zone struct {
	id     string
	loc    *time.Location // nil for a zone of rules
	custom *customZone
}

// NetType implements types.Typed.
func (*Zone) NetType() *types.Type { return timeZoneInfoT }

// NetString implements types.Text.
func (z *Zone) NetString() string { return z.display() }

// NetEquals implements types.Equatable.
func (z *Zone) NetEquals(other types.Value) bool {
	y, ok := other.(*Zone)
	return ok && y != nil && y.id == z.id
}

// NetHash implements types.Equatable.
func (z *Zone) NetHash() int32 { return types.Hash(z.id) }

var utcZone = &Zone{id: "UTC", loc: time.UTC}

// windowsZones are the identifiers of Windows, which policies use, with those
// of the time zone database.
var windowsZones = map[string]string{
	"UTC": "UTC", "GMT Standard Time": "Europe/London", "Greenwich Standard Time": "Atlantic/Reykjavik", "W. Europe Standard Time": "Europe/Berlin",
	"Central Europe Standard Time": "Europe/Budapest", "Central European Standard Time": "Europe/Warsaw", "Romance Standard Time": "Europe/Paris",
	"E. Europe Standard Time": "Europe/Chisinau", "FLE Standard Time": "Europe/Kiev", "GTB Standard Time": "Europe/Bucharest", "Turkey Standard Time": "Europe/Istanbul",
	"Russian Standard Time": "Europe/Moscow", "Israel Standard Time": "Asia/Jerusalem", "Egypt Standard Time": "Africa/Cairo", "South Africa Standard Time": "Africa/Johannesburg",
	"E. Africa Standard Time": "Africa/Nairobi", "W. Central Africa Standard Time": "Africa/Lagos", "Morocco Standard Time": "Africa/Casablanca", "Arab Standard Time": "Asia/Riyadh",
	"Arabian Standard Time": "Asia/Dubai", "Iran Standard Time": "Asia/Tehran", "Pakistan Standard Time": "Asia/Karachi", "India Standard Time": "Asia/Kolkata",
	"Sri Lanka Standard Time": "Asia/Colombo", "Nepal Standard Time": "Asia/Kathmandu", "Bangladesh Standard Time": "Asia/Dhaka", "SE Asia Standard Time": "Asia/Bangkok",
	"China Standard Time": "Asia/Shanghai", "Singapore Standard Time": "Asia/Singapore", "Taipei Standard Time": "Asia/Taipei", "W. Australia Standard Time": "Australia/Perth",
	"Tokyo Standard Time": "Asia/Tokyo", "Korea Standard Time": "Asia/Seoul", "Cen. Australia Standard Time": "Australia/Adelaide", "AUS Central Standard Time": "Australia/Darwin",
	"E. Australia Standard Time": "Australia/Brisbane", "AUS Eastern Standard Time": "Australia/Sydney", "Tasmania Standard Time": "Australia/Hobart",
	"New Zealand Standard Time": "Pacific/Auckland", "Fiji Standard Time": "Pacific/Fiji", "Azores Standard Time": "Atlantic/Azores", "E. South America Standard Time": "America/Sao_Paulo",
	"Argentina Standard Time": "America/Buenos_Aires", "SA Eastern Standard Time": "America/Cayenne", "Newfoundland Standard Time": "America/St_Johns", "Atlantic Standard Time": "America/Halifax",
	"SA Western Standard Time": "America/La_Paz", "Pacific SA Standard Time": "America/Santiago", "Venezuela Standard Time": "America/Caracas", "Eastern Standard Time": "America/New_York",
	"US Eastern Standard Time": "America/Indianapolis", "SA Pacific Standard Time": "America/Bogota", "Central Standard Time": "America/Chicago", "Canada Central Standard Time": "America/Regina",
	"Central Standard Time (Mexico)": "America/Mexico_City", "Central America Standard Time": "America/Guatemala", "Mountain Standard Time": "America/Denver",
	"US Mountain Standard Time": "America/Phoenix", "Pacific Standard Time": "America/Los_Angeles", "Alaskan Standard Time": "America/Anchorage", "Hawaiian Standard Time": "Pacific/Honolulu",
}

func findZone(id string) (*Zone, error) {
	name, ok := windowsZones[id]
	if !ok {
		name = id
	}
	missing := types.Throw("System.TimeZoneNotFoundException", "The time zone ID '"+id+"' was not found on the local computer.")
	if name == "" || name == "Local" || len(name) > 64 || strings.Contains(name, "..") {
		return nil, missing
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, missing
	}
	return &Zone{id: id, loc: loc}, nil
}

// offsetAtUTC gives the offset in ticks at an instant.
func (z *Zone) offsetAtUTC(ticks int64) int64 {
	if z.custom != nil {
		return z.custom.offset(ticks)
	}
	_, s := timeOf(ticks).In(z.loc).Zone()
	return int64(s) * ticksPerSecond
}

// clockOffsets are the offsets at which the zone's clock shows ticks: none when
// it skips that time, two when it shows it twice, the smaller first.
func (z *Zone) clockOffsets(ticks int64) []int64 {
	var out []int64
	before, after := z.offsetAtUTC(max(ticks-ticksPerDay, 0)), z.offsetAtUTC(min(ticks+ticksPerDay, maxTicks))
	for _, o := range []int64{min(before, after), max(before, after)} {
		if u := ticks - o; z.offsetAtUTC(max(min(u, maxTicks), 0)) == o && (len(out) == 0 || out[0] != o) {
			out = append(out, o)
		}
	}
	return out
}

// offsetAtClock gives the offset when the zone's clock shows ticks: that of
// standard time when it shows them twice or not at all.
func (z *Zone) offsetAtClock(ticks int64) int64 {
	if o := z.clockOffsets(ticks); len(o) > 0 {
		return o[0]
	}
	return min(z.offsetAtUTC(max(ticks-ticksPerDay, 0)), z.offsetAtUTC(min(ticks+ticksPerDay, maxTicks)))
}

func (z *Zone) skips(d DateTime) bool {
	return d.kind == unspecified && len(z.clockOffsets(d.ticks)) == 0
}

// toUTC is the instant of a DateTime, which must be one that the zone's clock shows.
func (z *Zone) toUTC(d DateTime) (DateTime, error) {
	if z.skips(d) {
		return DateTime{}, types.Argument("dateTime", "The supplied DateTime represents an invalid time. For example, when the clock is adjusted forward, any time in the period that is skipped is invalid.")
	}
	return DateTime{z.utcOf(d), utcKind}, nil
}

// utc is the instant of a DateTime: unspecified ones are on the zone's clock.
func (z *Zone) utcOf(d DateTime) int64 {
	if d.kind == unspecified {
		return d.ticks - z.offsetAtClock(d.ticks)
	}
	return d.ticks
}

// offsetOf is the offset at a DateTime; a time that the clock skips has that of before.
func (z *Zone) offsetOf(d DateTime) int64 {
	if d.kind == unspecified {
		return z.offsetAtClock(d.ticks)
	}
	return z.offsetAtUTC(d.ticks)
}

func (z *Zone) dateTime(utc int64) DateTime {
	if z.loc == time.UTC {
		return DateTime{utc, utcKind}
	}
	return DateTime{ticks: utc + z.offsetAtUTC(utc)}
}

// base is the offset outside daylight saving time: the smaller of two offsets
// half a year apart.
func (z *Zone) base() int64 {
	if z.custom != nil {
		return z.custom.base
	}
	january := z.offsetAtUTC(ticksOf(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)))
	july := z.offsetAtUTC(ticksOf(time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC)))
	return min(january, july)
}

func (z *Zone) display() string {
	if z.custom != nil {
		return z.custom.display
	}
	if z.loc == time.UTC {
		return "UTC"
	}
	sign, m := "+", z.base()/ticksPerMinute
	if m < 0 {
		sign, m = "-", -m
	}
	return fmt.Sprintf("(UTC%s%02d:%02d) %s", sign, m/60, m%60, z.id)
}

func (z *Zone) daylight(utc int64) bool { return z.offsetAtUTC(utc) != z.base() }

func zoneArgument(v types.Value) (*Zone, error) {
	switch v := v.(type) {
	case *Zone:
		if v != nil {
			return v, nil
		}
	case string:
		return findZone(v)
	}
	return nil, types.ArgumentNull("destinationTimeZone")
}

// convertZone serves ConvertTime and ConvertTimeBySystemTimeZoneId: (time,
// destination) or (time, source, destination).
func convertZone(c *types.Call) (types.Value, error) {
	to, err := zoneArgument(c.Args[len(c.Args)-1])
	if err != nil {
		return nil, err
	}
	if d, ok := c.Args[0].(DateTimeOffset); ok {
		return DateTimeOffset{d.utc, int16(to.offsetAtUTC(d.utc) / ticksPerMinute)}, nil
	}
	from := utcZone
	if len(c.Args) == 3 {
		if from, err = zoneArgument(c.Args[1]); err != nil {
			return nil, err
		}
	}
	utc, err := from.toUTC(c.Args[0].(DateTime))
	if err != nil {
		return nil, err
	}
	return to.dateTime(utc.ticks), nil
}

// timeZoneDecls declares TimeZoneInfo, and TimeZone by name.
func timeZoneDecls() []types.Decl {
	return []types.Decl{
		{Type: timeZoneT, Doc: "The time zone of this machine: UTC.", Members: []types.Member{
			{Sig: "static TimeZone CurrentTimeZone { get; }", Do: types.Fn0(func() *localZone { return &localZone{} }), Doc: "UTC."},
			{Sig: "string StandardName { get; }", Do: types.Fn1(func(*localZone) string { return "UTC" }), Doc: "UTC."},
			{Sig: "string DaylightName { get; }", Do: types.Fn1(func(*localZone) string { return "UTC" }), Doc: "UTC."},
			{Sig: "TimeSpan GetUtcOffset(DateTime time)", Do: types.Fn2(func(*localZone, DateTime) TimeSpan { return 0 }), Doc: "No offset."},
			{Sig: "bool IsDaylightSavingTime(DateTime time)", Do: types.Fn2(func(*localZone, DateTime) bool { return false }), Doc: "Always false."},
			{Sig: "DateTime ToUniversalTime(DateTime time)", Do: types.Fn2(func(_ *localZone, d DateTime) DateTime { return DateTime{d.ticks, utcKind} }), Doc: "The same time."},
			{Sig: "DateTime ToLocalTime(DateTime time)", Do: types.Fn2(func(_ *localZone, d DateTime) DateTime { return DateTime{d.ticks, localKind} }), Doc: "The same time."},
		}},
		{Type: timeZoneInfoT, Doc: "A time zone.", Members: append([]types.Member{
			{Sig: "static TimeZoneInfo Utc { get; }", Do: types.Fn0(func() *Zone { return utcZone }), Doc: "UTC.", Ex: "TimeZoneInfo.Utc.BaseUtcOffset → 00:00:00"},
			{Sig: "static TimeZoneInfo Local { get; }", Do: types.Fn0(func() *Zone { return utcZone }), Doc: "The zone of this machine: UTC."},
			{Sig: "static TimeZoneInfo FindSystemTimeZoneById(string id)", Do: types.Fn1E(findZone), Doc: "A zone by its Windows or IANA identifier.", Ex: `TimeZoneInfo.FindSystemTimeZoneById("W. Europe Standard Time").BaseUtcOffset → 01:00:00`},
			{Sig: "static DateTime ConvertTime(DateTime dateTime, TimeZoneInfo destinationTimeZone)", Do: types.Do(convertZone), Doc: "The time on the clock of another zone."},
			{Sig: "static DateTime ConvertTime(DateTime dateTime, TimeZoneInfo sourceTimeZone, TimeZoneInfo destinationTimeZone)", Do: types.Do(convertZone), Doc: "The time on the clock of another zone."},
			{Sig: "static DateTimeOffset ConvertTime(DateTimeOffset dateTimeOffset, TimeZoneInfo destinationTimeZone)", Do: types.Do(convertZone), Doc: "The time on the clock of another zone."},
			{Sig: "static DateTime ConvertTimeFromUtc(DateTime dateTime, TimeZoneInfo destinationTimeZone)", Do: types.Do(func(c *types.Call) (types.Value, error) {
				to, err := zoneArgument(c.Args[1])
				if err != nil {
					return nil, err
				}
				return to.dateTime(c.Args[0].(DateTime).ticks), nil
			}), Doc: "A UTC time on the clock of a zone.", Ex: `TimeZoneInfo.ConvertTimeFromUtc(new DateTime(2024, 7, 1), TimeZoneInfo.FindSystemTimeZoneById("Eastern Standard Time")).ToString("s") → 2024-06-30T20:00:00`},
			{Sig: "static DateTime ConvertTimeToUtc(DateTime dateTime)", Do: types.Fn1(func(d DateTime) DateTime { return DateTime{d.ticks, utcKind} }), Doc: "A local time in UTC."},
			{Sig: "static DateTime ConvertTimeToUtc(DateTime dateTime, TimeZoneInfo sourceTimeZone)", Do: types.Do(func(c *types.Call) (types.Value, error) {
				from, err := zoneArgument(c.Args[1])
				if err != nil {
					return nil, err
				}
				return from.toUTC(c.Args[0].(DateTime))
			}), Doc: "The time of a zone in UTC."},
			{Sig: "static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string destinationTimeZoneId)", Do: types.Do(convertZone), Doc: "The time on the clock of a zone."},
			{Sig: "static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string sourceTimeZoneId, string destinationTimeZoneId)", Do: types.Do(convertZone), Doc: "The time on the clock of another zone."},
			{Sig: "static DateTimeOffset ConvertTimeBySystemTimeZoneId(DateTimeOffset dateTimeOffset, string destinationTimeZoneId)", Do: types.Do(convertZone), Doc: "The time on the clock of a zone."},
			{Sig: "string Id { get; }", Do: types.Fn1(func(z *Zone) string { return z.id }), Doc: "The identifier."},
			{Sig: "string DisplayName { get; }", Do: types.Fn1((*Zone).display), Doc: "The name for people."},
			{Sig: "string StandardName { get; }", Do: types.Fn1((*Zone).standardName), Doc: "The name of standard time."},
			{Sig: "string DaylightName { get; }", Do: types.Fn1((*Zone).daylightName), Doc: "The name of daylight saving time."},
			{Sig: "TimeSpan BaseUtcOffset { get; }", Do: types.Fn1(func(z *Zone) TimeSpan { return TimeSpan(z.base()) }), Doc: "The offset of standard time."},
			{Sig: "bool SupportsDaylightSavingTime { get; }", Do: types.Fn1((*Zone).changes), Doc: "Whether the clock changes."},
			{Sig: "TimeSpan GetUtcOffset(DateTime dateTime)", Do: types.Fn2(func(z *Zone, d DateTime) TimeSpan { return TimeSpan(z.offsetOf(d)) }), Doc: "The offset at a time."},
			{Sig: "TimeSpan GetUtcOffset(DateTimeOffset dateTimeOffset)", Do: types.Fn2(func(z *Zone, d DateTimeOffset) TimeSpan { return TimeSpan(z.offsetAtUTC(d.utc)) }), Doc: "The offset at a time."},
			{Sig: "bool IsDaylightSavingTime(DateTime dateTime)", Do: types.Fn2(func(z *Zone, d DateTime) bool { return z.offsetOf(d) != z.base() }), Doc: "Whether daylight saving time holds."},
			{Sig: "bool IsDaylightSavingTime(DateTimeOffset dateTimeOffset)", Do: types.Fn2(func(z *Zone, d DateTimeOffset) bool { return z.daylight(d.utc) }), Doc: "Whether daylight saving time holds."},
			{Sig: "bool IsInvalidTime(DateTime dateTime)", Do: types.Fn2((*Zone).skips), Doc: "Whether the clock skips that time."},
		}, zoneRuleRows...)},
		adjustmentRuleDecl, transitionTimeDecl,
	}
}

type localZone struct{ _ byte }

// NetType implements types.Typed.
func (*localZone) NetType() *types.Type { return timeZoneT }
