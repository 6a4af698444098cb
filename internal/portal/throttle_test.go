package portal

import (
	"fmt"
	"testing"
	"time"
)

func TestThrottleGivesTriesBackOneByOne(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	th := newThrottle(3, 10*time.Second, func() time.Time { return now })
	for _, c := range []struct {
		after time.Duration
		wait  time.Duration // 0 when the try is taken
	}{{0, 0}, {0, 0}, {0, 0}, {0, 10 * time.Second}, {4 * time.Second, 6 * time.Second}, {6 * time.Second, 0}, {0, 10 * time.Second}, {time.Hour, 0}, {0, 0}, {0, 0}, {0, 10 * time.Second}} {
		now = now.Add(c.after)
		if wait, ok := th.take("a"); wait != c.wait || ok != (c.wait == 0) {
			t.Errorf("at %v: wait %v, taken %v; want %v", now, wait, ok, c.wait)
		}
	}
	if _, ok := th.take("b"); !ok {
		t.Error("one key throttles another")
	}
	th.reset("A")
	if _, ok := th.take("a"); !ok {
		t.Error("a reset key is still throttled")
	}
}

func TestThrottleForgetsTheLeastThrottled(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	th := newThrottle(3, 10*time.Second, func() time.Time { return now })
	for range 3 {
		th.take("victim")
	}
	for i := range maxThrottled + 100 {
		th.take(fmt.Sprint("flood", i))
	}
	if len(th.free) > maxThrottled {
		t.Errorf("%d keys are remembered, want at most %d", len(th.free), maxThrottled)
	}
	if _, ok := th.take("victim"); ok {
		t.Error("a flood of other keys frees one that is throttled")
	}
	now = now.Add(time.Minute)
	th.take("later")
	if len(th.free) != 1 {
		t.Errorf("%d keys are remembered when all others are free again, want 1", len(th.free))
	}
}
