package policies

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/llm"
)

// maxHeld is the most bytes of a stream that wait for a check.
const maxHeld = 1 << 20

// screen holds the events of a stream back until their text was checked. A stream that fails its check ends there: its status has been sent
// (policies.md 7.2). A check that can't be made breaks it off.
type screen struct {
	from            io.ReadCloser
	check           func(string) error
	window, overlap int // characters
	stream          *llm.Stream

	text    strings.Builder // not checked, behind what the last window had at its end
	fresh   int             // characters of the text that are not checked
	held    bytes.Buffer    // waits
	ready   bytes.Buffer    // checked
	err     error           // what comes when nothing is ready
	scratch [4 << 10]byte
}

func newScreen(from io.ReadCloser, window, overlap int64, check func(string) error) *screen {
	s := &screen{from: from, check: check, window: int(window), overlap: int(overlap)}
	s.stream = llm.NewStream(func(text string) {
		s.text.WriteString(text)
		s.fresh += utf8.RuneCountInString(text)
	})
	return s
}

func (s *screen) Close() error { return s.from.Close() }

func (s *screen) Read(p []byte) (int, error) {
	for s.ready.Len() == 0 && s.err == nil {
		s.fill()
	}
	if s.ready.Len() > 0 {
		return s.ready.Read(p)
	}
	return 0, s.err
}

// fill reads on and lets go of what may pass: whole lines, once all of their text was checked.
func (s *screen) fill() {
	n, err := s.from.Read(s.scratch[:])
	s.held.Write(s.scratch[:n])
	_, _ = s.stream.Write(s.scratch[:n])
	if err != nil {
		s.stream.End()
	}
	if s.fresh >= s.window || s.fresh > 0 && (err != nil || s.held.Len() > maxHeld) {
		if failed := s.look(); failed != nil {
			s.held.Reset()
			s.err = failed
			return
		}
	}
	if s.fresh == 0 {
		end := s.held.Len()
		if err == nil {
			end = bytes.LastIndexByte(s.held.Bytes(), '\n') + 1
		}
		s.ready.Write(s.held.Next(end))
	}
	s.err = err
}

// look checks all text that waits. It returns io.EOF for a text that is refused.
func (s *screen) look() error {
	text := s.text.String()
	for _, part := range windows(text, int64(s.window), int64(s.overlap)) {
		if err := s.check(part); err != nil {
			if isUnsafe(err) {
				return io.EOF
			}
			return err
		}
	}
	runes := []rune(text)
	s.text.Reset()
	s.text.WriteString(string(runes[max(len(runes)-s.overlap, 0):]))
	s.fresh = 0
	return nil
}
