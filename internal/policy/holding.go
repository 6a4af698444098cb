package policy

import (
	"errors"
	"io"
	"slices"
	"sync"
)

// holding is what an exchange holds of its home's memory beside expressions: bodies that policies read, and answers to their calls.
type holding struct {
	pool *Memory

	mu          sync.Mutex
	held, taken int64
	released    bool
}

// piece is what is taken of the home's memory at once; the first of each exchange is free, which covers nearly all.
const piece = 1 << 20

// holds is the exchange's holding; it ends with the exchange.
func (x *Exchange) holds() *holding {
	if x.holding == nil {
		h := &holding{pool: x.Memory}
		x.holding = h
		x.Afterwards = append(x.Afterwards, func(*Exchange) { h.release() })
	}
	return x.holding
}

// hold counts n more bytes; false when there is no more room, or the exchange has ended.
func (h *holding) hold(n int64) bool {
	if h == nil || h.pool == nil {
		return true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.held += n; h.held > h.taken+piece; h.taken += piece {
		if h.released || !h.pool.Take(piece) {
			return false
		}
	}
	return !h.released
}

func (h *holding) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pool != nil {
		h.pool.Give(h.taken)
	}
	h.taken, h.released = 0, true
}

// errLarge says that a message has more than limit bytes.
var errLarge = errors.New("larger than its limit")

// readWithin reads all of at most limit bytes; length is how many are expected, -1 when that isn't known. hold is asked for the room of what comes, before
// it is kept; refused is the error when there is none.
func readWithin(r io.Reader, length, limit int64, hold func(int64) bool, refused error) ([]byte, error) {
	if length > limit {
		return nil, errLarge
	}
	r = io.LimitReader(r, limit+1)
	var data []byte
	room := int64(512)
	if length >= 0 {
		room = length + 1 // the end is seen without growing
	}
	for ; ; room = min(2*room, 256<<10) {
		if len(data) == cap(data) {
			// What a message promises is believed up to a piece; further room follows what has come.
			data = slices.Grow(data, int(max(1, min(room, piece))))
		}
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > limit:
			return nil, errLarge
		case n > 0 && !hold(int64(n)):
			return nil, refused
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, err
		}
	}
}
