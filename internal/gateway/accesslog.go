package gateway

import (
	"encoding/hex"
	"io"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/policy"
)

// flushAfter is the longest that a line waits in memory.
const flushAfter = 100 * time.Millisecond

// flushAt is how many bytes wait at most.
const flushAt = 64 << 10

// accessLog writes one JSON line for each call, trace and metric. Lines wait a moment, so that many go out in one write.
type accessLog struct {
	w io.Writer // nil discards

	mu      sync.Mutex
	buffer  []byte
	spare   []byte
	pending bool // a flush is coming

	writing sync.Mutex // one write at a time, in order
}

func newAccessLog(w io.Writer) *accessLog { return &accessLog{w: w} }

// Close writes out what waits.
func (l *accessLog) Close() { l.flush() }

// call writes the line of a finished call. It holds names, outcome and time; never a key, a header, a query or a body.
func (l *accessLog) call(x *exchange) {
	if l.w == nil {
		return
	}
	now := x.gateway.now()
	l.line(func(b []byte) []byte {
		b = x.appendPlace(b, "call", now)
		b = appendMember(b, "method", x.r.Method)
		b = appendMember(b, "path", x.path.Escaped)
		b = append(b, `,"status":`...)
		b = appendInt(b, int64(x.status))
		b = append(b, `,"duration":`...)
		b = strconv.AppendFloat(b, float64(now.Sub(x.Received).Microseconds())/1000, 'f', 3, 64)
		b = appendMember(b, "grpcStatus", x.callStatus)
		b = appendBytes(b, "requestBytes", x.Traffic.In)
		b = appendBytes(b, "responseBytes", x.Traffic.Out)
		if e := x.failure; e != nil {
			b = appendMember(b, "errorSource", e.Source)
			b = appendMember(b, "errorReason", e.Reason)
			b = appendMember(b, "errorMessage", e.Message)
			if e.Path != "" {
				b = appendMember(b, "errorScope", e.Scope)
				b = appendMember(b, "errorPath", e.Path)
			}
		}
		return b
	})
}

// Trace implements policy.Host: a line of its own, tied to the call by its activity id.
func (x *exchange) Trace(_ *policy.Exchange, t policy.TraceRecord) {
	l := x.gateway.log
	if l.w == nil {
		return
	}
	l.line(func(b []byte) []byte {
		b = x.appendPlace(b, "trace", x.gateway.now())
		b = appendMember(b, "source", t.Source)
		b = appendMember(b, "severity", t.Severity)
		b = appendMember(b, "message", t.Message)
		if len(t.Metadata) == 0 {
			return b
		}
		b = append(b, `,"metadata":{`...)
		for i, m := range t.Metadata {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSON(b, m.Name), ':')
			b = appendJSON(b, m.Value)
		}
		return append(b, '}')
	})
}

// posted writes what became of a request that nobody waits for.
func (l *accessLog) posted(now time.Time, p *posted, severity, message string) {
	if l.w == nil {
		return
	}
	l.line(func(b []byte) []byte {
		b = append(b, `{"time":"`...)
		b = now.UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
		b = append(b, `","kind":"trace"`...)
		b = appendMember(b, "workspace", p.workspace)
		b = appendMember(b, "api", p.api)
		b = append(b, `,"activityId":"`...)
		b = append(appendID(b, &p.id), '"')
		b = appendMember(b, "source", "send-one-way-request")
		b = appendMember(b, "severity", severity)
		return appendMember(b, "message", message)
	})
}

// appendPlace begins a line.
func (x *exchange) appendPlace(b []byte, kind string, at time.Time) []byte {
	b = append(b, `{"time":"`...)
	b = at.UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
	b = append(b, `","kind":"`+kind+`"`...)
	if x.table != nil {
		b = appendMember(b, "gateway", x.table.snapshot.Gateway.Name)
	}
	if x.api != nil {
		b = appendMember(b, "workspace", x.api.home.shard.Workspace)
		b = appendMember(b, "api", x.api.source.Name)
	}
	if x.Operation != nil {
		b = appendMember(b, "operation", x.Operation.ID)
	}
	b = append(b, `,"activityId":"`...)
	b = appendID(b, &x.ID)
	return append(b, '"')
}

// line adds a line; begin appends all of it but its end.
func (l *accessLog) line(begin func([]byte) []byte) {
	l.mu.Lock()
	l.buffer = append(begin(l.buffer), '}', '\n')
	full, first := len(l.buffer) >= flushAt, !l.pending
	l.pending = true
	l.mu.Unlock()
	switch {
	case full:
		l.flush()
	case first:
		time.AfterFunc(flushAfter, l.flush)
	}
}

func (l *accessLog) flush() {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	lines := l.buffer
	l.buffer, l.spare, l.pending = l.spare[:0], nil, false
	l.mu.Unlock()
	if len(lines) > 0 {
		_, _ = l.w.Write(lines) // there is nowhere else to report to
	}
	l.mu.Lock()
	l.spare = lines
	l.mu.Unlock()
}

// appendMember appends a member that isn't the first; empty values are left out.
func appendMember(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(b, `,"`...)
	b = append(b, name...)
	b = append(b, `":`...)
	return appendJSON(b, value)
}

// appendBytes appends a count of bytes; none is left out.
func appendBytes(b []byte, name string, n int64) []byte {
	if n == 0 {
		return b
	}
	b = append(b, `,"`...)
	b = append(b, name...)
	b = append(b, `":`...)
	return appendInt(b, n)
}

// appendJSON appends a string literal.
func appendJSON(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	if isPlainText(s) {
		return append(append(b, s...), '"')
	}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < 0x20 || c == 0x7f:
			b = append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += size
			continue
		}
		i++
	}
	return append(b, '"')
}

func isPlainText(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// appendID appends the GUID of policy.FormatID.
func appendID(b []byte, id *[16]byte) []byte {
	b = hex.AppendEncode(b, id[0:4])
	b = hex.AppendEncode(append(b, '-'), id[4:6])
	b = hex.AppendEncode(append(b, '-'), id[6:8])
	b = hex.AppendEncode(append(b, '-'), id[8:10])
	return hex.AppendEncode(append(b, '-'), id[10:16])
}

func appendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }
