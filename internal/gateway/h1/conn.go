package h1

import (
	"bytes"
	"io"
	"net"
	"time"
)

// Conn is a connection whose Read gives what its peer sends, as far as it is beyond doubt.
type Conn struct {
	net.Conn
	limits Limits

	raw      []byte // read from the peer, not yet judged; raw[start:] counts
	start    int
	out      []byte // judged, not yet given
	scanned  int    // bytes of raw[start:] that are known to hold no end of a line
	state    state
	left     int64 // of a body with a length, or of a chunk
	extra    int   // bytes of chunk extensions and trailers of this message
	first    bool  // a first request has begun
	requests int   // heads that passed
	refused  error
}

// Limits bound what is held of a message that has not ended.
type Limits struct {
	// Head is the most bytes of a head that are judged. A larger one passes as it is: the server must have a smaller limit of its own and
	// refuse it.
	Head int
	// HeadTime is the longest that a head may take once it has begun.
	HeadTime time.Duration
}

type state uint8

const (
	inHead    state = iota
	inBody          // of known length
	inSize          // at the beginning of a chunk
	inChunk         // in its data
	inCRLF          // behind its data
	inTrailer       // behind the last chunk
	through         // not ours to judge
	broken          // refused: nothing more is read
)

// extraLimit is the most bytes of chunk extensions, and of trailers, of one message.
const extraLimit = 4 << 10

// NewConn wraps a connection.
func NewConn(c net.Conn, l Limits) *Conn { return &Conn{Conn: c, limits: l} }

// Refused is why the connection was given up, nil while it is not.
func (c *Conn) Refused() error { return c.refused }

// Through ends the judging: from here on bytes pass as they come, because the connection no longer speaks HTTP. It is refused (false) when the peer
// has sent more than the requests that were read: nobody can say what that was meant to be.
func (c *Conn) Through() bool {
	if c.state != inHead || len(c.out) > 0 || len(c.raw) > c.start {
		return false
	}
	c.state, c.raw, c.start = through, nil, 0
	return true
}

// Read implements net.Conn. An error of the connection below, a deadline for instance, loses nothing: what was read before is kept.
func (c *Conn) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.state == broken {
			return 0, io.EOF
		}
		if len(c.raw) == c.start {
			if c.state == through || c.state == inBody || c.state == inChunk {
				return c.readBody(p)
			}
			c.raw, c.start = c.raw[:0], 0
		} else if c.advance() {
			continue
		}
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// readBody reads bytes of a body straight into p: they need no judgement.
func (c *Conn) readBody(p []byte) (int, error) {
	if c.state != through && int64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.Conn.Read(p)
	if c.state != through {
		c.consume(int64(n))
	}
	return n, err
}

// consume counts bytes of a body or chunk.
func (c *Conn) consume(n int64) {
	if c.left -= n; c.left > 0 {
		return
	}
	if c.state == inBody {
		c.state = inHead
	} else {
		c.state = inCRLF
	}
}

// fill reads more of what must be seen whole before it is judged.
func (c *Conn) fill() error {
	if c.state == inHead && c.first && len(c.raw) > c.start {
		// The server has set the deadline for an idle connection, but a head has begun.
		_ = c.Conn.SetReadDeadline(time.Now().Add(c.limits.HeadTime))
	}
	if c.start > 0 {
		c.raw = c.raw[:copy(c.raw, c.raw[c.start:])]
		c.start = 0
	}
	if cap(c.raw)-len(c.raw) < 512 {
		grown := make([]byte, len(c.raw), max(4<<10, 2*cap(c.raw)))
		copy(grown, c.raw)
		c.raw = grown
	}
	n, err := c.Conn.Read(c.raw[len(c.raw):cap(c.raw)])
	c.raw = c.raw[:len(c.raw)+n]
	if n > 0 {
		return nil
	}
	return err
}

// advance judges what has been read; false when more is needed.
func (c *Conn) advance() bool {
	b := c.raw[c.start:]
	switch c.state {
	case inHead:
		return c.head(b)
	case inBody, inChunk:
		n := min(int64(len(b)), c.left)
		c.give(int(n))
		c.consume(n)
		return true
	case inSize, inCRLF, inTrailer:
		return c.chunkLine(b)
	case through:
		c.give(len(b))
		return true
	}
	return false
}

// give lets the next n bytes through.
func (c *Conn) give(n int) {
	c.out = c.raw[c.start : c.start+n]
	c.start += n
	c.scanned = 0
}

// refuse replaces the rest of the connection by bytes that the server must refuse at this point.
func (c *Conn) refuse(err error, instead string) bool {
	c.refused, c.state = err, broken
	c.out, c.start, c.scanned = []byte(instead), len(c.raw), 0
	return true
}

// preface begins an HTTP/2 connection with prior knowledge.
var preface = []byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

// head judges a head once its end is there.
func (c *Conn) head(b []byte) bool {
	if !c.first {
		if n := min(len(b), len(preface)); bytes.Equal(b[:n], preface[:n]) {
			if n < len(preface) {
				return false
			}
			c.state = through
			return true
		}
	}
	from := max(c.scanned-2, 0)
	end := bytes.Index(b[from:], []byte("\n\r\n"))
	if end < 0 {
		c.scanned = len(b)
		if bytes.Contains(b[from:], []byte("\n\n")) {
			return c.refuse(errBareLF, badHead)
		}
		if len(b) > c.limits.Head {
			c.state = through
			return true
		}
		return false
	}
	end += from + 3
	c.first = true
	f, err := judge(b[:end])
	if err != nil {
		return c.refuse(err, badHead)
	}
	c.requests++
	c.give(end)
	switch {
	case f.chunked:
		c.state, c.extra = inSize, 0
	case f.length > 0:
		c.state, c.left = inBody, f.length
	}
	return true
}

// badHead is no request, and longer than an HTTP/2 preface, for which a server may wait.
const badHead = "refused: not a request line\r\n\r\n"
