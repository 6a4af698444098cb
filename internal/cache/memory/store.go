package memory

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/cache"
)

// MaxValue is the largest value that is kept, as in the service's built-in cache (policies.md 10).
const MaxValue = 2 << 20

// overhead is what an entry costs beside its texts.
const overhead = 160

// Store is a cache.Store in memory.
type Store struct {
	now   func() time.Time
	limit int64

	mu      sync.Mutex
	entries map[cache.Key]*list.Element
	recent  list.List // most recently used first; values are *entry
	size    int64
}

type entry struct {
	key     cache.Key
	value   []byte
	expires time.Time
}

func (e *entry) size() int64 {
	return int64(len(e.value)+len(e.key.Workspace)+len(e.key.Space)+len(e.key.Name)) + overhead
}

// New makes an empty store that reads the time from now and holds at most limit bytes.
func New(now func() time.Time, limit int64) (*Store, error) {
	if now == nil || limit <= 0 {
		return nil, fmt.Errorf("memory cache: a clock and a limit above 0 bytes are needed")
	}
	return &Store{now: now, limit: limit, entries: make(map[cache.Key]*list.Element)}, nil
}

// Get implements cache.Store.
func (s *Store) Get(_ context.Context, key cache.Key) ([]byte, bool, error) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	el := s.entries[key]
	if el == nil {
		return nil, false, nil
	}
	e := el.Value.(*entry)
	if !now.Before(e.expires) {
		s.drop(el)
		return nil, false, nil
	}
	s.recent.MoveToFront(el)
	return e.value, true, nil
}

// Set implements cache.Store.
func (s *Store) Set(_ context.Context, key cache.Key, value []byte, keep time.Duration) error {
	if keep <= 0 {
		return fmt.Errorf("cached value %q: a time longer than 0 is needed, got %s", key.Name, keep)
	}
	e := &entry{key, value, s.now().Add(keep)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if el := s.entries[key]; el != nil {
		s.drop(el)
	}
	if len(value) > MaxValue || e.size() > s.limit {
		return nil
	}
	s.entries[key] = s.recent.PushFront(e)
	for s.size += e.size(); s.size > s.limit; {
		s.drop(s.recent.Back())
	}
	return nil
}

// Delete implements cache.Store.
func (s *Store) Delete(_ context.Context, key cache.Key) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if el := s.entries[key]; el != nil {
		s.drop(el)
	}
	return nil
}

func (s *Store) drop(el *list.Element) {
	e := s.recent.Remove(el).(*entry)
	delete(s.entries, e.key)
	s.size -= e.size()
}

var _ cache.Store = (*Store)(nil)
