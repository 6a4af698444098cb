package portal

import (
	"bytes"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"
)

func newTestSessions(t testing.TB) *sessions {
	t.Helper()
	s, err := newSessions(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTokensAreSealed(t *testing.T) {
	t.Parallel()
	s := newTestSessions(t)
	now := time.Unix(1_000_000, 0)
	want := token{user: "/subscriptions/s/users/u", ends: now.Add(time.Hour), fingerprint: s.print("hash")}
	text := s.seal(want)
	if got, ok := s.open(text, now); !ok || got != want {
		t.Errorf("the token opens as %v, %v; want %v", got, ok, want)
	}
	if again := s.seal(want); again == text {
		t.Error("two tokens of one person are the same")
	}
	if _, ok := s.open(text, want.ends); ok {
		t.Error("a token opens at its end")
	}
	for i := range text {
		other := []byte(text)
		other[i] ^= 1
		if got, ok := s.open(string(other), now); ok && got != want {
			t.Errorf("the token opens with character %d changed", i)
		}
	}
}

func FuzzOpenToken(f *testing.F) {
	s := newTestSessions(f)
	f.Add("")
	f.Add("rubbish")
	f.Add(strings.Repeat("A", 64))
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := s.open(text, time.Unix(0, 0)); ok {
			t.Errorf("%q opens, and nobody sealed it", text)
		}
	})
}

// FuzzPlainSegment: what is let through means the same however often it is decoded and cleaned.
func FuzzPlainSegment(f *testing.F) {
	for _, s := range []string{"a", "..", "%2e%2e", "a%2fb", "a;b", "%", "a%20b", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "/") || !plainSegment(s) {
			return
		}
		text, err := url.PathUnescape(s)
		if err != nil {
			t.Fatalf("%q is let through and can't be decoded: %v", s, err)
		}
		for _, form := range []string{s, text} {
			if got := path.Clean("/api/" + form); form != "" && got != "/api/"+form {
				t.Errorf("%q is let through and becomes %q", s, got)
			}
		}
	})
}
