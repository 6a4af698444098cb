package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
)

// The verbs of a Change.
const (
	VerbPut    = "put"
	VerbDelete = "delete"
)

// Genesis is the Prev of the first entry of every log.
var Genesis = strings.Repeat("0", 2*sha256.Size)

// canonical is what a hash covers: the entry in this order of members, without white space that JSON does not need, the body's members
// and numbers as they were written. An exported line can therefore be verified after any re-indentation.
type canonical struct {
	Seq   uint64          `json:"seq"`
	Time  time.Time       `json:"time"`
	Actor Actor           `json:"actor"`
	Verb  string          `json:"verb"`
	ID    string          `json:"id"`
	Kind  string          `json:"kind"`
	Body  json.RawMessage `json:"body,omitempty"`
	Prev  string          `json:"prev"`
}

// Digest is the hash that the entry should carry: SHA-256 over Prev and the canonical entry, in lower-case hex. It fails only when the
// body is not JSON.
func (c Change) Digest() (string, error) {
	b := texts.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() <= largestText {
			b.Reset()
			texts.Put(b)
		}
	}()
	b.WriteString(c.Prev)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(&canonical{c.Seq, c.Time.UTC(), c.Actor, c.Verb, c.ID, c.Kind, c.Body, c.Prev}); err != nil {
		return "", fmt.Errorf("change %d of %s: %w", c.Seq, c.ID, err)
	}
	sum := sha256.Sum256(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return hex.EncodeToString(sum[:]), nil
}

// texts are where what a hash covers is written; nothing of it stays.
var texts = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largestText is what a buffer may hold to be used again.
const largestText = 64 << 10

// Chain checks entries as they come, oldest first.
type Chain struct {
	Seq  uint64 // number of the last good entry
	Hash string // its hash
}

// NewChain starts before the first entry.
func NewChain() Chain { return Chain{Hash: Genesis} }

// Next accepts the entry that follows the last good one, and returns false at a gap, an alteration or a wrong order: the first broken
// number is then Seq+1.
func (c *Chain) Next(e Change) bool {
	want, err := e.Digest()
	if err != nil || e.Seq != c.Seq+1 || e.Prev != c.Hash || e.Hash != want {
		return false
	}
	c.Seq, c.Hash = e.Seq, e.Hash
	return true
}
