package token

import "sync"

// Bounds of what a cache holds, in two halves.
const (
	halfEntries = 4096
	halfBytes   = 2 << 20
)

// Cache remembers tokens whose signature was verified, by their exact text, and the key that did it. A token counts as verified only for who would
// use that very key now; times and claims are checked anew each time. It is safe for concurrent use.
type Cache struct {
	mu         sync.RWMutex
	young, old map[string]*Remembered
	bytes      int // of young
}

// Remembered is a verified token.
type Remembered struct {
	Token *Token
	Key   *Key
}

// Get finds a token.
func (c *Cache) Get(text string) *Remembered {
	c.mu.RLock()
	found := c.young[text]
	if found == nil {
		found = c.old[text]
	}
	c.mu.RUnlock()
	return found
}

// Put remembers a token. When the younger half is full it becomes the older, which is forgotten: entries in use come back at the cost of one more
// verification.
func (c *Cache) Put(text string, r *Remembered) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.young == nil || len(c.young) >= halfEntries || c.bytes+len(text) > halfBytes {
		c.old, c.young, c.bytes = c.young, map[string]*Remembered{}, 0
	}
	if c.young[text] == nil {
		c.bytes += len(text)
	}
	c.young[text] = r
}
