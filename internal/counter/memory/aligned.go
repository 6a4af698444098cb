package memory

import (
	"math/bits"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
)

// aligned is the count of one window in a row of windows.
type aligned struct {
	window uint64
	length time.Duration
	start  time.Time // of the row of windows
	used   int64
	begun  bool
}

// position says which window of the row holds the time, and how long it lasts from there. Windows before Start are one: it ends there. A
// window that never ends is number 0 and lasts a negative time.
func position(now time.Time, w counter.Window) (window uint64, left time.Duration) {
	if w.Length <= 0 {
		return 0, -1
	}
	if now.Before(w.Start) {
		return 0, min(w.Start.Sub(now), w.Length)
	}
	// The first window may begin in year 1, further back than a Duration reaches.
	seconds := uint64(now.Unix() - w.Start.Unix())
	nanos := int64(now.Nanosecond() - w.Start.Nanosecond())
	if nanos < 0 {
		seconds, nanos = seconds-1, nanos+int64(time.Second)
	}
	hi, lo := bits.Mul64(seconds, uint64(time.Second))
	lo, carry := bits.Add64(lo, uint64(nanos), 0)
	hi += carry
	length := uint64(w.Length)
	number, since := bits.Div64(hi%length, lo, length)
	return number + 1, w.Length - time.Duration(since)
}
