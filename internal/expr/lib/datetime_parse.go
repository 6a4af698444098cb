package lib

import (
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// parsedDate is what a date text says.
type parsedDate struct {
	ticks  int64 // on its own clock
	offset int   // minutes
	zoned  bool  // whether the text names a zone
	utc    bool  // whether it does so with Z
}

// dateTime turns a zoned date to the local zone, which is UTC.
func (p parsedDate) dateTime() DateTime {
	if !p.zoned {
		return DateTime{ticks: p.ticks}
	}
	return DateTime{p.ticks - int64(p.offset)*ticksPerMinute, localKind}
}

var errDateInput = types.Throw(types.Format, "String was not recognized as a valid DateTime.")

// dateText collects the parts of a date text.
type dateText struct {
	numbers  []string
	month    int // by name
	monthAt  int // how many numbers stood before the name
	clock    []int
	fraction int64
	half     byte // 'a' or 'p'
	weekday  int  // 1 + day of week named, 0 for none
	out      parsedDate
}

// parseDate reads the dates .NET reads in the invariant culture: ISO 8601,
// month/day/year, names of months, RFC 1123, each with an optional time and
// zone. A text without a day takes today's.
func parseDate(s string, now time.Time) (parsedDate, error) {
	if len(s) > 100 {
		return parsedDate{}, errDateInput
	}
	d := &dateText{monthAt: -1}
	s = strings.TrimSpace(s)
	for s != "" {
		n, ok := d.take(s)
		if !ok {
			return parsedDate{}, errDateInput
		}
		s = strings.TrimLeft(s[n:], " ,")
	}
	return d.resolve(now)
}

// take reads the token at the start of s and tells its length.
func (d *dateText) take(s string) (int, bool) {
	c := s[0]
	switch {
	case isDigit(c):
		n := 1
		for n < len(s) && isDigit(s[n]) {
			n++
		}
		if n < len(s) && s[n] == ':' && d.clock == nil {
			return d.takeClock(s)
		}
		d.numbers = append(d.numbers, s[:n])
		if n < len(s) && strings.IndexByte("/-.", s[n]) >= 0 && len(d.numbers) < 3 {
			n++
		} else if n < len(s) && s[n] == 'T' && n+1 < len(s) && isDigit(s[n+1]) {
			n++
			return n, fullClock(s[n:])
		}
		return n, true
	case (c == '+' || c == '-') && d.clock != nil && !d.out.zoned:
		return d.takeOffset(s)
	case c == '-' && d.month > 0:
		return 1, true
	}
	n := 0
	for n < len(s) && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		n++
	}
	if n == 0 {
		return 0, false
	}
	return n, d.takeWord(strings.ToLower(s[:n]))
}

func (d *dateText) takeWord(w string) bool {
	switch w {
	case "z", "gmt", "utc":
		ok := (d.clock != nil || w == "z" && len(d.numbers) == 3) && !d.out.zoned
		d.out.zoned, d.out.utc = true, true
		return ok
	case "am", "pm", "a", "p":
		if n := len(d.numbers); d.clock == nil && (n == 1 || n == 4) && len(d.numbers[n-1]) <= 2 {
			hour, _ := strconv.Atoi(d.numbers[n-1]) // "7 PM": the number before is the hour
			d.clock, d.numbers = []int{hour}, d.numbers[:n-1]
		}
		ok := d.clock != nil && d.half == 0
		d.half = w[0]
		return ok
	case "t":
		return len(d.numbers) > 0
	case "ad":
		return true
	}
	for m := time.January; m <= time.December; m++ {
		if name := strings.ToLower(m.String()); (w == name || w == name[:3]) && d.month == 0 {
			d.month, d.monthAt = int(m), len(d.numbers)
			return true
		}
	}
	for w0 := time.Sunday; w0 <= time.Saturday; w0++ {
		if name := strings.ToLower(w0.String()); (w == name || w == name[:3]) && d.weekday == 0 {
			d.weekday = int(w0) + 1
			return true
		}
	}
	return false
}

// fullClock reports hours, minutes and seconds of two digits each, as ISO 8601 has them after its T.
func fullClock(s string) bool {
	digits := 0
	for i := 0; ; i++ {
		switch {
		case i < len(s) && isDigit(s[i]):
			digits++
		case digits != 2:
			return false
		case i >= len(s) || s[i] != ':':
			return true
		default:
			digits = 0
		}
	}
}

// takeClock reads h:mm[:ss[.fffffff]].
func (d *dateText) takeClock(s string) (int, bool) {
	i := 0
	for {
		start := i
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		v, err := strconv.Atoi(s[start:i])
		if err != nil || i-start > 2 {
			return 0, false
		}
		d.clock = append(d.clock, v)
		if i >= len(s) || s[i] != ':' || len(d.clock) == 3 {
			break
		}
		i++
	}
	if i+1 < len(s) && s[i] == '.' && len(d.clock) == 3 && isDigit(s[i+1]) {
		start := i + 1
		for i++; i < len(s) && isDigit(s[i]); i++ {
		}
		d.fraction = fractionTicks(s[start:i])
	}
	return i, true
}

