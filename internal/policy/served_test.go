package policy_test

import (
	"io"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
)

func TestPeekKeepsAStreamThatIsTooLongToHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		whole bool
	}{{"", true}, {"12345", true}, {"123456", false}, {strings.Repeat("x", 10_000), false}} {
		b := policy.StreamBody(io.NopCloser(strings.NewReader(c.text)), -1)
		data, whole, err := b.Peek(5)
		if err != nil || whole != c.whole || whole && string(data) != c.text {
			t.Errorf("peeking at %.10q gives %q, %v, %v", c.text, data, whole, err)
		}
		r, _ := b.Open()
		if rest, err := io.ReadAll(r); err != nil || string(rest) != c.text {
			t.Errorf("after peeking at %.10q the body is %.10q, %v", c.text, rest, err)
		}
	}
}
