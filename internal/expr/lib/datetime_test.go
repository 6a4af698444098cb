package lib

import (
	"testing"
	"time"
)

func TestDatesAreReadInManyForms(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	for _, c := range []struct{ text, want string }{
		{"2024-05-06", "2024-05-06T00:00:00.0000000"},
		{"2024-05-06T07:08:09Z", "2024-05-06T07:08:09.0000000+00:00"},
		{"2024-05-06T07:08:09+02:00", "2024-05-06T05:08:09.0000000+00:00"},
		{"2024-05-06 07:08:09.1234567", "2024-05-06T07:08:09.1234567"},
		{"05/06/2024 1:02 PM", "2024-05-06T13:02:00.0000000"},
		{"6 May 2024", "2024-05-06T00:00:00.0000000"},
		{"May 6, 2024", "2024-05-06T00:00:00.0000000"},
		{"Mon, 06 May 2024 07:08:09 GMT", "2024-05-06T07:08:09.0000000+00:00"},
		{"2024-05", "2024-05-01T00:00:00.0000000"},
		{"13:14", "2024-05-06T13:14:00.0000000"},
		{"Tue, 06 May 2024 07:08:09 GMT", "! FormatException"}, // it was a Monday
		{"2023-02-29", "! FormatException"},
		{"20240506", "! FormatException"},
		{"not a date", "! FormatException"},
		{"", "! FormatException"},
	} {
		p, err := parseDate(c.text, now)
		got := "! " + thrown(err)
		if err == nil {
			_, got = p.dateTime().CanonicalForm()
		}
		if got != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestDatesFormat(t *testing.T) {
	t.Parallel()
	d := DateTime{ticksOf(time.Date(2024, 2, 29, 13, 4, 5, 120_000_000, time.UTC)), utcKind}
	for _, c := range []struct{ format, want string }{
		{"", "02/29/2024 13:04:05"},
		{"d", "02/29/2024"},
		{"D", "Thursday, 29 February 2024"},
		{"f", "Thursday, 29 February 2024 13:04"},
		{"o", "2024-02-29T13:04:05.1200000Z"},
		{"r", "Thu, 29 Feb 2024 13:04:05 GMT"},
		{"s", "2024-02-29T13:04:05"},
		{"u", "2024-02-29 13:04:05Z"},
		{"m", "February 29"},
		{"y", "2024 February"},
		{"yyyy-MM-ddTHH:mm:ss.fffZ", "2024-02-29T13:04:05.120Z"},
		{"HH:mm:ss.FFF", "13:04:05.12"},
		{"hh:mm tt", "01:04 PM"},
		{"h t", "1 P"},
		{"%d", "29"},
		{"yyyy'T'MM", "2024T02"},
		{`HH\hmm`, "13h04"},
		{"zzz", "+00:00"},
		{"gg", "A.D."},
		{"q", "! FormatException"},
		{"%", "! FormatException"},
		{"'open", "! FormatException"},
	} {
		s, err := formatDate(d.civil(), c.format)
		if got := outcome(s, err); got != c.want {
			t.Errorf("%q: got %q, want %q", c.format, got, c.want)
		}
	}
}

func TestMonthsAreAddedWithinTheMonth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		month, day int
		add        int32
		want       string
	}{{1, 31, 1, "2024-02-29"}, {3, 31, -1, "2024-02-29"}, {2, 29, 12, "2025-02-28"}, {12, 15, 1, "2025-01-15"}} {
		d, err := addMonths(DateTime{ticks: ticksOf(time.Date(2024, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC))}, c.add)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := formatDate(d.civil(), "yyyy-MM-dd"); got != c.want {
			t.Errorf("%d-%d plus %d months: got %s, want %s", c.month, c.day, c.add, got, c.want)
		}
	}
}

func TestDatesBeyondTheCalendarAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := (DateTime{ticks: maxTicks}).addTicks(1); thrown(err) != "ArgumentOutOfRangeException" {
		t.Errorf("one tick after the last: %v", err)
	}
	if _, err := addMonths(DateTime{}, -1); thrown(err) != "ArgumentOutOfRangeException" {
		t.Errorf("a month before the first: %v", err)
	}
	if _, err := fromUnix(ticksPerSecond)(1 << 60); thrown(err) != "ArgumentOutOfRangeException" {
		t.Errorf("seconds far away: %v", err)
	}
}

func TestTimeSpans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"01:02:03", "01:02:03"},
		{"1.02:03:04.5", "1.02:03:04.5000000"},
		{"6", "6.00:00:00"},
		{"-00:00:01", "-00:00:01"},
		{"1:2", "01:02:00"},
		{"25:00:00", "! OverflowException"},
		{"x", "! FormatException"},
		{"1.2.3", "! FormatException"},
		{"", "! FormatException"},
		{"99999999.00:00:00", "! OverflowException"},
	} {
		if got := outcome(ParseTimeSpan(c.text)); got != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
	for _, c := range []struct{ format, want string }{
		{"c", "1.02:03:04.5000000"}, {"g", "1:2:03:04.5"}, {"G", "1:02:03:04.5000000"}, {`d\.hh\:mm\:ss\.ff`, "1.02:03:04.50"}, {"hh':'mm", "02:03"}, {"q", "! FormatException"},
	} {
		s, _ := ParseTimeSpan("1.02:03:04.5")
		if got := outcome(formatSpan(s, c.format)); got != c.want {
			t.Errorf("format %q: got %s, want %s", c.format, got, c.want)
		}
	}
}

func TestTimeZonesByWindowsName(t *testing.T) {
	t.Parallel()
	z, err := findZone("W. Europe Standard Time")
	if err != nil {
		t.Fatal(err)
	}
	noon := ticksOf(time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC))
	if got := z.dateTime(noon).Time().Hour(); got != 14 {
		t.Errorf("noon UTC in July is %d o'clock in Berlin, want 14", got)
	}
	if _, err := findZone("../../etc/passwd"); thrown(err) != "TimeZoneNotFoundException" {
		t.Errorf("a path as a zone: %v", err)
	}
}