// fractionTicks rounds the digits of a fraction of a second to ticks.
func fractionTicks(digits string) int64 {
	n, up := int64(0), int64(0)
	for i := range 7 {
		n *= 10
		if i < len(digits) {
			n += int64(digits[i] - '0')
		}
	}
	if len(digits) > 7 && digits[7] >= '5' {
		up = 1
	}
	return n + up
}

// takeOffset reads +hh[:mm] or +hhmm.
func (d *dateText) takeOffset(s string) (int, bool) {
	i := 1
	var v []byte
	for i < len(s) && (isDigit(s[i]) || s[i] == ':' && len(v) > 0 && len(v) <= 2) {
		if s[i] != ':' {
			v = append(v, s[i])
		}
		i++
	}
	if len(v) == 1 || len(v) == 3 {
		v = append([]byte("0"), v...)
	}
	for len(v) == 2 {
		v = append(v, "00"...)
	}
	if len(v) != 4 {
		return 0, false
	}
	h, _ := strconv.Atoi(string(v[:2]))
	m, _ := strconv.Atoi(string(v[2:]))
	d.out.offset, d.out.zoned = h*60+m, true
	if s[0] == '-' {
		d.out.offset = -d.out.offset
	}
	return i, m < 60 && d.out.offset >= -14*60 && d.out.offset <= 14*60
}

func (d *dateText) resolve(now time.Time) (parsedDate, error) {
	year, month, day, ok := d.date(now)
	if !ok {
		return parsedDate{}, errDateInput
	}
	parts := append([]int32{int32(year), int32(month), int32(day)}, 0, 0, 0)
	for i, v := range d.clock {
		parts[3+i] = int32(v)
	}
	if d.half != 0 {
		if parts[3] > 12 && d.half == 'a' {
			return parsedDate{}, errDateInput
		}
		if parts[3] == 12 {
			parts[3] = 0
		}
		if d.half == 'p' && parts[3] < 12 {
			parts[3] += 12
		}
	}
	t, err := civilTicks(parts)
	if err != nil {
		return parsedDate{}, errDateInput
	}
	d.out.ticks = t + d.fraction
	if d.weekday > 0 && int(timeOf(t).Weekday()) != d.weekday-1 {
		return parsedDate{}, types.Throw(types.Format, "String was not recognized as a valid DateTime because the day of week was incorrect.")
	}
	if u := d.out.ticks - int64(d.out.offset)*ticksPerMinute; u < 0 || u > maxTicks {
		return parsedDate{}, errDateInput
	}
	return d.out, nil
}

// date orders the numbers: a year of three or more digits in front means ISO
// order, otherwise month, day, year, or the order around the name of a month.
func (d *dateText) date(now time.Time) (year, month, day int, ok bool) {
	n := make([]int, len(d.numbers))
	for i, s := range d.numbers {
		v, err := strconv.Atoi(s)
		if err != nil || len(s) > 4 {
			return 0, 0, 0, false // .NET does not read 20240506 as a date
		}
		n[i] = v
	}
	full := func(i int) int {
		if len(d.numbers[i]) <= 2 {
			if n[i] < 50 {
				return 2000 + n[i]
			}
			return 1900 + n[i]
		}
		return n[i]
	}
	long := func(i int) bool { return len(d.numbers[i]) >= 3 }
	switch {
	case d.month > 0 && len(n) == 2 && long(0):
		return n[0], d.month, n[1], true
	case d.month > 0 && len(n) == 2:
		return full(1), d.month, n[0], true
	case d.month > 0 && len(n) == 1 && long(0):
		return n[0], d.month, 1, true
	case d.month > 0 && len(n) == 1 && d.monthAt == 1:
		return full(0), d.month, 1, true // "6 May" is May of 2006: the invariant culture writes a day behind its month
	case d.month > 0 && len(n) == 1:
		return now.Year(), d.month, n[0], true
	case d.month > 0:
		return 0, 0, 0, false
	case len(n) == 3 && long(0):
		return n[0], n[1], n[2], true
	case len(n) == 3:
		return full(2), n[0], n[1], true
	case len(n) == 2 && long(0):
		return n[0], n[1], 1, true
	case len(n) == 2 && long(1):
		return n[1], n[0], 1, true
	case len(n) == 2:
		return now.Year(), n[0], n[1], true
	case len(n) == 0 && d.clock != nil:
		return now.Year(), int(now.Month()), now.Day(), true
	}
	return 0, 0, 0, false
}
