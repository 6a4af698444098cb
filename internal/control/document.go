package control

import (
	"encoding/json"
	"fmt"

	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// document is the stored form of a resource: its head and its properties, secrets sealed.
type document struct {
	kind.Head
	Properties json.RawMessage `json:"properties"`
}

// open turns a row into a resource with its secrets readable.
func (c *Control) open(row store.Row) (*kind.Resource, error) {
	m, ok := c.Registry.Mount(row.Kind)
	if !ok {
		return nil, fmt.Errorf("open %s: no kind %s", row.ID, row.Kind)
	}
	var d document
	if err := json.Unmarshal(row.Body, &d); err != nil {
		return nil, fmt.Errorf("open %s: %w", row.ID, err)
	}
	v := m.New()
	if len(d.Properties) > 0 {
		if err := json.Unmarshal(d.Properties, v); err != nil {
			return nil, fmt.Errorf("open %s: %w", row.ID, err)
		}
	}
	for _, s := range m.SecretFields(v) {
		plain, err := c.Sealer.Open(*s, row.ID.Key())
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", row.ID, err)
		}
		*s = plain
	}
	return &kind.Resource{ID: row.ID, Kind: m.Kind, Head: d.Head, Value: v, ETag: row.ETag}, nil
}

// close is the stored form of a resource. Its value is left as it is.
func (c *Control) close(r *kind.Resource) ([]byte, error) {
	fields := r.Kind.SecretFields(r.Value)
	plain := make([]string, len(fields))
	for i, s := range fields {
		sealed, err := c.Sealer.Seal(*s, r.ID.Key())
		if err != nil {
			return nil, fmt.Errorf("store %s: %w", r.ID, err)
		}
		plain[i], *s = *s, sealed
	}
	props, err := json.Marshal(r.Value)
	for i, s := range fields {
		*s = plain[i]
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", r.ID, err)
	}
	return json.Marshal(document{r.Head, props})
}

// Open reads a stored row for those who follow the store: its value with secrets readable.
func (c *Control) Open(row store.Row) (*kind.Resource, error) { return c.open(row) }
