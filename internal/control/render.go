package control

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// shown is a resource on the wire.
type shown struct {
	ID         string            `json:"id"`
	Type       string            `json:"type"`
	Name       string            `json:"name"`
	Location   string            `json:"location,omitempty"`
	Tags       map[string]string `json:"tags,omitempty"`
	SKU        *arm.SKU          `json:"sku,omitempty"`
	Identity   any               `json:"identity,omitempty"`
	Zones      []string          `json:"zones,omitempty"`
	ETag       string            `json:"etag,omitempty"`
	SystemData *arm.SystemData   `json:"systemData,omitempty"`
	Properties any               `json:"properties"`
}

// render is the body of an answer: the value with its secrets blank. as is the id to show, in the caller's words for revisions.
func (c *Control) render(call *Call, l kind.Lookup, res *kind.Resource, as arm.ID, row *store.Row) ([]byte, error) {
	v, err := c.view(call, l, res)
	if err != nil {
		return nil, err
	}
	return c.show(res, v, as, row)
}

// show is the body of an answer made of a value that may be shown.
func (c *Control) show(res *kind.Resource, v any, as arm.ID, row *store.Row) ([]byte, error) {
	if res.Kind.Bare {
		return arm.Marshal(v)
	}
	m, ok := c.Registry.Of(as)
	if !ok {
		return nil, fmt.Errorf("render %s: no such kind", as)
	}
	out := shown{ID: as.String(), Type: m.FullType, Name: as.Name(), Properties: v}
	if h := res.Head; m.Tracked {
		out.Location, out.Tags, out.SKU, out.Identity, out.Zones = h.Location, h.Tags, h.SKU, h.Identity, h.Zones
		if row != nil {
			out.SystemData = &arm.SystemData{CreatedAt: row.Created.UTC().Truncate(time.Millisecond), LastModifiedAt: row.Modified.UTC().Truncate(time.Millisecond)}
		}
	}
	if m.BodyETag || m.Tracked {
		out.ETag = res.ETag
	}
	return arm.Marshal(out)
}

// view is a copy of the value that may be shown.
func (c *Control) view(call *Call, l kind.Lookup, res *kind.Resource) (any, error) {
	b, err := json.Marshal(res.Value)
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", res.ID, err)
	}
	v := res.Kind.New()
	if err := json.Unmarshal(b, v); err != nil {
		return nil, fmt.Errorf("render %s: %w", res.ID, err)
	}
	c.veil(call, l, res, v)
	return v, nil
}

// veil makes of a resource's value, which nobody else holds, one that may be shown.
func (c *Control) veil(call *Call, l kind.Lookup, res *kind.Resource, v any) {
	for _, s := range res.Kind.SecretFields(v) {
		*s = ""
	}
	head := res.Head
	res.Kind.Render(&kind.Rendering{ID: res.ID, Head: &head, Query: call.Query, Lookup: l}, v)
}

// shownAs is the id to show for what a request named: the stored id, with the revision that the request wrote. What stands in any scope is
// shown in the scope that was asked.
func (c *Control) shownAs(m *kind.Mount, asked, stored arm.ID) arm.ID {
	if m.Anywhere {
		return c.Registry.Canonical(asked)
	}
	if !strings.Contains(asked.Key(), ";rev=") || strings.Contains(stored.Key(), ";rev=") {
		return stored
	}
	a, s := asked.Segments(), stored.Segments()
	if len(a) != len(s) {
		return stored
	}
	for i := range s {
		if at := strings.Index(strings.ToLower(a[i]), ";rev="); at >= 0 {
			s[i] += a[i][at:]
		}
	}
	id, err := arm.ParseID("/" + strings.Join(s, "/"))
	if err != nil {
		return stored
	}
	return id
}
