package control

import (
	"context"
	"errors"

	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// View runs f on one consistent state, with secrets readable: for rooms of ours that decide themselves what to show to whom.
func (c *Control) View(ctx context.Context, f func(kind.Lookup) error) error {
	return c.Store.View(ctx, func(r store.Reader) error {
		l := c.lookup(r)
		return errors.Join(f(l), l.err)
	})
}
