package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestShortLogIsOneReadableLineACall(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := &shortLog{to: &out}
	lines := `{"time":"2026-11-24T06:40:54Z","kind":"call","gateway":"managed","workspace":"payments","operation":"list","activityId":"a1","method":"GET","path":"/p","status":429,"duration":0.25,"errorSource":"rate-limit","errorMessage":"Rate limit is exceeded"}
{"time":"2026-11-24T06:40:54Z","kind":"metric","namespace":"n","name":"Calls","value":2.5,"dimensions":{"API ID":"echo"}}
{"time":"2026-11-24T06:40:54Z","kind":"trace","severity":"information","source":"mine","message":"hello"}
not ours
`
	for i := range len(lines) { // however the writes are cut
		if _, err := l.Write([]byte{lines[i]}); err != nil {
			t.Fatal(err)
		}
	}
	got := strings.Split(out.String(), "\n")
	for i, want := range []string{"429 GET    /p  managed/payments list  0.2 ms  rate-limit: Rate limit is exceeded (a1)", "metric n/Calls 2.5 map[API ID:echo]", "trace information mine: hello", "not ours"} {
		if !strings.HasSuffix(got[i], want) {
			t.Errorf("line %d is %q, want it to end with %q", i, got[i], want)
		}
	}
}
