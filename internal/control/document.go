package control

import (
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// document is the stored form of a resource: its head and its properties, secrets sealed.
type document struct {
	kind.Head
	Properties json.RawMessage `json:"properties"`
}

// opened is a document with its properties as the value that they stand for.
type opened struct {
	kind.Head
	Properties any `json:"properties"`
}

// open turns a row into a resource with its secrets readable.
func (c *Control) open(row store.Row) (*kind.Resource, error) {
	m, ok := c.Registry.Mount(row.Kind)
	if !ok {
		return nil, fmt.Errorf("open %s: no kind %s", row.ID, row.Kind)
	}
	v := m.New()
	d := opened{Properties: v}
	if err := json.Unmarshal(row.Body, &d); err != nil {
		return nil, fmt.Errorf("open %s: %w", row.ID, err)
	}
	for _, s := range m.SecretFields(v) {
		plain, err := c.Sealer.Open(*s, row.ID.Key())
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", row.ID, err)
		}
		*s = plain
	}
	return &kind.Resource{ID: row.ID, Kind: m.Kind, Head: d.Head, Value: v, ETag: row.ETag, Created: row.Created, Modified: row.Modified}, nil
}

// fewRows are opened as they are asked for; of more, all processors open their share at once.
const fewRows = 128

// openAll opens rows and returns what became of each.
func (c *Control) openAll(rows []store.Row) func(i int) (*kind.Resource, error) {
	if len(rows) <= fewRows {
		return func(i int) (*kind.Resource, error) { return c.open(rows[i]) }
	}
	all, errs := make([]*kind.Resource, len(rows)), make([]error, len(rows))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for from := int(next.Add(fewRows)) - fewRows; from < len(rows); from = int(next.Add(fewRows)) - fewRows {
				for i := from; i < min(from+fewRows, len(rows)); i++ {
					all[i], errs[i] = c.open(rows[i])
				}
			}
		})
	}
	wg.Wait()
	return func(i int) (*kind.Resource, error) { return all[i], errs[i] }
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
	body, err := json.Marshal(opened{r.Head, r.Value})
	for i, s := range fields {
		*s = plain[i]
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", r.ID, err)
	}
	return body, nil
}

// Open reads a stored row for those who follow the store: its value with secrets readable.
func (c *Control) Open(row store.Row) (*kind.Resource, error) { return c.open(row) }
