package lib

import (
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// dateOrText turns an ISO 8601 date and time, or the older /Date(n)/, into a
// DateTime, as Newtonsoft's reader does by default.
func dateOrText(s string) types.Value {
	if len(s) >= 19 && len(s) <= 40 && isDigit(s[0]) && s[10] == 'T' {
		if d, ok := isoDate(s); ok {
			return d
		}
	}
	if inner, ok := strings.CutPrefix(s, "/Date("); ok {
		if inner, ok = strings.CutSuffix(inner, ")/"); ok {
			return oldDate(s, inner)
		}
	}
	return s
}

func oldDate(s, inner string) types.Value {
	kind := utcKind
	if i := strings.LastIndexAny(inner, "+-"); i > 0 {
		inner, kind = inner[:i], localKind
	}
	ms, err := strconv.ParseInt(inner, 10, 64)
	if err != nil || ms > 253402300799999 || ms < -62135596800000 {
		return s
	}
	return DateTime{(ms + unixSeconds*1000) * ticksPerMillisecond, kind}
}

// isoDate reads yyyy-MM-ddTHH:mm:ss[.fffffff][Z|±hh[:mm]].
func isoDate(s string) (DateTime, bool) {
	if s[4] != '-' || s[7] != '-' || s[13] != ':' || s[16] != ':' {
		return DateTime{}, false
	}
	var parts [6]int32
	for i, at := range [6]int{0, 5, 8, 11, 14, 17} {
		end := at + 2
		if i == 0 {
			end = 4
		}
		for _, c := range []byte(s[at:end]) {
			if !isDigit(c) {
				return DateTime{}, false
			}
			parts[i] = parts[i]*10 + int32(c-'0')
		}
	}
	nextDay := int64(0)
	if parts[3] == 24 && parts[4] == 0 && parts[5] == 0 {
		parts[3], nextDay = 0, ticksPerDay
	}
	ticks, err := civilTicks(parts[:])
	if err != nil {
		return DateTime{}, false
	}
	rest := s[19:]
	if strings.HasPrefix(rest, ".") {
		n := 1
		for n < len(rest) && isDigit(rest[n]) {
			n++
		}
		if n == 1 {
			return DateTime{}, false
		}
		ticks += fractionTicks(rest[1:n])
		rest = rest[n:]
	}
	d := DateTime{ticks: ticks + nextDay}
	switch {
	case rest == "":
	case rest == "Z":
		d.kind = utcKind
	case rest[0] == '+' || rest[0] == '-':
		var x dateText
		if n, ok := x.takeOffset(rest); !ok || n != len(rest) {
			return DateTime{}, false
		}
		d.kind = localKind
		d.ticks -= int64(x.out.offset) * ticksPerMinute
	default:
		return DateTime{}, false
	}
	return d, d.ticks >= 0 && d.ticks <= maxTicks
}
