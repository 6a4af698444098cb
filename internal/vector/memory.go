package vector

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"
)

// Bounds of a memory. Comparing with all entries of a partition takes some milliseconds at most.
const (
	maxVector    = 8192 // numbers of a vector
	maxPartition = 2000 // entries of a partition
	maxEntries   = 50_000
)

// overhead is what an entry takes beside its numbers and its value, about.
const overhead = 128

// Memory is a Store in the process.
type Memory struct {
	now   func() time.Time
	limit int64 // bytes

	mu         sync.RWMutex
	workspaces map[string]*holding
	bytes      int64
	entries    int
	arrived    uint64
}

// holding is what a workspace holds.
type holding struct {
	partitions map[string][]*entry
	bytes      int64
	entries    int
}

type entry struct {
	vector  []float32 // of length 1
	value   []byte
	expires time.Time
	at      uint64 // its place in the order of arrival
}

func (e *entry) size() int64 { return int64(4*len(e.vector)+len(e.value)) + overhead }

// NewMemory makes an empty store of at most limit bytes that reads the time from now.
func NewMemory(now func() time.Time, limit int64) *Memory {
	return &Memory{now: now, limit: limit, workspaces: map[string]*holding{}}
}

var errVector = errors.New("the vector has no direction, or too many numbers")

// unit is the vector of length 1 in the same direction.
func unit(v []float32) ([]float32, error) {
	if len(v) == 0 || len(v) > maxVector {
		return nil, errVector
	}
	sum := 0.0
	for _, n := range v {
		sum += float64(n) * float64(n)
	}
	length := math.Sqrt(sum)
	if length == 0 || math.IsNaN(length) || math.IsInf(length, 0) {
		return nil, errVector
	}
	out := make([]float32, len(v))
	for i, n := range v {
		out[i] = float32(float64(n) / length)
	}
	return out, nil
}

// Nearest implements Store.
func (m *Memory) Nearest(_ context.Context, in Partition, vector []float32, distance float64) ([]byte, bool, error) {
	v, err := unit(vector)
	if err != nil {
		return nil, false, err
	}
	now := m.now()
	m.mu.RLock()
	defer m.mu.RUnlock()
	h := m.workspaces[in.Workspace]
	if h == nil {
		return nil, false, nil
	}
	var best *entry
	least := distance + tolerance
	for _, e := range h.partitions[in.Name] {
		if len(e.vector) != len(v) || !now.Before(e.expires) {
			continue
		}
		if d := 1 - dot(e.vector, v); d <= least {
			best, least = e, d
		}
	}
	if best == nil {
		return nil, false, nil
	}
	return best.value, true, nil
}

// tolerance is what rounding may add to a distance: the same vector is at distance 0.
const tolerance = 1e-6

func dot(a, b []float32) float64 {
	var sum float32
	for i := range a {
		sum += a[i] * b[i]
	}
	return float64(sum)
}

// Keep implements Store. An entry of the same vector is replaced.
func (m *Memory) Keep(_ context.Context, in Partition, vector []float32, value []byte, keep time.Duration) error {
	v, err := unit(vector)
	if err != nil {
		return err
	}
	now := m.now()
	e := &entry{vector: v, value: value, expires: now.Add(keep)}
	if e.size() > m.limit {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(in, func(o *entry) bool {
		return !now.Before(o.expires) || len(o.vector) == len(v) && 1-dot(o.vector, v) <= tolerance
	})
	if h := m.workspaces[in.Workspace]; h != nil && len(h.partitions[in.Name]) >= maxPartition {
		oldest := h.partitions[in.Name][0]
		m.forget(in, func(o *entry) bool { return o == oldest })
	}
	for m.entries >= maxEntries || m.bytes+e.size() > m.limit {
		m.evict()
	}
	h := m.workspaces[in.Workspace]
	if h == nil {
		h = &holding{partitions: map[string][]*entry{}}
		m.workspaces[in.Workspace] = h
	}
	m.arrived++
	e.at = m.arrived
	h.partitions[in.Name] = append(h.partitions[in.Name], e)
	m.count(h, e, 1)
	return nil
}

func (m *Memory) count(h *holding, e *entry, n int64) {
	h.bytes, m.bytes = h.bytes+n*e.size(), m.bytes+n*e.size()
	h.entries, m.entries = h.entries+int(n), m.entries+int(n)
}

// forget drops entries of a partition.
func (m *Memory) forget(in Partition, which func(*entry) bool) {
	h := m.workspaces[in.Workspace]
	if h == nil {
		return
	}
	var rest []*entry
	for _, e := range h.partitions[in.Name] {
		if which(e) {
			m.count(h, e, -1)
			continue
		}
		rest = append(rest, e)
	}
	if h.partitions[in.Name] = rest; len(rest) == 0 {
		delete(h.partitions, in.Name)
	}
	if h.entries == 0 {
		delete(m.workspaces, in.Workspace)
	}
}

// evict makes room: it drops the older half of a partition of the workspace that holds most, so that no workspace can crowd out its neighbours.
func (m *Memory) evict() {
	most, found := "", int64(-1)
	for name, h := range m.workspaces {
		if h.bytes > found {
			most, found = name, h.bytes
		}
	}
	oldest, at := "", uint64(math.MaxUint64)
	for name, all := range m.workspaces[most].partitions {
		if all[0].at < at {
			oldest, at = name, all[0].at
		}
	}
	all := m.workspaces[most].partitions[oldest]
	until := all[(len(all)-1)/2].at
	m.forget(Partition{most, oldest}, func(e *entry) bool { return e.at <= until })
}
