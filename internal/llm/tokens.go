package llm

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tiktoken-go/tokenizer"
)

const (
	// piece is the most bytes that are cut into tokens at once, so that no text makes the search for words slow.
	piece = 2 << 10
	// exact is how many bytes of a text are counted; the rest counts in proportion.
	exact = 1 << 20
)

// The vocabularies, each read when it is first asked for.
var (
	o200k = sync.OnceValue(func() tokenizer.Codec { return codec(tokenizer.O200kBase) })
	cl100 = sync.OnceValue(func() tokenizer.Codec { return codec(tokenizer.Cl100kBase) })
)

func codec(e tokenizer.Encoding) tokenizer.Codec {
	c, err := tokenizer.Get(e)
	if err != nil {
		return nil // counted by length then
	}
	return c
}

// vocabulary is the one of a model; models that aren't known, and later ones, have the latest.
func vocabulary(model string) tokenizer.Codec {
	model = strings.ToLower(model)
	for _, newer := range [...]string{"gpt-4o", "gpt-4.1", "gpt-4.5"} {
		if strings.Contains(model, newer) {
			return o200k()
		}
	}
	for _, older := range [...]string{"gpt-4", "gpt-3.5", "gpt-35", "text-embedding", "ada-002"} {
		if strings.Contains(model, older) {
			return cl100()
		}
	}
	return o200k()
}

// Counter counts the tokens of a text that comes in pieces. It holds a few bytes of it at a time.
type Counter struct {
	codec   tokenizer.Codec
	wait    []byte
	counted int64 // bytes
	beyond  int64 // bytes
	tokens  int64
}

// NewCounter counts as the model does.
func NewCounter(model string) *Counter { return &Counter{codec: vocabulary(model)} }

// Write adds text.
func (c *Counter) Write(s string) {
	for s != "" {
		if c.counted >= exact {
			c.beyond += int64(len(s))
			return
		}
		n := min(piece-len(c.wait), len(s))
		c.wait, s = append(c.wait, s[:n]...), s[n:]
		if len(c.wait) >= piece {
			c.count(cut(c.wait))
		}
	}
}

// cut is where a full piece is cut: before its last blank, or else between two characters.
func cut(b []byte) int {
	for i := len(b) - 1; i > len(b)/2; i-- {
		if b[i] == ' ' || b[i] == '\n' {
			return i
		}
	}
	for i := len(b) - 1; i > len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			return i
		}
	}
	return len(b)
}

// Break says that a text has ended: no token reaches beyond.
func (c *Counter) Break() { c.count(len(c.wait)) }

func (c *Counter) count(n int) {
	if n == 0 {
		return
	}
	tokens, err := 0, error(nil)
	if c.codec != nil {
		tokens, err = c.codec.Count(string(c.wait[:n]))
	}
	if c.codec == nil || err != nil {
		tokens = n/4 + 1
	}
	c.tokens += int64(tokens)
	c.counted += int64(n)
	c.wait = append(c.wait[:0], c.wait[n:]...)
}

// Total is the count so far; it ends the text.
func (c *Counter) Total() int64 {
	c.Break()
	if c.beyond == 0 {
		return c.tokens
	}
	return c.tokens + int64(float64(c.beyond)*float64(c.tokens)/float64(c.counted))
}
