package store

import (
	"errors"

	"github.com/atelier-apim/atelier/internal/arm"
)

// ErrNotFound says that there is no such row.
var ErrNotFound = errors.New("store: no such resource")

// ErrReadOnly says that the medium failed during a write, so that no later write can be promised to last. Reads go on; the way out is to
// repair the medium and to start again.
var ErrReadOnly = errors.New("store: read-only after a failed write")

// ErrClosed says that the store was closed before the call could run.
var ErrClosed = errors.New("store: closed")

// ClaimError says that another row holds a value that must be unique.
type ClaimError struct {
	Claim Claim
	Owner arm.ID
}

func (e *ClaimError) Error() string {
	return "store: " + e.Claim.Space + " " + e.Claim.Value + " is taken"
}

// ReferencedError says that a row can't be deleted while others point at it.
type ReferencedError struct {
	ID        arm.ID
	Referrers []Referrer
}

func (e *ReferencedError) Error() string { return "store: " + e.ID.String() + " is referred to" }
