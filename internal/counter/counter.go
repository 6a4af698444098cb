package counter

import (
	"context"
	"time"
)

// Key names one counter. It is a struct and never a joined string, so that no choice of names in one workspace can reach another's counter.
type Key struct {
	// Workspace is the workspace whose policy counts, "" for the service.
	Workspace string
	// Space keeps kinds of counters apart: the policy's name.
	Space string
	// Place is the document, API or operation that counts where that is part of the identity, else "".
	Place string
	// Name is what is counted within the space: a subscription, or the value of a counter key.
	Name string
}

// Window says over which time a counter counts.
type Window struct {
	// Length of the window. Zero means a window that never ends; only aligned windows may have it.
	Length time.Duration
	// Aligned windows follow each other from Start on; all others slide: they reach Length back from now.
	Aligned bool
	// Start is the beginning of the first aligned window; the zero time is year 1.
	Start time.Time
}

// Result is a counter's answer.
type Result struct {
	// Allowed says whether the hit was within the limit and, for Hit, counted.
	Allowed bool
	// Used is what the window holds now, this hit included when it was allowed.
	Used int64
	// Remaining is limit minus used, never negative.
	Remaining int64
	// RetryAfter is the time until a hit of one can be allowed: zero when it is now, at most Length, and negative when the window never ends.
	RetryAfter time.Duration
}

// Store counts. It is safe for use by many goroutines; its clock is its own, given to it when it is made.
type Store interface {
	// Hit asks for n more under the limit. When the window has room for all n they are counted and the result is allowed; otherwise nothing is
	// counted. The decision and the count are one atomic step. n is at least 1.
	Hit(ctx context.Context, key Key, limit int64, w Window, n int64) (Result, error)
	// Peek answers as Hit with n = 1 would, and counts nothing.
	Peek(ctx context.Context, key Key, limit int64, w Window) (Result, error)
	// Add counts n without asking, even beyond any limit: for things that have happened already.
	Add(ctx context.Context, key Key, w Window, n int64) error
}
