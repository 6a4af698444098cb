package lib

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var timeSpan = types.Struct("System.TimeSpan").WithZero(TimeSpan(0))

// TimeSpan is System.TimeSpan: ticks of 100 ns.
type TimeSpan int64

// NewTimeSpan makes a TimeSpan.
func NewTimeSpan(d time.Duration) TimeSpan { return TimeSpan(d / 100) }

// Duration is the span in Go's units, clamped to what those can hold.
func (s TimeSpan) Duration() time.Duration {
	if s > math.MaxInt64/100 {
		return math.MaxInt64
	}
	if s < math.MinInt64/100 {
		return math.MinInt64
	}
	return time.Duration(s) * 100
}

// NetType implements types.Typed.
func (TimeSpan) NetType() *types.Type { return timeSpan }

// NetString implements types.Text.
func (s TimeSpan) NetString() string { return s.constant() }

// NetCompare implements types.Ordered.
func (s TimeSpan) NetCompare(other types.Value) (int, error) {
	t, ok := other.(TimeSpan)
	if !ok {
		return 0, types.Argument("", "Object must be of type TimeSpan.")
	}
	return types.Compare(int64(s), int64(t))
}

// NetEquals implements types.Equatable.
func (s TimeSpan) NetEquals(other types.Value) bool { return types.Value(s) == other }

// NetHash implements types.Equatable.
func (s TimeSpan) NetHash() int32 { return int32(s) ^ int32(s>>32) }

// parts splits the magnitude.
func (s TimeSpan) parts() (sign string, d, h, m, sec, frac uint64) {
	u := uint64(s)
	if s < 0 {
		sign, u = "-", -u
	}
	return sign, u / ticksPerDay, u / ticksPerHour % 24, u / ticksPerMinute % 60, u / ticksPerSecond % 60, u % ticksPerSecond
}

// constant is the format "c": [-][d.]hh:mm:ss[.fffffff].
func (s TimeSpan) constant() string {
	sign, d, h, m, sec, frac := s.parts()
	days, rest := "", ""
	if d > 0 {
		days = strconv.FormatUint(d, 10) + "."
	}
	if frac > 0 {
		rest = fmt.Sprintf(".%07d", frac)
	}
	return fmt.Sprintf("%s%s%02d:%02d:%02d%s", sign, days, h, m, sec, rest)
}

func formatSpan(v types.Value, format string) (string, error) {
	s := v.(TimeSpan)
	sign, d, h, m, sec, frac := s.parts()
	switch format {
	case "", "c", "t", "T":
		return s.constant(), nil
	case "g":
		days, rest := "", ""
		if d > 0 {
			days = strconv.FormatUint(d, 10) + ":"
		}
		if frac > 0 {
			rest = strings.TrimRight(fmt.Sprintf(".%07d", frac), "0")
		}
		return fmt.Sprintf("%s%s%d:%02d:%02d%s", sign, days, h, m, sec, rest), nil
	case "G":
		return fmt.Sprintf("%s%d:%02d:%02d:%02d.%07d", sign, d, h, m, sec, frac), nil
	}
	if len(format) == 1 {
		return "", errDateFormat
	}
	return customSpan(format, d, h, m, sec, frac)
}

func customSpan(format string, d, h, m, sec, frac uint64) (string, error) {
	var b strings.Builder
	values := map[byte]uint64{'d': d, 'h': h, 'm': m, 's': sec}
	for i := 0; i < len(format); {
		c := format[i]
		n := 1
		for i+n < len(format) && format[i+n] == c {
			n++
		}
		switch c {
		case 'd', 'h', 'm', 's':
			if n > 8 || c != 'd' && n > 2 {
				return "", errDateFormat
			}
			b.WriteString(padZeros(strconv.FormatUint(values[c], 10), n))
		case 'f', 'F':
			if n > 7 {
				return "", errDateFormat
			}
			s := fmt.Sprintf("%07d", frac)[:n]
			if c == 'F' {
				s = strings.TrimRight(s, "0")
			}
			b.WriteString(s)
		case '\'', '"':
			end := strings.IndexByte(format[i+1:], c)
			if end < 0 {
				return "", errDateFormat
			}
			b.WriteString(format[i+1 : i+1+end])
			n = end + 2
		case '\\':
			if i+1 >= len(format) {
				return "", errDateFormat
			}
			b.WriteByte(format[i+1])
			n = 2
		case '%':
			n = 1
		default:
			return "", errDateFormat
		}
		i += n
	}
	return b.String(), nil
}

var errSpanRange = types.Throw(types.Overflow, "The TimeSpan could not be parsed because at least one of the numeric components is out of range or contains too many digits.")

// ParseTimeSpan reads [ws][-]{d | [d.]hh:mm[:ss[.ff]]}[ws]; the errors are a
// FormatException or an OverflowException.
func ParseTimeSpan(s string) (TimeSpan, error) {
	bad := types.Throw(types.Format, "Input string was not in a correct format.")
	s = strings.TrimSpace(s)
	rest, neg := strings.CutPrefix(s, "-")
	days := uint64(0)
	if d, after, ok := strings.Cut(rest, "."); ok && !strings.Contains(d, ":") {
		n, err := strconv.ParseUint(d, 10, 32)
		if err != nil {
			return 0, bad
		}
		days, rest = n, after
	}
	fields := strings.Split(rest, ":")
	if len(fields) == 4 && days == 0 {
		n, err := strconv.ParseUint(fields[0], 10, 32)
		if err != nil {
			return 0, bad
		}
		days, fields = n, fields[1:]
	}
	if len(fields) == 1 && days == 0 && !strings.Contains(s, ".") {
		n, err := strconv.ParseUint(fields[0], 10, 32)
		if err != nil {
			return 0, bad
		}
		days, fields = n, nil
	} else if len(fields) < 2 || len(fields) > 3 {
		return 0, bad
	}
	ticks, err := clockTicks(fields, bad)
	if err != nil {
		return 0, err
	}
	total := int64(days)*ticksPerDay + ticks // wraps around at 10675199 days
	if neg {
		total = -total
	}
	if days > 10675199 || total != 0 && total < 0 != neg {
		return 0, errSpanRange
	}
	return TimeSpan(total), nil
}

func clockTicks(fields []string, bad error) (int64, error) {
	ticks := int64(0)
	for i, f := range fields {
		frac := ""
		if i == 2 {
			f, frac, _ = strings.Cut(f, ".")
			if strings.Trim(frac, "0123456789") != "" {
				return 0, bad
			}
			if len(frac) > 7 {
				return 0, errSpanRange
			}
		}
		n, err := strconv.ParseUint(f, 10, 32)
		if err != nil {
			return 0, bad
		}
		if n > [...]uint64{23, 59, 59}[i] {
			return 0, errSpanRange
		}
		ticks += int64(n)*[...]int64{ticksPerHour, ticksPerMinute, ticksPerSecond}[i] + fractionTicks(frac)
	}
	return ticks, nil
}
