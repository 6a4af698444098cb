package sqlite

import (
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// Bounds of the writer's cache. Larger bodies are read from the database each time.
const (
	cachedRows = 8192
	cachedBody = 32 << 10
)

// rowCache is what the writer knows of rows without asking the database: parents that every write looks for, and the rows that are written again
// and again. Nobody but the writer uses it, and only within its transaction. Whatever is undone is forgotten, and all of it is when another process
// has written.
type rowCache struct {
	byKey map[string]*cachedRow
	words map[string]int64 // numbers of words
	at    store.Chain      // the end of the log that it is true for
}

// cachedRow is a row, or the knowledge that there is none. A row that isn't there claims and refers to nothing.
type cachedRow struct {
	row      store.Row
	number   int64 // 0 while it is absent
	absent   bool
	promised bool // claims and refs are known
	claims   []store.Claim
	refs     []refText
}

// begin makes the cache true for a log that ends with head.
func (c *rowCache) begin(head store.Chain) {
	if c.byKey == nil || c.at != head {
		c.clear()
		c.at = head
	}
}

func (c *rowCache) clear() {
	c.byKey, c.words = make(map[string]*cachedRow), make(map[string]int64)
}

// cached returns what is known of a row, from the database when it must.
func (t *tx) cached(id arm.ID) (*cachedRow, error) {
	if p := t.waiting; p != nil && p.now.row.ID.Equal(id) {
		return p.now, nil
	}
	if c := t.cache.byKey[id.Key()]; c != nil {
		return c, nil
	}
	found, number, err := t.view.find(id)
	if err != nil {
		return nil, err
	}
	c := &cachedRow{number: number, absent: found == nil, promised: found == nil}
	if found != nil {
		c.row = *found
	}
	t.remember(id, c)
	return c, nil
}

// remember keeps c for later steps of the group and for later groups, unless this step is undone.
func (t *tx) remember(id arm.ID, c *cachedRow) {
	t.touched = append(t.touched, id.Key())
	if len(c.row.Body) > cachedBody {
		delete(t.cache.byKey, id.Key())
		return
	}
	for key := range t.cache.byKey {
		if len(t.cache.byKey) < cachedRows {
			break
		}
		delete(t.cache.byKey, key) // any: the map's order is as good as random
	}
	t.cache.byKey[id.Key()] = c
}

// word is the number of a text that stands in many rows, which it is given when it has none yet.
func (t *tx) word(text string) (int64, error) {
	if n, ok := t.cache.words[text]; ok {
		return n, nil
	}
	var n int64
	found, err := t.s.row("word", []any{text}, &n)
	if err != nil {
		return 0, err
	}
	if !found {
		res, err := t.s.exec("put-word", text)
		if err != nil {
			return 0, err
		}
		if n, err = res.LastInsertId(); err != nil {
			return 0, err
		}
		t.coined = append(t.coined, text)
	}
	if len(t.cache.words) >= cachedRows {
		clear(t.cache.words)
	}
	t.cache.words[text] = n
	return n, nil
}

// forget drops what a step that is undone has learnt.
func (t *tx) forget() {
	for _, text := range t.coined {
		delete(t.cache.words, text)
	}
	for _, key := range t.touched {
		delete(t.cache.byKey, key)
	}
}

// Get returns the row of id. Its body is shared: it must not be changed.
func (t *tx) Get(id arm.ID) (store.Row, error) {
	c, err := t.cached(id)
	if err != nil {
		return store.Row{}, err
	}
	if c.absent {
		return store.Row{}, store.ErrNotFound
	}
	return c.row, nil
}

// promises returns what is known of a row, its claims and references among it.
func (t *tx) promises(id arm.ID) (*cachedRow, error) {
	c, err := t.cached(id)
	if err != nil || c.promised {
		return c, err
	}
	known := *c
	if known.claims, known.refs, err = t.promisesOf(known.number); err != nil {
		return nil, err
	}
	known.promised = true
	t.remember(id, &known)
	return &known, nil
}

// stored is what a write leaves behind, as a look at the database would show it.
func stored(w store.Write, number int64) *cachedRow {
	row := w.Row
	row.Created, row.Modified = row.Created.UTC().Round(0), row.Modified.UTC().Round(0)
	return &cachedRow{row: row, number: number, promised: true, claims: w.Claims, refs: refTexts(w.Refs)}
}
