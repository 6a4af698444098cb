package gateway

import (
	"encoding/json"
	"sync"
	"testing"
	"time"
)

// lineWriter hands every write to a channel.
type lineWriter struct {
	once  sync.Once
	wrote chan []byte
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.once.Do(func() { w.wrote <- append([]byte(nil), p...) })
	return len(p), nil
}

func TestLogLinesAreWrittenWithoutBeingAskedFor(t *testing.T) {
	t.Parallel()
	w := &lineWriter{wrote: make(chan []byte, 1)}
	l := newAccessLog(w)
	begun := time.Now()
	l.line(func(b []byte) []byte { return append(b, `{"a":1`...) })
	if got := string(<-w.wrote); got != "{\"a\":1}\n" {
		t.Errorf("wrote %q", got)
	}
	if waited := time.Since(begun); waited > 2*time.Second {
		t.Errorf("a line waited %s", waited)
	}
}

func TestLogStringsAreJSON(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "plain", `"\`, "a\nb\x00\x7f", "é☃😀", "broken \xff utf-8", "</script>"} {
		var got string
		if err := json.Unmarshal(appendJSON(nil, s), &got); err != nil {
			t.Errorf("%q: %v", s, err)
		} else if want := string([]rune(s)); got != want {
			t.Errorf("%q reads back as %q", s, got)
		}
	}
}
