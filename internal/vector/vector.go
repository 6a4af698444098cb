package vector

import (
	"context"
	"time"
)

// Partition is what is searched together. It is a struct and never a joined string, so that no choice of names in one workspace reaches another's values.
type Partition struct {
	Workspace string // whose policy keeps it, "" for the service
	Name      string
}

// Store keeps values under vectors. It is safe for use by many goroutines; its clock is its own. It may forget anything at any time.
type Store interface {
	// Nearest returns the value whose vector has the smallest distance to the given one, if that is at most the given distance: 0 for the same
	// direction, 1 for none in common (one minus the cosine). Nobody may change the bytes.
	Nearest(ctx context.Context, in Partition, vector []float32, distance float64) ([]byte, bool, error)
	// Keep keeps a value for the time, which is longer than 0.
	Keep(ctx context.Context, in Partition, vector []float32, value []byte, keep time.Duration) error
}
