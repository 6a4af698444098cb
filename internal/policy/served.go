package policy

import (
	"bytes"
	"errors"
	"io"
)

// Caching is what cache-lookup has decided about a request, for the cache-store that belongs to it.
type Caching struct {
	Key     string // of the response
	Private bool   // responses meant for one caller may be kept
	// Downstream is what caches on the way to the caller may do: "none", "private" or "public"; MustRevalidate asks them to ask again afterwards.
	Downstream     string
	MustRevalidate bool
}

// Serve makes r the answer in the backend's place when returned from a step of inbound: the rest of inbound and the backend section are skipped, and
// outbound goes on behind its cache-store (policies.md 7.7).
func (x *Exchange) Serve(r *Response) error {
	x.Response, x.served = r, true
	return ErrReplied
}

// Served says whether the answer came from a cache.
func (x *Exchange) Served() bool { return x.served }

// served runs a section of an exchange whose answer came from a cache.
func (p *Plan) served(x *Exchange, s Section) error {
	block := p.Sections[s]
	if s == BackendSection {
		return nil
	}
	for i := range block {
		if s == Outbound && block[i].Stores {
			return block[i+1:].Run(x)
		}
	}
	return block.Run(x)
}

// Peek reads the whole body when it has at most limit bytes, and keeps it. A longer one stays a stream that nobody has read from; ok is false.
func (b *Body) Peek(limit int64) (data []byte, ok bool, err error) {
	switch {
	case b == nil:
		return nil, true, nil
	case b.state == bodyBytes:
		return b.bytes, int64(len(b.bytes)) <= limit, nil
	case b.state >= bodyConsumed || b.Length > limit:
		return nil, false, nil
	}
	head, err := io.ReadAll(io.LimitReader(b.stream, limit+1))
	if err != nil {
		return nil, false, err
	}
	if int64(len(head)) > limit {
		b.stream = &resumed{io.MultiReader(bytes.NewReader(head), b.stream), b.stream}
		return nil, false, nil
	}
	err = b.stream.Close()
	b.stream, b.bytes, b.state, b.Length = nil, head, bodyBytes, int64(len(head))
	return head, true, err
}

// resumed is a stream of which the beginning was read already.
type resumed struct {
	io.Reader
	io.Closer
}

// isServed says whether a section has ended because the answer came from a cache.
func isServed(x *Exchange, s Section, err error) bool {
	return s == Inbound && x.served && errors.Is(err, ErrReplied)
}
