package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

// dateTimeDecl is System.DateTime. What Denied lists exists in .NET but is not
// on the service's list.
var dateTimeDecl = types.Decl{
	Type:   dateTime,
	Doc:    "An instant on the calendar.",
	Format: func(v types.Value, format string) (string, error) { return formatDate(v.(DateTime).civil(), format) },
	Denied: []string{
		"Kind", "ToUniversalTime", "ToLocalTime", "ParseExact", "TryParse", "TryParseExact", "SpecifyKind", "Compare",
		"ToBinary", "FromBinary", "ToFileTime", "FromFileTime", "ToFileTimeUtc", "FromFileTimeUtc", "ToOADate", "FromOADate", "GetDateTimeFormats",
		"ToShortDateString", "ToLongDateString", "ToShortTimeString", "ToLongTimeString", "GetTypeCode",
	},
	Members: concatRows([]types.Member{
		{Sig: "DateTime(long ticks)", Do: types.Do(newDateTime), Doc: "Of ticks since year 1."},
		{Sig: "DateTime(long ticks, DateTimeKind kind)", Do: types.Do(newDateTime), Doc: "Of ticks since year 1."},
		{Sig: "DateTime(int year, int month, int day)", Do: types.Do(newDateTime), Doc: "Midnight of a day.", Ex: `new DateTime(2023, 2, 29) ! ArgumentOutOfRangeException`},
		{Sig: "DateTime(int year, int month, int day, int hour, int minute, int second)", Do: types.Do(newDateTime), Doc: "A second of a day."},
		{Sig: "DateTime(int year, int month, int day, int hour, int minute, int second, DateTimeKind kind)", Do: types.Do(newDateTime), Doc: "A second of a day.", Ex: `new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc).ToString("o") → 2024-01-02T03:04:05.0000000Z`},
		{Sig: "DateTime(int year, int month, int day, int hour, int minute, int second, int millisecond)", Do: types.Do(newDateTime), Doc: "A millisecond of a day."},
		{Sig: "DateTime(int year, int month, int day, int hour, int minute, int second, int millisecond, DateTimeKind kind)", Do: types.Do(newDateTime), Doc: "A millisecond of a day."},
		{Sig: "static DateTime Now { get; }", Do: dateNow(localKind, false), Doc: "The current instant; the local zone is UTC."},
		{Sig: "static DateTime UtcNow { get; }", Do: dateNow(utcKind, false), Doc: "The current instant."},
		{Sig: "static DateTime Today { get; }", Do: dateNow(localKind, true), Doc: "The current day."},
		{Sig: "static DateTime MinValue { get; }", Do: types.Fn0(func() DateTime { return DateTime{} }), Doc: "The first instant.", Ex: `DateTime.MinValue.ToString("s") → 0001-01-01T00:00:00`},
		{Sig: "static DateTime MaxValue { get; }", Do: types.Fn0(func() DateTime { return DateTime{ticks: maxTicks} }), Doc: "The last instant."},
		{Sig: "static DateTime Parse(string s)", Do: types.Do(parseDateTime), Doc: "Reads a date; with a zone it is turned to the local one, UTC.", Ex: `DateTime.Parse("2024-05-06T07:08:09+02:00").Hour → 5`},
		{Sig: "static int DaysInMonth(int year, int month)", Do: types.Fn2E(daysInMonth), Doc: "The length of a month.", Ex: `DateTime.DaysInMonth(2024, 2) → 29`},
		{Sig: "static bool IsLeapYear(int year)", Do: types.Fn1E(isLeapYear), Doc: "Whether the year has 366 days.", Ex: `DateTime.IsLeapYear(1900) → False`},
		{Sig: "DateTime Date { get; }", Do: types.Fn1(func(d DateTime) DateTime { return DateTime{d.ticks - d.ticks%ticksPerDay, d.kind} }), Doc: "Midnight of its day."},
		{Sig: "bool IsDaylightSavingTime()", Do: types.Fn1(func(DateTime) bool { return false }), Doc: "Always false: the local zone is UTC."},
		{Sig: "DateTime Add(TimeSpan value)", Do: types.Fn2E(func(d DateTime, s TimeSpan) (DateTime, error) { return d.addTicks(int64(s)) }), Doc: "Later by a span."},
		{Sig: "DateTime AddDays(double value)", Do: types.Fn2E(addUnits(ticksPerDay)), Doc: "Later by so many days.", Ex: `new DateTime(2024, 2, 28).AddDays(1.5).ToString("s") → 2024-02-29T12:00:00`},
		{Sig: "DateTime AddHours(double value)", Do: types.Fn2E(addUnits(ticksPerHour)), Doc: "Later by so many hours."},
		{Sig: "DateTime AddMinutes(double value)", Do: types.Fn2E(addUnits(ticksPerMinute)), Doc: "Later by so many minutes."},
		{Sig: "DateTime AddSeconds(double value)", Do: types.Fn2E(addUnits(ticksPerSecond)), Doc: "Later by so many seconds."},
		{Sig: "DateTime AddMilliseconds(double value)", Do: types.Fn2E(addUnits(ticksPerMillisecond)), Doc: "Later by so many milliseconds."},
		{Sig: "DateTime AddTicks(long value)", Do: types.Fn2E(DateTime.addTicks), Doc: "Later by so many ticks."},
		{Sig: "DateTime AddMonths(int months)", Do: types.Fn2E(addMonths), Doc: "Later by so many months, within the month.", Ex: `new DateTime(2024, 1, 31).AddMonths(1).Day → 29`},
		{Sig: "DateTime AddYears(int value)", Do: types.Fn2E(addYears), Doc: "Later by so many years."},
		{Sig: "TimeSpan Subtract(DateTime value)", Do: types.Fn2(DateTime.minus), Doc: "The time between.", Ex: `new DateTime(2024, 1, 1).Subtract(new DateTime(2023, 1, 1)).Days → 365`},
		{Sig: "DateTime Subtract(TimeSpan value)", Do: types.Fn2E(func(d DateTime, s TimeSpan) (DateTime, error) { return d.addTicks(-int64(s)) }), Doc: "Earlier by a span."},
		{Sig: "static DateTime operator +(DateTime d, TimeSpan t)", Do: types.Fn2E(func(d DateTime, s TimeSpan) (DateTime, error) { return d.addTicks(int64(s)) }), Doc: "Later by a span."},
		{Sig: "static DateTime operator -(DateTime d, TimeSpan t)", Do: types.Fn2E(func(d DateTime, s TimeSpan) (DateTime, error) { return d.addTicks(-int64(s)) }), Doc: "Earlier by a span."},
		{Sig: "static TimeSpan operator -(DateTime d1, DateTime d2)", Do: types.Fn2(DateTime.minus), Doc: "The time between."},
	}, calendarRows(DateTime.civil), orderRows("DateTime")),
}

