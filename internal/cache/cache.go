package cache

import (
	"context"
	"time"
)

// Key names one value. It is a struct and never a joined string, so that no choice of names in one workspace can reach another's values.
type Key struct {
	Workspace string // whose policy stores it, "" for the service
	Space     string // kind of value
	Name      string
}

// Store keeps values. It is safe for use by many goroutines; its clock is its own.
type Store interface {
	// Get returns the value, or false when there is none or its time is over. Nobody may change the bytes.
	Get(ctx context.Context, key Key) ([]byte, bool, error)
	// Set keeps a value for the time, which is longer than 0. A value that is larger than the store allows isn't kept, which is no error: a
	// cache may forget anything at any time.
	Set(ctx context.Context, key Key, value []byte, keep time.Duration) error
	// Delete forgets a value; there need be none.
	Delete(ctx context.Context, key Key) error
}
