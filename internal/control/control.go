package control

import (
	"context"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// Sealer keeps secrets unreadable at rest. about binds a sealed text to the resource it belongs to.
type Sealer interface {
	Seal(plain, about string) (string, error)
	Open(sealed, about string) (string, error)
}

// Directory is what control asks about principals.
type Directory interface {
	// Groups are the ids of all groups that the principal belongs to, directly or through others.
	Groups(objectID string) []string
	// Principal says whether the object id is known, and its type: User, Group, ServicePrincipal.
	Principal(objectID string) (typ string, ok bool)
}

// Options are what a Control is made of.
type Options struct {
	Registry  *kind.Registry
	Store     store.Store
	Access    *authz.Live
	Directory Directory
	Sealer    Sealer
	Feed      *Feed
	Fetch     func(ctx context.Context, url string) ([]byte, error) // guarded download for *-link contents
	// Resolve maps an id that a caller wrote to the id that is stored: a revision of an API that is the current one. nil for none.
	Resolve func(l kind.Lookup, id arm.ID) arm.ID
	// MembersRead are full types, lower case, whose own envelope is readable by whoever holds an assignment at or below it.
	MembersRead map[string]bool
	Now         func() time.Time
	// Patience is how long a request waits for slow work before it goes on by itself; the constant of that name when zero.
	Patience time.Duration
}

// Control performs the verbs. It is safe for use by many requests.
type Control struct{ Options }

// New makes a Control.
func New(o Options) *Control {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Patience == 0 {
		o.Patience = Patience
	}
	return &Control{o}
}
