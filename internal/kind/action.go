package kind

import (
	"context"
	"net/url"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Action is a POST on a resource: listSecrets, regeneratePrimaryKey.
type Action struct {
	Name    string // in catalogue casing
	Mutates bool   // stores what Do changed in the value
	Status  int    // 200 with the result, or 204
	Do      func(c *ActionCall) (any, error)
	Shows   bool // answers with the resource as it is read afterwards
	// Reach runs instead of Do once the state is read, and may wait and reach outside; its call has no Lookup.
	Reach func(ctx context.Context, c *ActionCall) (any, error)
}

// ActionCall is one call of an action. Value is *T with secrets opened.
type ActionCall struct {
	ID     arm.ID
	Value  any
	Body   []byte
	Query  url.Values
	Lookup Lookup
	State  State // for Reach
}
