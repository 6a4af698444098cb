package gateway

// frames follows where the frames of a WebSocket stream begin and end (RFC 6455 5.2), and looks at nothing else of them.
type frames struct {
	head [10]byte // of the frame that has begun: flags, length, extended length
	have int
	left uint64 // bytes of mask and payload still to come
}

// pass takes the next bytes of the stream.
func (f *frames) pass(p []byte) {
	for len(p) > 0 {
		if f.left > 0 {
			n := min(f.left, uint64(len(p)))
			f.left -= n
			p = p[n:]
			continue
		}
		f.head[f.have] = p[0]
		f.have++
		p = p[1:]
		if size := f.size(); f.have == size {
			f.left, f.have = f.length(size), 0
		}
	}
}

// size is how many bytes the head has, as far as it is known.
func (f *frames) size() int {
	if f.have < 2 {
		return 2
	}
	switch f.head[1] & 0x7f {
	case 126:
		return 4
	case 127:
		return 10
	}
	return 2
}

// length is what follows the head: the mask, if there is one, and the payload.
func (f *frames) length(size int) (n uint64) {
	if size == 2 {
		n = uint64(f.head[1] & 0x7f)
	}
	for _, b := range f.head[2:size] {
		n = n<<8 | uint64(b)
	}
	if f.head[1]&0x80 != 0 {
		n += 4
	}
	return n
}

// between says whether the stream stands between two frames.
func (f *frames) between() bool { return f.have == 0 && f.left == 0 }
