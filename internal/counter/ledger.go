package counter

import (
	"context"
	"time"
)

// Period is what an aligned window holds: one of a row of windows of equal length.
type Period struct {
	Number     uint64        // of the window in its row; 0 for one before the first, or one that never ends
	Length     time.Duration // zero when it never ends
	Start, End time.Time     // UTC; a window that never ends has the zero End, one before the first the zero Start
	Used       int64
}

// Ledger is what management may see and set of a store's aligned counters. It is a contract beside Store because only policies with long fixed windows
// are managed, and because a store that is shared by many gateways may answer it otherwise than it counts.
type Ledger interface {
	// Current returns the window of key that lasts now; false when nothing has been asked of the counter in it.
	Current(ctx context.Context, key Key) (Period, bool, error)
	// Set makes used what the current window of key holds and returns it; false, and nothing is set, when Current would be false. used is at least 0.
	Set(ctx context.Context, key Key, used int64) (Period, bool, error)
}
