package usage

import "time"

// Source has calls to tell: a meter.
type Source interface {
	// Drain moves what was recorded since the last time into the batch.
	Drain(into *Batch)
}

// Row is what calls under a key have come to in one span of time.
type Row struct {
	Key
	Start time.Time // UTC, a multiple of Width
	Counts
}

// Request is a single call under its key.
type Request struct {
	Key
	Call
}

// at is a key in one span.
type at struct {
	Key
	span int64
}

// Batch is what sources had to tell.
type Batch struct {
	rows     map[at]*Counts
	requests map[Home][]Request
}

func newBatch() *Batch {
	return &Batch{rows: make(map[at]*Counts), requests: make(map[Home][]Request)}
}

func (b *Batch) add(k *Key, span int64, n *Counts) {
	if k.Service == "" || n.Sum() == 0 { // of a gateway that serves nothing yet
		return
	}
	have := b.rows[at{*k, span}]
	if have == nil {
		have = new(Counts)
		b.rows[at{*k, span}] = have
	}
	have.Merge(n)
}

func (b *Batch) saw(k *Key, c *Call) {
	if k.Service != "" {
		b.requests[k.Home()] = append(b.requests[k.Home()], Request{*k, *c})
	}
}
