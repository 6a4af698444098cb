package libxml

import (
	"container/list"
	"crypto/sha256"
	"sync"
)

// digest names what an image was compiled from.
type digest [sha256.Size]byte

// digestOf hashes parts so that no two rows of parts give the same.
func digestOf(parts ...[]byte) (d digest) {
	h := sha256.New()
	for _, p := range parts {
		inner := sha256.Sum256(p)
		h.Write(inner[:])
	}
	h.Sum(d[:0])
	return d
}

// images keeps compiled stylesheets and schemas up to a number of bytes; the one that was used longest ago goes first. Whoever needs one that has
// gone compiles it again, so the bound holds however many policies there are.
type images struct {
	mu    sync.Mutex
	most  int
	bytes int
	order *list.List // of *entry, latest first
	byKey map[digest]*list.Element
}

type entry struct {
	key digest
	img *image
}

func newImages(most int) *images {
	return &images{most: most, order: list.New(), byKey: map[digest]*list.Element{}}
}

func (c *images) get(key digest) *image {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.byKey[key]
	if at == nil {
		return nil
	}
	c.order.MoveToFront(at)
	return at.Value.(*entry).img
}

func (c *images) put(key digest, img *image) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[key] != nil || img.bytes > c.most {
		return
	}
	c.byKey[key] = c.order.PushFront(&entry{key, img})
	c.bytes += img.bytes
	for c.bytes > c.most {
		last := c.order.Back()
		old := last.Value.(*entry)
		c.order.Remove(last)
		delete(c.byKey, old.key)
		c.bytes -= old.img.bytes
	}
}
