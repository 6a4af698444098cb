package authn

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestPausesDoubleUpToAMinuteAndAreForgotten(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	b := newThrottle(func() time.Time { return now })
	want := []time.Duration{0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60}
	for i, pause := range want {
		pause *= time.Second
		if wait := b.begin("Ann"); wait != 0 {
			t.Fatalf("attempt %d must wait %s although its pause is over", i+1, wait)
		}
		if pause == 0 {
			continue // asking would count as another attempt
		}
		if wait := b.begin("ANN"); wait != pause {
			t.Errorf("after attempt %d the pause is %s, want %s", i+1, wait, pause)
		}
		now = now.Add(pause)
	}
	b.succeeded("ann")
	for i := range freeFailures {
		if wait := b.begin("ann"); wait != 0 {
			t.Errorf("after a success, attempt %d must wait %s", i+1, wait)
		}
	}
	now = now.Add(forgetAfter + time.Second)
	for i := range freeFailures {
		if wait := b.begin("ann"); wait != 0 {
			t.Errorf("an hour later, attempt %d must wait %s", i+1, wait)
		}
	}
}

func TestRememberedNamesAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	b := newThrottle(func() time.Time { return now })
	for range freeFailures {
		b.begin("victim")
	}
	for i := range maxNames + 100 {
		now = now.Add(time.Microsecond)
		b.begin(fmt.Sprint("n", i))
		if i == maxNames/2 {
			if b.begin("victim") == 0 {
				t.Error("the pause of a name was lost before there was need")
			}
		}
	}
	if n := len(b.names); n > maxNames {
		t.Errorf("%d names", n)
	}
	b.begin(strings.Repeat("x", 1<<20))
	for name := range b.names {
		if len(name) > 256 {
			t.Errorf("a name of %d bytes is kept", len(name))
		}
	}
}
