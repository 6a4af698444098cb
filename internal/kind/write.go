package kind

import (
	"context"
	"net/url"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Write is one write in the making, as hooks see it.
type Write struct {
	ID       arm.ID
	Asked    arm.ID // as the caller wrote it: may name a revision where ID doesn't
	Mount    *Mount
	New      any   // *T after decoding
	Old      any   // *T before, nil when it is created
	Head     *Head // of New
	OldHead  *Head
	Lookup   Lookup // nil in Prepare
	Query    url.Values
	Caller   Caller
	Supplied map[string]bool                                       // top-level members of properties that the body named
	Fetch    func(ctx context.Context, url string) ([]byte, error) // guarded download, for links
	Scratch  any                                                   // from Prepare to the later hooks
	Revived  *Revival                                              // what the write brings back; nil for none
	Kept     bool                                                  // an Extra of that name
	// SameTag says that nothing which callers see changes: the resource keeps its tag.
	SameTag bool
	// Unclaimed writes are stored without their claims, until what stands in their way is gone.
	Unclaimed bool
}

// Caller is who asks, for hooks that record it.
type Caller struct {
	ObjectID, Name string
	Groups         []string // beside those that the directory knows
}

// Rendering is an answer in the making.
type Rendering struct {
	ID     arm.ID
	Head   *Head
	Query  url.Values
	Lookup Lookup
}

// State is a resource with everything below it as one document, secrets sealed: what a backup holds.
type State interface {
	Dump(ctx context.Context, scope arm.ID) ([]byte, error)
	// Reinstate makes scope what the document says, whatever name it had then.
	Reinstate(ctx context.Context, scope arm.ID, document []byte) error
}

// Revival says that a write brings a deleted resource back with everything that lay below it: what the change log knows of From before its
// last deletion that precedes the first entry which holds Token. Record is the row that stands for the deleted resource; it goes.
type Revival struct {
	From, Record arm.ID
	Token        string
}
