package gateway

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// callerBody reads the caller's body. It notes why reading failed, so that a malformed or broken body is told from a backend that fails, and
// gives up when no byte comes for the idle time. A backend call may go on reading after the request has ended: it gets nothing then, and no
// longer touches the connection.
type callerBody struct {
	reader  io.Reader
	control *http.ResponseController
	idle    time.Duration
	http2   bool         // the deadline of a stream ends it even while nobody reads
	passed  atomic.Int64 // bytes read

	mu     sync.Mutex
	failed error
	whole  bool // read to its end
	ended  bool // the request has ended
}

func (b *callerBody) Read(p []byte) (int, error) {
	if !b.deadline(time.Now().Add(b.idle)) {
		return 0, http.ErrBodyReadAfterClose
	}
	n, err := b.reader.Read(p)
	b.passed.Add(int64(n))
	if err == nil {
		if b.http2 {
			b.deadline(time.Time{})
		}
		return n, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.ended:
	case errors.Is(err, io.EOF):
		// The server watches the silent connection to notice a caller who leaves: it must not run into our deadline.
		b.whole = true
		_ = b.control.SetReadDeadline(time.Time{})
	case b.failed == nil:
		b.failed = err
	}
	return n, err
}

// deadline sets the connection's; false when the request has ended.
func (b *callerBody) deadline(t time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ended {
		_ = b.control.SetReadDeadline(t)
	}
	return !b.ended
}

// Close leaves the body to the server, which closes it when the request ends: what was not read may still be on its way, and nobody is to wait
// for it here.
func (b *callerBody) Close() error { return nil }

// size is how many bytes have been read.
func (b *callerBody) size() int64 {
	if b == nil {
		return 0
	}
	return b.passed.Load()
}

// end says that the request has ended. The server reads what is left of a short body to keep the connection, but not for ever.
func (b *callerBody) end() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	if !b.whole && b.failed == nil {
		_ = b.control.SetReadDeadline(time.Now().Add(b.idle))
	}
}

// failure is why reading the body failed, nil when it did not.
func (b *callerBody) failure() error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed
}
