package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Row is one stored resource.
type Row struct {
	ID       arm.ID
	Kind     string    // full resource type in its declared casing, "Microsoft.ApiManagement/service/apis"
	Body     []byte    // JSON document; secrets in it are sealed already
	ETag     string    // opaque, without quotes; changes with every write of this row
	Created  time.Time // UTC
	Modified time.Time // UTC
}

// Claim reserves a value in a space for one row: names and paths that must be unique. Two rows never hold the same claim.
type Claim struct {
	Space string // "{service key}|apis|path"
	Value string // compared byte by byte: fold case before
	Field string // JSON path of the field to blame, kept for the error
}

// Ref says that a row points at another. OnDelete decides what happens when the target is deleted.
type Ref struct {
	To       arm.ID
	Field    string // JSON path of the pointing field
	OnDelete OnDelete
}

// OnDelete is the fate of a pointing row.
type OnDelete int

// The fates.
const (
	Restrict OnDelete = iota // the target can't be deleted while the reference is there
	Cascade                  // the pointing row is deleted with its target
)

// Write is one row to be stored with all that it claims and refers to; it replaces what the row claimed and referred to before.
type Write struct {
	Row    Row
	Claims []Claim
	Refs   []Ref
}

// Query selects rows. Rows come in order of their keys. A page costs what it holds, however many rows follow it, except one of the
// children of all kinds (neither Under nor Kind), which costs what all children cost, and one of Under with Kind, which costs what all rows of the
// kind cost. Skipped rows cost a step in an index each.
type Query struct {
	Parent   arm.ID // rows directly below this id …
	Under    bool   // … or anywhere below it
	Kind     string // "" for every kind; compared without case
	AfterKey string // rows whose key is greater; "" from the start
	Skip     int    // how many of the selected rows to leave out from the start
	Limit    int    // 0 for all
}

// Reader sees one consistent state.
type Reader interface {
	// Get returns the row of id, or ErrNotFound.
	Get(id arm.ID) (Row, error)
	// List returns the rows that q selects.
	List(q Query) ([]Row, error)
	// Each calls f for every row of a kind, in no order that means anything, until it returns an error, which is Each's. Its cost and memory are those
	// of one row after the other, however many there are. f must not read from the same Reader.
	Each(kind string, f func(Row) error) error
	// Count returns how many rows q selects; AfterKey, Skip and Limit don't matter to it.
	Count(q Query) (int, error)
	// Claimed returns the id that holds the claim, and false when nobody does.
	Claimed(space, value string) (arm.ID, bool, error)
	// Referrers returns the ids of rows that point at id or below it, except those that are themselves at or below id.
	Referrers(id arm.ID) ([]Referrer, error)
	// Version is the number of the last change that this state includes.
	Version() uint64
}

// Referrer is a row that points at another.
type Referrer struct {
	From     arm.ID
	To       arm.ID
	Field    string
	OnDelete OnDelete
}

// Tx is one write transaction. When the function it was handed to returns an error, nothing of it is kept.
type Tx interface {
	Reader
	// Put stores w, whose body must be JSON. What w holds is kept as it is: it must not be changed afterwards. A claim that another row holds is a *ClaimError, and then nothing of w is stored.
	Put(w Write) error
	// Delete removes the row and everything below it with claims and references, and rows that point at any of these with Cascade
	// (which are logged as deletions of their own, before this one). A Restrict reference from a row that stays is a *ReferencedError, and
	// then nothing is deleted. An absent row is ErrNotFound.
	Delete(id arm.ID) error
}

// Actor is who caused a change, for the log. Never a secret.
type Actor struct {
	ObjectID string `json:"objectId,omitempty"`
	Name     string `json:"name,omitempty"`
	IP       string `json:"ip,omitempty"`
	Request  string `json:"request,omitempty"` // correlation id
}

// Change is one entry of the log.
type Change struct {
	Seq   uint64    `json:"seq"` // 1, 2, 3 … without gaps
	Time  time.Time `json:"time"`
	Actor Actor     `json:"actor"`
	Verb  string    `json:"verb"` // VerbPut or VerbDelete
	ID    string    `json:"id"`
	Kind  string    `json:"kind"`
	// Body is the document after the change, secrets sealed; empty for a deletion (which takes everything below with it).
	Body json.RawMessage `json:"body,omitempty"`
	Prev string          `json:"prev"` // Hash of the entry before, hex; Genesis for the first
	Hash string          `json:"hash"` // see Digest
}

// Store keeps state durably: when Update returns nil, the write survives the death of the process and of the machine's power.
type Store interface {
	// View runs f on one consistent state. f may read the change log, but must not call View: views that wait for views could wait for ever.
	View(ctx context.Context, f func(Reader) error) error
	// Update runs f in a transaction; writers are one at a time, but their commits may share one flush. f is run at most once, must be
	// quick and free of outside effects, and must not call Update. A panic in f is an error like any other. It returns the version after
	// f's changes, once they are durable. After a failure of the medium every Update is ErrReadOnly.
	Update(ctx context.Context, actor Actor, f func(Tx) error) (uint64, error)
	// Changes returns entries after the given number, oldest first, at most limit (0: 1,000).
	Changes(ctx context.Context, after uint64, limit int) ([]Change, error)
	// Changed returns a channel that is closed at the next commit, before the Update that made it returns. Who took the
	// channel first, then read the log to its end, and still finds the channel open, has missed no change that was acknowledged.
	Changed() <-chan struct{}
	// Verify walks the change log and returns the number of its last entry and of the first that is missing or altered (0: whole).
	Verify(ctx context.Context) (lastSeq, firstBroken uint64, err error)
	// Close ends the store after what runs has ended.
	Close() error
}
