package route

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Path is a request path after its only parsing: matching, policies, forwarding and the log use this object and never look at the raw
// text again. Its zero value is ready for Parse; it holds a buffer of its own and must not be copied after that.
type Path struct {
	// Escaped is the normalised path: unreserved characters decoded, everything that RFC 3986 does not allow in a path encoded, hexadecimal
	// digits upper-case, without the revision marker. It always begins with a slash.
	Escaped string
	// Revision is the n of ";rev=n", "" without one.
	Revision string

	revisionAt int // segments before and including the one that bore the marker
	segments   []segment
	buffer     [12]segment
	captures   captures
}

// segment is the text between two slashes.
type segment struct {
	text  string // decoded
	start int    // offset in Escaped of the slash before it
}

// MaxSegments is the most segments that a path may have.
const MaxSegments = 256

// A PathError says why a path is refused and where: Offset counts bytes from the start of the path.
type PathError struct {
	Reason string
	Offset int
}

func (e *PathError) Error() string {
	return fmt.Sprintf("path refused at byte %d: %s", e.Offset, e.Reason)
}

// Parse takes the path of a request target, escaped as received and without its query. It refuses, with a *PathError, whatever two
// programs could read in two ways: dot segments, encoded slashes and backslashes, control bytes, empty segments, path parameters other
// than the revision marker, bytes outside ASCII and text that is not UTF-8.
func (p *Path) Parse(raw string) error {
	p.Escaped, p.Revision, p.revisionAt = raw, "", -1
	p.segments = p.buffer[:0]
	if raw == "" || raw[0] != '/' {
		return &PathError{"it must begin with a slash", 0}
	}
	if isPlain(raw) {
		return p.split(raw)
	}
	s := scanner{raw: raw}
	if err := s.scan(); err != nil {
		return err
	}
	p.Escaped, p.Revision = string(s.out), s.revision
	if err := p.splitDecoded(s.decoded, s.bounds); err != nil {
		return err
	}
	if s.revision != "" {
		p.revisionAt = s.revisionAt
	}
	return nil
}

// Len is the number of segments; "/" has one, which is empty.
func (p *Path) Len() int { return len(p.segments) }

// Rest is the escaped path after the first n segments, with its leading slash; "/" when nothing is left.
func (p *Path) Rest(n int) string {
	if n >= len(p.segments) {
		return "/"
	}
	return p.Escaped[p.segments[n].start:]
}

// isPlain says that no byte needs a closer look than the splitting at slashes gives.
func isPlain(raw string) bool {
	for i := 0; i < len(raw); i++ {
		if class[raw[i]] != plain {
			return false
		}
	}
	return true
}

// split cuts a plain path, whose text is its escaped form.
func (p *Path) split(raw string) error {
	for start := 0; start < len(raw); {
		end := strings.IndexByte(raw[start+1:], '/')
		if end < 0 {
			end = len(raw)
		} else {
			end += start + 1
		}
		if err := p.add(raw[start+1:end], start, end == len(raw)); err != nil {
			return err
		}
		start = end
	}
	return nil
}

// splitDecoded takes decoded segments with the offsets of their slashes in Escaped.
func (p *Path) splitDecoded(decoded []string, starts []int) error {
	for i, text := range decoded {
		if err := p.add(text, starts[i], i == len(decoded)-1); err != nil {
			return err
		}
	}
	return nil
}

func (p *Path) add(text string, start int, last bool) error {
	switch {
	case text == "" && !last:
		return &PathError{"empty segment (//)", start}
	case text == "." || text == "..":
		return &PathError{"dot segment", start + 1}
	case len(p.segments) == MaxSegments:
		return &PathError{fmt.Sprintf("more than %d segments", MaxSegments), start}
	}
	p.segments = append(p.segments, segment{text, start})
	return nil
}

// scanner normalises a path that is not plain.
type scanner struct {
	raw        string
	at         int
	out        []byte   // escaped, normalised
	text       []byte   // decoded, of the segment in hand
	decoded    []string // segments before it
	bounds     []int    // their slashes in out
	revision   string
	revisionAt int
}

func (s *scanner) scan() error {
	s.bounds = append(s.bounds, 0)
	s.out = append(s.out, '/')
	for s.at = 1; s.at < len(s.raw); {
		if err := s.one(); err != nil {
			return err
		}
	}
	return s.endSegment()
}

// one takes one character, one escape or the revision marker.
func (s *scanner) one() error {
	c := s.raw[s.at]
	switch {
	case c == '/':
		if err := s.endSegment(); err != nil {
			return err
		}
		if n := len(s.out); s.revision != "" && n == 1 && s.revisionAt == 0 {
			s.decoded = s.decoded[:0] // "/;rev=2/x": the marker of an API whose path is empty
		} else {
			s.bounds = append(s.bounds, n)
			s.out = append(s.out, '/')
		}
		s.at++
	case c == '%':
		return s.escape()
	case c == ';':
		return s.marker()
	case class[c] == plain:
		s.out, s.text = append(s.out, c), append(s.text, c)
		s.at++
	case class[c] == encode:
		s.out, s.text = appendEscape(s.out, c), append(s.text, c)
		s.at++
	case c == '\\':
		return s.refuse("backslash")
	case c >= 0x80:
		return s.refuse("byte outside ASCII; percent-encode it")
	default:
		return s.refuse(fmt.Sprintf("character %q", c))
	}
	return nil
}

// escape takes a percent-encoded byte.
func (s *scanner) escape() error {
	c, ok := unhex(s.raw, s.at)
	switch {
	case !ok:
		return s.refuse("% without two hexadecimal digits")
	case c == '/':
		return s.refuse("encoded slash")
	case c == '\\':
		return s.refuse("encoded backslash")
	case c == ';':
		return s.refuse("encoded semicolon")
	case c < 0x20 || c == 0x7f:
		return s.refuse("encoded control byte")
	}
	s.text = append(s.text, c)
	if isUnreserved(c) {
		s.out = append(s.out, c)
	} else {
		s.out = appendEscape(s.out, c)
	}
	s.at += 3
	return nil
}

// marker takes ";rev=n", which must end its segment.
func (s *scanner) marker() error {
	const prefix = ";rev="
	rest := s.raw[s.at:]
	if !strings.HasPrefix(rest, prefix) {
		return s.refuse("semicolon that does not begin ;rev=")
	}
	name := rest[len(prefix):]
	if end := strings.IndexByte(name, '/'); end >= 0 {
		name = name[:end]
	}
	if s.revision != "" {
		return s.refuse("second ;rev=")
	}
	if name == "" || len(name) > 100 || strings.ContainsFunc(name, notRevision) {
		return s.refuse(";rev= without a revision number")
	}
	s.revision, s.revisionAt = name, len(s.decoded)+1
	if len(s.text) == 0 {
		if len(s.decoded) > 0 {
			return s.refuse(";rev= after an empty segment")
		}
		s.revisionAt = 0
	}
	s.at += len(prefix) + len(name)
	return nil
}

func notRevision(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '.' || r == '_')
}

func (s *scanner) endSegment() error {
	if !utf8.Valid(s.text) {
		return s.refuse("segment that is not UTF-8")
	}
	s.decoded = append(s.decoded, string(s.text))
	s.text = s.text[:0]
	return nil
}

func (s *scanner) refuse(reason string) error { return &PathError{reason, s.at} }
