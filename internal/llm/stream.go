package llm

import (
	"bytes"
	"strings"
)

// maxEvent is the longest line of a stream that is looked into; the text of a longer one counts by its length.
const maxEvent = 1 << 20

// Stream reads the events of an answer while it passes. It holds one line at most.
type Stream struct {
	said  func(string) // is told of each text
	line  []byte
	extra int // bytes of the line beyond what is held
}

// NewStream tells said of the texts of the answer.
func NewStream(said func(string)) *Stream { return &Stream{said: said} }

// Write takes the next bytes.
func (s *Stream) Write(p []byte) (int, error) {
	all := len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		part := p
		if end >= 0 {
			part = p[:end]
		}
		take := min(len(part), maxEvent-len(s.line))
		s.line, s.extra = append(s.line, part[:take]...), s.extra+len(part)-take
		if end < 0 {
			break
		}
		p = p[end+1:]
		s.end()
	}
	return all, nil
}

// End says that nothing more comes.
func (s *Stream) End() { s.end() }

func (s *Stream) end() {
	line, extra := s.line, s.extra
	s.line, s.extra = s.line[:0], 0
	if extra > 0 {
		s.said(string(line))
		s.said(strings.Repeat("a ", min(extra/8, exact))) // a token for each eight bytes
		return
	}
	data, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r"), []byte("data:"))
	if !ok {
		return
	}
	v, err := decode(data)
	if err != nil {
		return // [DONE], and what nobody can read
	}
	var parts []string
	deltas(v, &parts)
	for _, p := range parts {
		s.said(p)
	}
}

// deltas appends what an event adds to the answer.
func deltas(v any, parts *[]string) {
	kind := text(member(v, "type"))
	if choices, ok := member(v, "choices").([]any); ok {
		for _, c := range choices {
			words(member(c, "delta"), parts)
			words(member(c, "text"), parts)
		}
		return
	}
	if kind == "content_block_delta" || strings.HasPrefix(kind, "response.") && strings.HasSuffix(kind, ".delta") {
		words(member(v, "delta"), parts)
	}
}
