package h1

import (
	"bytes"
	"errors"
)

// Reasons to refuse a chunked body.
var (
	errChunkSize = errors.New("malformed chunk size")
	errChunkEnd  = errors.New("chunk data without CRLF behind it")
	errTooMuch   = errors.New("too many bytes of chunk extensions or trailers")
)

// badChunk is no chunk size.
const badChunk = "x\r\n"

// chunkLine judges the line at hand: a chunk's size, the end of its data, or a trailer.
func (c *Conn) chunkLine(b []byte) bool {
	i := bytes.IndexByte(b[c.scanned:], '\n')
	if i < 0 {
		c.scanned = len(b)
		if len(b) > extraLimit {
			return c.refuse(errTooMuch, badChunk)
		}
		return false
	}
	i += c.scanned
	if i < 1 || b[i-1] != '\r' || bytes.IndexByte(b[:i-1], '\r') >= 0 {
		return c.refuse(errBareLF, badChunk)
	}
	line := b[:i-1]
	switch c.state {
	case inSize:
		return c.chunkSize(line)
	case inCRLF:
		if len(line) > 0 {
			return c.refuse(errChunkEnd, badChunk)
		}
		c.state = inSize
	case inTrailer:
		if len(line) == 0 {
			c.state = inHead
			break
		}
		if err := new(seen).field(line); err != nil {
			return c.refuse(err, badField)
		}
		if c.extra += len(line); c.extra > extraLimit {
			return c.refuse(errTooMuch, badField)
		}
	}
	c.give(i + 1)
	return true
}

// badField is no header line.
const badField = "\x00\r\n\r\n"

// chunkSize reads "size[;extension]".
func (c *Conn) chunkSize(line []byte) bool {
	digits, extension, extended := bytes.Cut(line, []byte(";"))
	if extended {
		for _, b := range extension {
			if b < ' ' && b != '\t' || b >= 0x7f {
				return c.refuse(errChunkSize, badChunk)
			}
		}
		if c.extra += len(extension) + 1; c.extra > extraLimit {
			return c.refuse(errTooMuch, badChunk)
		}
		digits = bytes.TrimRight(digits, " \t")
	}
	if len(digits) == 0 || len(digits) > 15 {
		return c.refuse(errChunkSize, badChunk)
	}
	size := int64(0)
	for _, b := range digits {
		switch {
		case b >= '0' && b <= '9':
			size = size<<4 | int64(b-'0')
		case b >= 'a' && b <= 'f':
			size = size<<4 | int64(b-'a'+10)
		case b >= 'A' && b <= 'F':
			size = size<<4 | int64(b-'A'+10)
		default:
			return c.refuse(errChunkSize, badChunk)
		}
	}
	c.give(len(line) + 2)
	if size == 0 {
		c.state, c.extra = inTrailer, 0
	} else {
		c.state, c.left = inChunk, size
	}
	return true
}
