package lib

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// civil is a point on the calendar as formats see it: its clock, and the text
// of its zone.
type civil struct {
	time.Time
	ticks  int64  // since year 1, on its own clock
	zone   string // what K gives: "", "Z" or "+hh:mm"
	offset int    // minutes
	utc    int64  // ticks in UTC, for an offset clock
	fixed  bool   // whether it has an offset of its own (DateTimeOffset)
}

var errDateFormat = types.Throw(types.Format, "Input string was not in a correct format.")

// standardDates are the standard formats of the invariant culture.
var standardDates = map[byte]string{
	'd': "MM/dd/yyyy", 'D': "dddd, dd MMMM yyyy", 'f': "dddd, dd MMMM yyyy HH:mm", 'F': "dddd, dd MMMM yyyy HH:mm:ss",
	'g': "MM/dd/yyyy HH:mm", 'G': "MM/dd/yyyy HH:mm:ss", 'm': "MMMM dd", 'M': "MMMM dd",
	'o': "yyyy-MM-ddTHH:mm:ss.fffffffK", 'O': "yyyy-MM-ddTHH:mm:ss.fffffffK",
	'r': "ddd, dd MMM yyyy HH:mm:ss 'GMT'", 'R': "ddd, dd MMM yyyy HH:mm:ss 'GMT'", 's': "yyyy-MM-ddTHH:mm:ss",
	't': "HH:mm", 'T': "HH:mm:ss", 'u': "yyyy-MM-dd HH:mm:ss'Z'", 'U': "dddd, dd MMMM yyyy HH:mm:ss",
	'y': "yyyy MMMM", 'Y': "yyyy MMMM",
}

// formatDate is ToString(format) of DateTime and DateTimeOffset.
func formatDate(c civil, format string) (string, error) {
	switch {
	case format == "" && c.fixed:
		format = "MM/dd/yyyy HH:mm:ss zzz"
	case format == "":
		format = standardDates['G']
	case len(format) == 1:
		f, ok := standardDates[format[0]]
		if !ok || format == "U" && c.fixed {
			return "", errDateFormat
		}
		if c.fixed && strings.Contains("rRu", format) {
			c.Time, c.ticks, c.offset = timeOf(c.utc), c.utc, 0
		}
		format = f
	}
	var b strings.Builder
	for i := 0; i < len(format); {
		n, err := c.writePart(&b, format[i:])
		if err != nil {
			return "", err
		}
		i += n
	}
	return b.String(), nil
}

// writePart writes the first specifier of f and tells its length.
func (c civil) writePart(b *strings.Builder, f string) (int, error) {
	n := 1
	for n < len(f) && f[n] == f[0] {
		n++
	}
	if v, ok := c.number(f[0], n); ok {
		b.WriteString(v)
		return n, nil
	}
	switch f[0] {
	case 'f', 'F':
		if n > 7 {
			return 0, errDateFormat
		}
		c.writeFraction(b, n, f[0] == 'F')
	case 't':
		half := "AM"
		if c.Hour() >= 12 {
			half = "PM"
		}
		b.WriteString(half[:min(n, 2)])
	case 'z':
		c.writeOffset(b, n)
	case 'g':
		b.WriteString("A.D.")
	case 'K':
		b.WriteString(c.zone)
		n = 1
	case '\'', '"':
		end := strings.IndexByte(f[1:], f[0])
		if end < 0 {
			return 0, errDateFormat
		}
		b.WriteString(f[1 : 1+end])
		n = end + 2
	case '\\':
		if len(f) < 2 {
			return 0, errDateFormat
		}
		b.WriteByte(f[1])
		n = 2
	case '%':
		if len(f) < 2 || f[1] == '%' {
			return 0, errDateFormat
		}
		n = 1
	default:
		b.WriteString(f[:n])
	}
	return n, nil
}

// number gives the text of a specifier that is a number or the name of a day
// or month, n letters long.
func (c civil) number(letter byte, n int) (string, bool) {
	number := func(v, width int) (string, bool) { return padZeros(strconv.Itoa(v), width), true }
	named := func(name string) (string, bool) {
		if n == 3 {
			name = name[:3]
		}
		return name, true
	}
	switch letter {
	case 'd':
		if n > 2 {
			return named(c.Weekday().String())
		}
		return number(c.Day(), n)
	case 'M':
		if n > 2 {
			return named(c.Month().String())
		}
		return number(int(c.Month()), n)
	case 'y':
		if n <= 2 {
			return number(c.Year()%100, n)
		}
		return number(c.Year(), n)
	case 'h':
		return number((c.Hour()+11)%12+1, min(n, 2))
	case 'H':
		return number(c.Hour(), min(n, 2))
	case 'm':
		return number(c.Minute(), min(n, 2))
	case 's':
		return number(c.Second(), min(n, 2))
	}
	return "", false
}

// writeFraction writes n digits of the second; with trim, trailing zeros and a
// point before nothing are left out.
func (c civil) writeFraction(b *strings.Builder, n int, trim bool) {
	s := padZeros(strconv.FormatInt(c.ticks%ticksPerSecond, 10), 7)[:n]
	if trim {
		s = strings.TrimRight(s, "0")
		if text := b.String(); s == "" && strings.HasSuffix(text, ".") {
			b.Reset()
			b.WriteString(text[:len(text)-1])
		}
	}
	b.WriteString(s)
}

func (c civil) writeOffset(b *strings.Builder, n int) {
	sign, o := "+", c.offset
	if o < 0 {
		sign, o = "-", -o
	}
	switch n {
	case 1:
		fmt.Fprintf(b, "%s%d", sign, o/60)
	case 2:
		fmt.Fprintf(b, "%s%02d", sign, o/60)
	default:
		fmt.Fprintf(b, "%s%02d:%02d", sign, o/60, o%60)
	}
}