// calendarRows are the properties that DateTime and DateTimeOffset share.
func calendarRows[T any](get func(T) civil) []types.Member {
	number := func(name, doc string, f func(civil) int) types.Member {
		return types.Member{Sig: "int " + name + " { get; }", Do: types.Fn1(func(v T) int32 { return int32(f(get(v))) }), Doc: doc}
	}
	return []types.Member{
		number("Year", "The year.", civil.Year),
		number("Month", "The month, 1 to 12.", func(c civil) int { return int(c.Month()) }),
		number("Day", "The day of the month.", civil.Day),
		number("DayOfYear", "The day of the year.", civil.YearDay),
		number("Hour", "The hour, 0 to 23.", civil.Hour),
		number("Minute", "The minute.", civil.Minute),
		number("Second", "The second.", civil.Second),
		number("Millisecond", "The millisecond.", func(c civil) int { return c.Nanosecond() / 1e6 }),
		{Sig: "DayOfWeek DayOfWeek { get; }", Do: types.Fn1(func(v T) types.Enum { return types.Enum{Type: dayOfWeek, N: int64(get(v).Weekday())} }), Doc: "The day of the week."},
		{Sig: "long Ticks { get; }", Do: types.Fn1(func(v T) int64 { return get(v).ticks }), Doc: "Units of 100 ns since year 1."},
		{Sig: "TimeSpan TimeOfDay { get; }", Do: types.Fn1(func(v T) TimeSpan { return TimeSpan(get(v).ticks % ticksPerDay) }), Doc: "The time since midnight."},
	}
}

// orderRows are the comparison operators of an Ordered value type.
func orderRows(name string) []types.Member {
	var out []types.Member
	for _, op := range []struct {
		sign string
		ok   func(int) bool
	}{
		{"==", func(c int) bool { return c == 0 }},
		{"!=", func(c int) bool { return c != 0 }},
		{"<", func(c int) bool { return c < 0 }},
		{">", func(c int) bool { return c > 0 }},
		{"<=", func(c int) bool { return c <= 0 }},
		{">=", func(c int) bool { return c >= 0 }},
	} {
		out = append(out, types.Member{
			Sig: "static bool operator " + op.sign + "(" + name + " t1, " + name + " t2)",
			Do: types.Fn2E(func(a, b types.Value) (bool, error) {
				c, err := types.Compare(a, b)
				return op.ok(c), err
			}), Doc: "Comparison in time.",
		})
	}
	return out
}

func daysInMonth(year, month int32) (int32, error) {
	if month < 1 || month > 12 {
		return 0, types.ArgumentRange("month", "Month must be between one and twelve.")
	}
	if year < 1 || year > 9999 {
		return 0, types.ArgumentRange("year", "Year must be between 1 and 9999.")
	}
	return int32(daysIn(int(year), int(month))), nil
}

func isLeapYear(year int32) (bool, error) {
	n, err := daysInMonth(year, 2)
	return n == 29, err
}

func parseDateTime(c *types.Call) (types.Value, error) {
	s, ok := c.Args[0].(string)
	if !ok {
		return nil, types.ArgumentNull("s")
	}
	p, err := parseDate(s, c.Env.Now())
	if err != nil {
		return nil, err
	}
	return p.dateTime(), nil
}
