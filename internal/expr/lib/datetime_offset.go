package lib

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var dateTimeOffset = types.Struct("System.DateTimeOffset").WithZero(DateTimeOffset{})

// DateTimeOffset is System.DateTimeOffset: an instant and the offset of the
// clock it is shown on.
type DateTimeOffset struct {
	utc    int64 // ticks
	offset int16 // minutes
}

// NetType implements types.Typed.
func (DateTimeOffset) NetType() *types.Type { return dateTimeOffset }

// NetString implements types.Text.
func (d DateTimeOffset) NetString() string { s, _ := formatDate(d.civil(), ""); return s }

// NetEquals implements types.Equatable: the same instant.
func (d DateTimeOffset) NetEquals(other types.Value) bool {
	e, ok := other.(DateTimeOffset)
	return ok && d.utc == e.utc
}

// NetHash implements types.Equatable.
func (d DateTimeOffset) NetHash() int32 { return int32(d.utc) ^ int32(d.utc>>32) }

// NetCompare implements types.Ordered.
func (d DateTimeOffset) NetCompare(other types.Value) (int, error) {
	e, ok := other.(DateTimeOffset)
	if !ok {
		return 0, types.Argument("", "Object must be of type DateTimeOffset.")
	}
	return types.Compare(d.utc, e.utc)
}

func (d DateTimeOffset) clock() int64 { return d.utc + int64(d.offset)*ticksPerMinute }

func (d DateTimeOffset) civil() civil {
	sign, o := "+", d.offset
	if o < 0 {
		sign, o = "-", -o
	}
	return civil{
		Time: timeOf(d.clock()), ticks: d.clock(), utc: d.utc, offset: int(d.offset), fixed: true,
		zone: fmt.Sprintf("%s%02d:%02d", sign, o/60, o%60),
	}
}

func offsetAt(clock int64, offset TimeSpan) (DateTimeOffset, error) {
	if int64(offset)%ticksPerMinute != 0 {
		return DateTimeOffset{}, types.Argument("offset", "Offset must be specified in whole minutes.")
	}
	m := int64(offset) / ticksPerMinute
	if m < -14*60 || m > 14*60 {
		return DateTimeOffset{}, types.ArgumentRange("offset", "Offset must be within plus or minus 14 hours.")
	}
	utc := clock - int64(offset)
	if utc < 0 || utc > maxTicks {
		return DateTimeOffset{}, types.ArgumentRange("offset", "The UTC time represented when the offset is applied must be between year 0 and 10,000.")
	}
	return DateTimeOffset{utc, int16(m)}, nil
}

// newDateTimeOffset serves every constructor.
func newDateTimeOffset(c *types.Call) (types.Value, error) {
	var parts []int32
	var clock int64
	var offset TimeSpan
	for _, v := range c.Args {
		switch v := v.(type) {
		case int32:
			parts = append(parts, v)
		case int64:
			clock = v
		case DateTime:
			clock = v.ticks
			if s, ok := c.Args[len(c.Args)-1].(TimeSpan); ok && v.kind != unspecified && s != 0 {
				return nil, types.Argument("offset", "The UTC Offset of the local dateTime parameter does not match the offset argument.")
			}
		case TimeSpan:
			offset = v
		}
	}
	if len(parts) > 0 {
		var err error
		if clock, err = civilTicks(parts); err != nil {
			return nil, err
		}
	}
	return offsetAt(clock, offset)
}

// move makes the instant later by ticks, on the same clock.
func (d DateTimeOffset) move(ticks int64) (DateTimeOffset, error) {
	t, err := DateTime{ticks: d.utc}.addTicks(ticks)
	return DateTimeOffset{t.ticks, d.offset}, err
}

// viaClock applies a DateTime method to the clock.
func viaClock[A any](f func(DateTime, A) (DateTime, error)) func(DateTimeOffset, A) (DateTimeOffset, error) {
	return func(d DateTimeOffset, a A) (DateTimeOffset, error) {
		t, err := f(DateTime{ticks: d.clock()}, a)
		return DateTimeOffset{t.ticks - int64(d.offset)*ticksPerMinute, d.offset}, err
	}
}

func parseOffset(c *types.Call) (DateTimeOffset, error) {
	s, ok := c.Args[0].(string)
	if !ok {
		return DateTimeOffset{}, types.ArgumentNull("input")
	}
	p, err := parseDate(s, c.Env.Now())
	if err != nil {
		return DateTimeOffset{}, err
	}
	return DateTimeOffset{p.ticks - int64(p.offset)*ticksPerMinute, int16(p.offset)}, nil
}

func fromUnix(unit int64) func(n int64) (DateTimeOffset, error) {
	return func(n int64) (DateTimeOffset, error) {
		const epoch = unixSeconds * ticksPerSecond
		if n > (maxTicks-epoch)/unit || n < -epoch/unit {
			return DateTimeOffset{}, types.ArgumentRange("seconds", "Valid values are between -62135596800 and 253402300799, inclusive.")
		}
		return DateTimeOffset{utc: epoch + n*unit}, nil
	}
}

func (d DateTimeOffset) unix(unit int64) int64 {
	return d.utc/unit - unixSeconds*(ticksPerSecond/unit)
}
