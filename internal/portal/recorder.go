package portal

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"unicode/utf8"
)

// maxReplyBody is how much of an answer is kept, in bytes.
const maxReplyBody = 1 << 20

// recorder is the http.ResponseWriter of a call in the process. It keeps the head and the first MiB of the body; when there is more, it ends
// the call. After the reply was taken it takes nothing more.
type recorder struct {
	header http.Header // the gateway's to change until the head is written
	end    context.CancelFunc

	mu     sync.Mutex
	status int         // 0 until the head is written
	sent   http.Header // as it was then
	body   []byte
	cut    bool // there was more
	broken bool // the gateway gave up
	closed bool // the reply was taken
}

func newRecorder(end context.CancelFunc) *recorder {
	return &recorder{header: http.Header{}, end: end}
}

var errEnough = errors.New("portal: no more of this answer is wanted")

// Header implements http.ResponseWriter.
func (rec *recorder) Header() http.Header { return rec.header }

// WriteHeader implements http.ResponseWriter. Informational answers are not kept.
func (rec *recorder) WriteHeader(status int) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.writeHeader(status)
}

func (rec *recorder) writeHeader(status int) {
	if status >= 200 && rec.status == 0 && !rec.closed {
		rec.status, rec.sent = status, rec.header.Clone()
	}
}

// Write implements http.ResponseWriter.
func (rec *recorder) Write(b []byte) (int, error) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.writeHeader(http.StatusOK)
	if rec.closed || rec.cut {
		return 0, errEnough
	}
	if room := maxReplyBody - len(rec.body); len(b) > room {
		rec.body, rec.cut = append(rec.body, b[:room]...), true
		rec.end()
		return room, errEnough
	}
	rec.body = append(rec.body, b...)
	return len(b), nil
}

// Flush implements http.Flusher: everything is there at once.
func (rec *recorder) Flush() { rec.WriteHeader(http.StatusOK) }

// broke notes how the handler ended: nil when it returned, else what it panicked with, which is how an answer is broken off.
func (rec *recorder) broke(with any) {
	if with == nil {
		return
	}
	if with != http.ErrAbortHandler {
		slog.Error("a gateway failed on a call from the portal", "error", with)
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.broken = true
}

// reply is what has come, for showing.
func (rec *recorder) reply() callReply {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.closed = true
	out := callReply{Status: rec.status, Headers: [][2]string{}, Body: string(rec.body)}
	switch {
	case rec.status == 0 && rec.broken:
		out.Status, out.Note = http.StatusBadGateway, "The gateway broke the call off."
	case rec.status == 0:
		out.Status, out.Note = http.StatusGatewayTimeout, "The gateway gave no answer within 30 s."
	case rec.cut:
		out.Body, out.Note = wholeRunes(out.Body), "The answer is longer than 1 MiB; its first part is shown."
	case rec.broken:
		out.Note = "The answer broke off; what came of it is shown."
	}
	if !utf8.ValidString(out.Body) {
		out.Body, out.Note = "", "The answer is not text, so it is not shown."
	}
	out.Reason = http.StatusText(out.Status)
	for _, name := range slices.Sorted(maps.Keys(rec.sent)) {
		for _, value := range rec.sent[name] {
			if !isHop(name) {
				out.Headers = append(out.Headers, [2]string{name, value})
			}
		}
	}
	return out
}

// wholeRunes drops the beginning of a character at the end, where a text was cut.
func wholeRunes(s string) string {
	for n := 1; n < utf8.UTFMax && n <= len(s); n++ {
		if tail := s[len(s)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRuneInString(tail) {
				return s[:len(s)-n]
			}
			return s
		}
	}
	return s
}
