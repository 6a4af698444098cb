package authz

import (
	"sync"
	"sync/atomic"
)

// Live carries the index in force. Readers load it and keep that version for as long as they need it; writers come one at a time.
type Live struct {
	current atomic.Pointer[Index]
	writing sync.Mutex
}

// NewLive is a Live that begins with x.
func NewLive(x *Index) *Live {
	l := &Live{}
	l.current.Store(x)
	return l
}

// Load is the index in force now.
func (l *Live) Load() *Index { return l.current.Load() }

// Update puts the version that next makes from the current one in force. When next fails, nothing changes. Once Update has returned,
// every Load sees the new version.
func (l *Live) Update(next func(*Index) (*Index, error)) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	x, err := next(l.current.Load())
	if err != nil {
		return err
	}
	l.current.Store(x)
	return nil
}
