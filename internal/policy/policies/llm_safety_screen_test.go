package policies

import (
	"io"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
)

// event is one event of a stream that says text.
func event(text string) string { return `data: {"choices":[{"text":"` + text + `"}]}` + "\n\n" }

// pieces gives a stream one piece at a time.
type pieces struct {
	rest []string
	end  error
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, p.end
	}
	n := copy(b, p.rest[0])
	if p.rest[0] = p.rest[0][n:]; p.rest[0] == "" {
		p.rest = p.rest[1:]
	}
	return n, nil
}

func (p *pieces) Close() error { return nil }

// Nothing of a stream passes before all of its text was checked; what has no text passes at once.
func TestAScreenHoldsBackWhatWasNotChecked(t *testing.T) {
	t.Parallel()
	var checked []string
	from := &pieces{[]string{": alive\n\n", event("one "), event("two "), "data: {\"cho", "ices\":[{\"text\":\"three\"}]}\n\n", event("four")}, io.EOF}
	s := newScreen(from, 8, 3, func(text string) error { checked = append(checked, text); return nil })
	var got []string
	b := make([]byte, 4096)
	for {
		n, err := s.Read(b)
		if n > 0 {
			got = append(got, string(b[:n])+strings.Join(checked, "|"))
		}
		if err != nil {
			break
		}
	}
	want := []string{
		": alive\n\n",
		event("one ") + event("two ") + "one two ",
		event("three") + event("four") + "one two |wo three|reefour",
	}
	if strings.Join(got, "¦") != strings.Join(want, "¦") {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// A stream ends in silence where its text is refused, and breaks off where it can't be checked.
func TestAScreenEndsWhereTextFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		failure error
		want    error
	}{{unsafe("Response", "bad"), io.EOF}, {uncheckable(io.ErrUnexpectedEOF), io.ErrUnexpectedEOF}} {
		from := &pieces{[]string{event("one two "), event("poi"), event("son"), event(" more")}, io.EOF}
		s := newScreen(from, 8, 4, func(text string) error {
			if strings.Contains(text, "poison") {
				return test.failure
			}
			return nil
		})
		var got strings.Builder
		b := make([]byte, 64)
		var err error
		for err == nil {
			var n int
			n, err = s.Read(b)
			got.Write(b[:n])
		}
		if got.String() != event("one two ") {
			t.Errorf("what passed is %q", got.String())
		}
		if e, ok := err.(*policy.Error); ok {
			err = e.Cause
		}
		if err != test.want {
			t.Errorf("the stream ends with %v, want %v", err, test.want)
		}
	}
}

// A backend that sends text without end is checked on the way, however large the windows are.
func TestAScreenHoldsABoundedPart(t *testing.T) {
	t.Parallel()
	noise := strings.Repeat("x", 2000)
	from := &pieces{end: io.EOF}
	for range 2000 {
		from.rest = append(from.rest, `data: {"noise":"`+noise+`","choices":[{"text":"a"}]}`+"\n\n")
	}
	checks := 0
	s := newScreen(from, maxSafetyText, 0, func(string) error { checks++; return nil })
	most := 0
	b := make([]byte, 64<<10)
	for {
		_, err := s.Read(b)
		if most = max(most, s.held.Len()); err != nil {
			break
		}
	}
	if most > maxHeld+len(s.scratch) || checks < 3 {
		t.Errorf("%d bytes were held, %d checks made", most, checks)
	}
}
