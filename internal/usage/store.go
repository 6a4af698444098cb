package usage

import (
	"context"
	"errors"
	"time"
)

// Field is a member of Key that reports filter and group by.
type Field uint8

// The fields. Operation is a name within its API: group by both.
const (
	Gateway Field = iota
	Region
	API
	Operation
	Product
	Subscription
	User
	fields
)

// Fields is how many there are.
const Fields = int(fields)

// Of is the field's value in a key.
func (f Field) Of(k *Key) *string {
	return [...]*string{&k.Gateway, &k.Region, &k.API, &k.Operation, &k.Product, &k.Subscription, &k.User}[f]
}

// Query asks for sums.
type Query struct {
	Service string
	// Workspace says which homes of the service count, by their names; "" is the service's own.
	Workspace func(name string) bool
	// From and To bound when spans of time begin; both are included.
	From, To time.Time
	// Equal are conditions that all must hold. Values are compared without the case of ASCII letters.
	Equal []Condition
	// By is what sums are told apart by; Every, when not zero, tells spans of time apart as well, in whole seconds.
	By    []Field
	Every time.Duration
	// Limit is the most groups; there being more is ErrTooMany.
	Limit int
}

// Condition wants a field to have one of some values.
type Condition struct {
	Field Field
	Among []string
}

// Group is one sum.
type Group struct {
	Key              // what Query.By names
	Start  time.Time // of the span when Query.Every is set
	Counts           // never empty
}

// ErrTooMany says that a query has more groups than it may.
var ErrTooMany = errors.New("usage: more groups than may be told")

// Retention is how long sums are kept as fine as they came, by the hour, and by the day; then they are gone.
type Retention struct {
	Fine, Hourly, Daily time.Duration
	// Rows is the most that is kept: when there are more, all ages are halved until there are not.
	Rows int
}

// Keep is the retention of an installation.
var Keep = Retention{Fine: 30 * 24 * time.Hour, Hourly: 180 * 24 * time.Hour, Daily: 3 * 365 * 24 * time.Hour, Rows: 2_000_000}

// Store keeps sums. It may lose the last writes when the machine loses power, never what was written before them.
type Store interface {
	// Add adds rows to what there is under their keys and times, all of them or none.
	Add(ctx context.Context, rows []Row) error
	// Sums returns the groups of a query in no particular order.
	Sums(ctx context.Context, q Query) ([]Group, error)
	// Compact folds and drops what has become old.
	Compact(ctx context.Context, now time.Time, r Retention) error
	// Homes returns every home that the store has sums of.
	Homes(ctx context.Context) ([]Home, error)
	// Forget drops a home: what is asked of a home of that name from now on tells nothing of what was added before. The home of a service takes its
	// workspaces along.
	Forget(ctx context.Context, h Home) error
	// Close ends the store.
	Close() error
}
