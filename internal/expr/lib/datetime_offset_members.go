package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

// dateTimeOffsetDecl is System.DateTimeOffset.
var dateTimeOffsetDecl = types.Decl{
	Type: dateTimeOffset,
	Doc:  "An instant together with the offset of its clock from UTC.",
	Format: func(v types.Value, format string) (string, error) {
		return formatDate(v.(DateTimeOffset).civil(), format)
	},
	Members: concatRows([]types.Member{
		{Sig: "DateTimeOffset(DateTime dateTime)", Do: types.Do(newDateTimeOffset), Doc: "With offset 0."},
		{Sig: "DateTimeOffset(DateTime dateTime, TimeSpan offset)", Do: types.Do(newDateTimeOffset), Doc: "On a clock of that offset."},
		{Sig: "DateTimeOffset(long ticks, TimeSpan offset)", Do: types.Do(newDateTimeOffset), Doc: "On a clock of that offset."},
		{Sig: "DateTimeOffset(int year, int month, int day, int hour, int minute, int second, TimeSpan offset)", Do: types.Do(newDateTimeOffset), Doc: "On a clock of that offset.", Ex: `new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.FromHours(2)).ToString() → 05/06/2024 07:08:09 +02:00`},
		{Sig: "DateTimeOffset(int year, int month, int day, int hour, int minute, int second, int millisecond, TimeSpan offset)", Do: types.Do(newDateTimeOffset), Doc: "On a clock of that offset."},
		{Sig: "static DateTimeOffset Now { get; }", Do: offsetNow, Doc: "The current instant; the local zone is UTC."},
		{Sig: "static DateTimeOffset UtcNow { get; }", Do: offsetNow, Doc: "The current instant."},
		{Sig: "static DateTimeOffset MinValue { get; }", Do: types.Fn0(func() DateTimeOffset { return DateTimeOffset{} }), Doc: "The first instant."},
		{Sig: "static DateTimeOffset MaxValue { get; }", Do: types.Fn0(func() DateTimeOffset { return DateTimeOffset{utc: maxTicks} }), Doc: "The last instant."},
		{Sig: "static DateTimeOffset Parse(string input)", Do: types.Do(func(c *types.Call) (types.Value, error) { return parseOffset(c) }), Doc: "Reads a date; without a zone its offset is 0.", Ex: `DateTimeOffset.Parse("2024-05-06T07:08:09+02:00").Offset.Hours → 2`},
		{Sig: "static bool TryParse(string input, out DateTimeOffset result)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			d, err := parseOffset(c)
			c.Args[1].(*types.Ref).V = d
			return err == nil, nil
		}), Doc: "Reads a date, or gives false.", Ex: `DateTimeOffset.TryParse("nope", out var d) → False`},
		{Sig: "static DateTimeOffset FromUnixTimeSeconds(long seconds)", Do: types.Fn1E(fromUnix(ticksPerSecond)), Doc: "Of seconds since 1970.", Ex: `DateTimeOffset.FromUnixTimeSeconds(1715000000).ToString("o") → 2024-05-06T12:53:20.0000000+00:00`},
		{Sig: "static DateTimeOffset FromUnixTimeMilliseconds(long milliseconds)", Do: types.Fn1E(fromUnix(ticksPerMillisecond)), Doc: "Of milliseconds since 1970."},
		{Sig: "long ToFileTime()", Do: types.Fn1E(func(d DateTimeOffset) (int64, error) {
			const epoch = 504911232000000000 // 1601
			if d.utc < epoch {
				return 0, types.ArgumentRange("", "Not a valid Win32 FileTime.")
			}
			return d.utc - epoch, nil
		}), Doc: "Ticks since 1601."},
		{Sig: "long ToUnixTimeSeconds()", Do: types.Fn1(func(d DateTimeOffset) int64 { return d.unix(ticksPerSecond) }), Doc: "Seconds since 1970.", Ex: `DateTimeOffset.FromUnixTimeSeconds(-1).ToUnixTimeSeconds() → -1`},
		{Sig: "long ToUnixTimeMilliseconds()", Do: types.Fn1(func(d DateTimeOffset) int64 { return d.unix(ticksPerMillisecond) }), Doc: "Milliseconds since 1970."},
		{Sig: "DateTime DateTime { get; }", Do: types.Fn1(func(d DateTimeOffset) DateTime { return DateTime{ticks: d.clock()} }), Doc: "What its clock shows."},
		{Sig: "DateTime UtcDateTime { get; }", Do: types.Fn1(func(d DateTimeOffset) DateTime { return DateTime{d.utc, utcKind} }), Doc: "What a UTC clock shows."},
		{Sig: "DateTime LocalDateTime { get; }", Do: types.Fn1(func(d DateTimeOffset) DateTime { return DateTime{d.utc, localKind} }), Doc: "What the local clock, UTC, shows."},
		{Sig: "DateTime Date { get; }", Do: types.Fn1(func(d DateTimeOffset) DateTime { return DateTime{ticks: d.clock() - d.clock()%ticksPerDay} }), Doc: "Midnight of its day."},
		{Sig: "TimeSpan Offset { get; }", Do: types.Fn1(func(d DateTimeOffset) TimeSpan { return TimeSpan(int64(d.offset) * ticksPerMinute) }), Doc: "The offset from UTC."},
		{Sig: "long UtcTicks { get; }", Do: types.Fn1(func(d DateTimeOffset) int64 { return d.utc }), Doc: "Ticks of the UTC clock."},
		{Sig: "DateTimeOffset ToUniversalTime()", Do: types.Fn1(func(d DateTimeOffset) DateTimeOffset { return DateTimeOffset{utc: d.utc} }), Doc: "The same instant on a UTC clock."},
		{Sig: "DateTimeOffset ToLocalTime()", Do: types.Fn1(func(d DateTimeOffset) DateTimeOffset { return DateTimeOffset{utc: d.utc} }), Doc: "The same instant on the local clock, UTC."},
		{Sig: "DateTimeOffset ToOffset(TimeSpan offset)", Do: types.Fn2E(func(d DateTimeOffset, s TimeSpan) (DateTimeOffset, error) {
			if clock := d.utc + int64(s); clock >= 0 && clock <= maxTicks {
				return offsetAt(clock, s)
			}
			return DateTimeOffset{}, types.ArgumentRange("offset", "The time that a clock of that offset shows must be between year 0 and 10,000.")
		}), Doc: "The same instant on another clock."},
		{Sig: "bool EqualsExact(DateTimeOffset other)", Do: types.Fn2(func(a, b DateTimeOffset) bool { return a == b }), Doc: "Whether instant and offset are equal."},
		{Sig: "static int Compare(DateTimeOffset first, DateTimeOffset second)", Do: types.Fn2E(compareValues), Doc: "The order in time."},
		{Sig: "static bool Equals(DateTimeOffset first, DateTimeOffset second)", Do: types.Fn2(types.Equal), Doc: "Whether both are the same instant."},
		{Sig: "DateTimeOffset Add(TimeSpan timeSpan)", Do: types.Fn2E(func(d DateTimeOffset, s TimeSpan) (DateTimeOffset, error) { return d.move(int64(s)) }), Doc: "Later by a span."},
		{Sig: "DateTimeOffset AddDays(double days)", Do: types.Fn2E(viaClock(addUnits(ticksPerDay))), Doc: "Later by so many days."},
		{Sig: "DateTimeOffset AddHours(double hours)", Do: types.Fn2E(viaClock(addUnits(ticksPerHour))), Doc: "Later by so many hours."},
		{Sig: "DateTimeOffset AddMinutes(double minutes)", Do: types.Fn2E(viaClock(addUnits(ticksPerMinute))), Doc: "Later by so many minutes."},
		{Sig: "DateTimeOffset AddSeconds(double seconds)", Do: types.Fn2E(viaClock(addUnits(ticksPerSecond))), Doc: "Later by so many seconds."},
		{Sig: "DateTimeOffset AddMilliseconds(double milliseconds)", Do: types.Fn2E(viaClock(addUnits(ticksPerMillisecond))), Doc: "Later by so many milliseconds."},
		{Sig: "DateTimeOffset AddTicks(long ticks)", Do: types.Fn2E(DateTimeOffset.move), Doc: "Later by so many ticks."},
		{Sig: "DateTimeOffset AddMonths(int months)", Do: types.Fn2E(viaClock(addMonths)), Doc: "Later by so many months."},
		{Sig: "DateTimeOffset AddYears(int years)", Do: types.Fn2E(viaClock(addYears)), Doc: "Later by so many years."},
		{Sig: "TimeSpan Subtract(DateTimeOffset value)", Do: types.Fn2(func(a, b DateTimeOffset) TimeSpan { return TimeSpan(a.utc - b.utc) }), Doc: "The time between."},
		{Sig: "DateTimeOffset Subtract(TimeSpan value)", Do: types.Fn2E(func(d DateTimeOffset, s TimeSpan) (DateTimeOffset, error) { return d.move(-int64(s)) }), Doc: "Earlier by a span."},
		{Sig: "static DateTimeOffset operator +(DateTimeOffset d, TimeSpan t)", Do: types.Fn2E(func(d DateTimeOffset, s TimeSpan) (DateTimeOffset, error) { return d.move(int64(s)) }), Doc: "Later by a span."},
		{Sig: "static DateTimeOffset operator -(DateTimeOffset d, TimeSpan t)", Do: types.Fn2E(func(d DateTimeOffset, s TimeSpan) (DateTimeOffset, error) { return d.move(-int64(s)) }), Doc: "Earlier by a span."},
		{Sig: "static TimeSpan operator -(DateTimeOffset d1, DateTimeOffset d2)", Do: types.Fn2(func(a, b DateTimeOffset) TimeSpan { return TimeSpan(a.utc - b.utc) }), Doc: "The time between."},
		{Sig: "static implicit operator DateTimeOffset(DateTime dateTime)", Do: types.Fn1(func(d DateTime) DateTimeOffset { return DateTimeOffset{utc: d.ticks} }), Doc: "With offset 0."},
	}, calendarRows(DateTimeOffset.civil), orderRows("DateTimeOffset")),
}

var offsetNow = types.Do(func(c *types.Call) (types.Value, error) { return DateTimeOffset{utc: ticksOf(c.Env.Now())}, nil })

func compareValues(a, b types.Value) (int32, error) {
	n, err := types.Compare(a, b)
	return int32(n), err
}
