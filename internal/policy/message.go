package policy

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Field is one header line.
type Field struct{ Name, Value string }

// Header is a message's header in wire order. Names compare without case; their casing is kept.
type Header []Field

// Get returns the value of the first line with the name, "" when there is none.
func (h Header) Get(name string) string {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

// Has says whether a line with the name is there.
func (h Header) Has(name string) bool {
	return slices.ContainsFunc(h, func(f Field) bool { return strings.EqualFold(f.Name, name) })
}

// Values returns the values of all lines with the name, in order; nil when there is none.
func (h Header) Values(name string) []string {
	var out []string
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			out = append(out, h[i].Value)
		}
	}
	return out
}

// Set replaces all lines with the name by one, which stands where the first stood.
func (h *Header) Set(name, value string) {
	for i := range *h {
		if strings.EqualFold((*h)[i].Name, name) {
			(*h)[i] = Field{name, value}
			rest := slices.DeleteFunc((*h)[i+1:], func(f Field) bool { return strings.EqualFold(f.Name, name) })
			*h = (*h)[:i+1+len(rest)]
			return
		}
	}
	h.Add(name, value)
}

// Add appends a line.
func (h *Header) Add(name, value string) { *h = append(*h, Field{name, value}) }

// Del removes all lines with the name.
func (h *Header) Del(name string) {
	*h = slices.DeleteFunc(*h, func(f Field) bool { return strings.EqualFold(f.Name, name) })
}

// Body is a message's body: a stream until somebody reads it, bytes from then on. A consumed body (read without preserving) can't be read
// again, as in the service. A nil *Body is a message without one.
type Body struct {
	stream   io.ReadCloser
	bytes    []byte
	state    bodyState
	Length   int64     // of the stream; -1 when not known before it is read
	MaxBytes int64     // most that Bytes may buffer; 0 for DefaultMaxBody
	reader   *Exchange // whose home's memory it takes when it is buffered; nil for nobody's
	held     int64     // bytes so far
}

type bodyState uint8

const (
	bodyStream bodyState = iota
	bodyBytes
	bodyConsumed
	bodySent // a stream that has gone to a backend or a caller
)

// DefaultMaxBody is the most of a body that a policy may hold in memory, unless the gateway sets another limit.
const DefaultMaxBody = 8 << 20

// Errors of reading a body.
var (
	ErrBodyConsumed = errors.New("the body has been read already; read it with preserveContent: true to read it again")
	ErrBodySent     = errors.New("the request's body has been sent to a backend already; set buffer-request-body=\"true\" on forward-request to send it again")
	ErrBodyTooLarge = errors.New("the body is larger than a policy may read")
)

// NewBody is a body of the given bytes.
func NewBody(b []byte) *Body { return &Body{bytes: b, state: bodyBytes, Length: int64(len(b))} }

// StreamBody is a body that is read from r when somebody asks; length is -1 when it isn't known.
func StreamBody(r io.ReadCloser, length int64) *Body { return &Body{stream: r, Length: length} }

// StreamBody is the same for a message of the exchange: when it is read as a whole, that is limit bytes at most, and counts as held by the exchange's home.
func (x *Exchange) StreamBody(r io.ReadCloser, length, limit int64) *Body {
	return &Body{stream: r, Length: length, MaxBytes: limit, reader: x}
}

// Bytes reads the whole body. Unless preserve is set, it counts as consumed afterwards.
func (b *Body) Bytes(preserve bool) ([]byte, error) {
	if b.state >= bodyConsumed {
		return nil, ErrBodyConsumed
	}
	if err := b.buffer(); err != nil {
		return nil, err
	}
	out := b.bytes
	if !preserve {
		b.state, b.bytes = bodyConsumed, nil
	}
	return out, nil
}

// buffer turns a stream into bytes.
func (b *Body) buffer() error {
	if b.state != bodyStream {
		return nil
	}
	limit := b.MaxBytes
	if limit <= 0 {
		limit = DefaultMaxBody
	}
	if b.Length > limit {
		return ErrBodyTooLarge
	}
	data, err := readWithin(b.stream, b.Length, limit, b.hold, errNoRoom)
	closeErr := b.stream.Close()
	switch {
	case errors.Is(err, errLarge):
		return ErrBodyTooLarge
	case errors.Is(err, errNoRoom):
		return busy("the calls of this workspace or service hold as many bytes of bodies and values as they may at once; this body can't be read beside them")
	case err != nil:
		return err
	case closeErr != nil:
		return closeErr
	}
	b.stream, b.bytes, b.state, b.Length = nil, data, bodyBytes, int64(len(data))
	return nil
}

var errNoRoom = errors.New("no room")

// freeBody is what a body may have without being counted, which covers nearly all.
const freeBody = 64 << 10

// hold asks for room for n more bytes.
func (b *Body) hold(n int64) bool {
	before := b.held
	b.held += n
	if b.reader == nil || b.held <= freeBody {
		return true
	}
	if before <= freeBody {
		n = b.held
	}
	return b.reader.holds().hold(n)
}

// Open gives the body for sending on: buffered bytes (again and again) or the stream (once). length is -1 when it isn't known.
// A consumed body is empty.
func (b *Body) Open() (r io.ReadCloser, length int64) {
	switch {
	case b == nil || b.state >= bodyConsumed:
		return nil, 0
	case b.state == bodyBytes:
		return io.NopCloser(bytesReader(b.bytes)), int64(len(b.bytes))
	}
	b.state = bodySent
	return b.stream, b.Length
}

// OnClose has f called when a stream is closed: read to its end, or given up. It says whether the body is one; f is called once at most, and
// never for a body in memory.
func (b *Body) OnClose(f func()) bool {
	if b == nil || b.state != bodyStream || b.stream == nil {
		return false
	}
	b.stream = &watchedStream{b.stream, sync.OnceFunc(f)}
	return true
}

// watchedStream tells when it is closed.
type watchedStream struct {
	io.ReadCloser
	closed func()
}

func (s *watchedStream) Close() error {
	defer s.closed()
	return s.ReadCloser.Close()
}

// Sent says whether the body was a stream that Open has given away: what it held can't be sent a second time.
func (b *Body) Sent() bool { return b != nil && b.state == bodySent }

// Buffered returns the bytes when they are in memory.
func (b *Body) Buffered() ([]byte, bool) {
	if b == nil || b.state != bodyBytes {
		return nil, false
	}
	return b.bytes, true
}

// Close lets go of a stream that nobody will read.
func (b *Body) Close() {
	if b != nil && b.stream != nil {
		_ = b.stream.Close()
		b.stream, b.state = nil, bodyConsumed
	}
}

// reason is the reason phrase, the standard one unless another was set.
func (r *Response) reason() string {
	if r.Reason != "" {
		return r.Reason
	}
	return http.StatusText(r.Status)
}
