package store_test

import (
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/store"
)

// TestDigestKnownAnswer pins the canonical form: whoever wrote a log years ago must be able to verify it. The sum was made by sha256sum.
func TestDigestKnownAnswer(t *testing.T) {
	t.Parallel()
	c := store.Change{
		Seq: 1, Time: time.Date(2026, 3, 1, 13, 0, 0, 500, time.FixedZone("", 3600)), Actor: store.Actor{Name: "ann <a@b>"},
		Verb: store.VerbPut, ID: "/providers/Test/rows/1", Kind: "Test/rows", Body: []byte("{ \"b\": 1.50,\n \"a\": \"<&>\" }"), Prev: store.Genesis,
	}
	got, err := c.Digest()
	const want = "1e3897d6073837f580825e9d9290a34d279baa34af94ba2737c6b3b362ea6a19"
	if err != nil || got != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	c.Body = []byte("{")
	if _, err := c.Digest(); err == nil {
		t.Error("a body that is not JSON has a digest")
	}
}
