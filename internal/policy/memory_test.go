package policy_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Bodies that policies hold are counted against the memory of their home: the call that wants more than is left is told to come again, and what a
// call held is free when it ends.
func TestBodiesInMemoryAreCountedForTheirHome(t *testing.T) {
	t.Parallel()
	const mib = 1 << 20
	memory := types.NewPool(6*mib, 1, nil)
	// body begins an exchange of the home with a body of n bytes whose length is told or not.
	body := func(n int, told bool) (*policy.Exchange, *policy.Body) {
		x := &policy.Exchange{Memory: memory}
		length := int64(-1)
		if told {
			length = int64(n)
		}
		return x, x.StreamBody(io.NopCloser(bytes.NewReader(make([]byte, n))), length, 8*mib)
	}
	end := func(x *policy.Exchange) {
		for _, f := range x.Afterwards {
			f(x)
		}
	}
	for _, told := range []bool{true, false} {
		first, a := body(5*mib, told)
		second, b := body(4*mib, told)
		small, c := body(100, told)
		if data, err := a.Bytes(true); err != nil || len(data) != 5*mib {
			t.Fatalf("a body of 5 MiB in a home of 6: %d bytes, %v", len(data), err)
		}
		var refused *policy.Error
		if _, err := b.Bytes(true); !errors.As(err, &refused) || refused.Status != 503 || refused.Header.Get("Retry-After") == "" {
			t.Errorf("one of 4 MiB beside it: %v, want a 503 that says when to come again", err)
		}
		if _, err := c.Bytes(true); err != nil {
			t.Errorf("a small one beside it: %v", err)
		}
		end(first)
		end(second)
		end(small)
	}
	if !memory.Take(6 * mib) {
		t.Error("the calls have ended, and their home has not its whole memory back")
	}
}

// A body that is too large to hold is refused for its size, whether it tells it or not, and one that lies about its length is read as it is.
func TestBodiesAreReadWithinTheirLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text   string
		length int64
		want   error
	}{
		{"12345678", 8, nil},
		{"12345678", -1, nil},
		{"12345678", 3, nil},
		{"12345678", 100, policy.ErrBodyTooLarge},
		{"123456789", 9, policy.ErrBodyTooLarge},
		{"123456789", -1, policy.ErrBodyTooLarge},
		{"", -1, nil},
	} {
		b := new(policy.Exchange).StreamBody(io.NopCloser(strings.NewReader(c.text)), c.length, 8)
		data, err := b.Bytes(true)
		if !errors.Is(err, c.want) || err == nil && string(data) != c.text {
			t.Errorf("%q of length %d: %q, %v; want %v", c.text, c.length, data, err, c.want)
		}
	}
}
