package libxml

import (
	"bytes"

	"github.com/tetratelabs/wazero/api"
)

// block is how much of a memory is compared and kept at once.
const block = 4096

var zeroes [block]byte

// image is the memory of an instance at rest: blocks that hold something, nil where there are only zeroes. It is immutable; an image of a compiled
// stylesheet shares the blocks that it has in common with the image of a fresh instance.
type image struct {
	blocks [][]byte
	bytes  int // of blocks that are its own
}

// save copies a memory, but for what is the same in base.
func save(mem api.Memory, base *image) *image {
	all, _ := mem.Read(0, mem.Size())
	img := &image{blocks: make([][]byte, len(all)/block)}
	for i := range img.blocks {
		b := all[i*block:][:block]
		switch {
		case base != nil && i < len(base.blocks) && base.blocks[i] != nil && bytes.Equal(b, base.blocks[i]):
			img.blocks[i] = base.blocks[i]
		case !bytes.Equal(b, zeroes[:]):
			img.blocks[i] = bytes.Clone(b)
			img.bytes += block
		}
	}
	img.bytes += len(img.blocks) * 24
	return img
}

// restore makes a memory what it was when the image was saved, and zero beyond: nothing stays of what was there. It says whether the memory could
// grow to that size.
func (img *image) restore(mem api.Memory) bool {
	const page = 65536
	if want := uint32(len(img.blocks) * block); mem.Size() < want {
		if _, ok := mem.Grow((want - mem.Size() + page - 1) / page); !ok {
			return false
		}
	}
	all, _ := mem.Read(0, mem.Size())
	for i, b := range img.blocks {
		if b == nil {
			clear(all[i*block:][:block])
		} else {
			copy(all[i*block:][:block], b)
		}
	}
	clear(all[len(img.blocks)*block:])
	return true
}
