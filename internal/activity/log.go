package activity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// Bounds of one answer: entries in it, entries looked at for it, and entries looked at beyond for what was there before.
const (
	pageSize    = 200
	maxLooked   = 20_000
	maxBeyond   = 5_000
	chunk       = 500
	beforeStays = "not looked up: the change before lies too far back; atelier activity export has it"
)

// Log reads the change log as activity. It is safe for concurrent use.
type Log struct {
	store    store.Store
	registry *kind.Registry
	tenant   string
}

// NewLog makes a Log. The registry says what of a document is secret.
func NewLog(s store.Store, r *kind.Registry, tenant string) *Log { return &Log{s, r, tenant} }

// Query is what a page is asked for.
type Query struct {
	Scope  arm.ID // entries about it and what lies beneath
	Filter string // text of $filter
	Before uint64 // entries older than this number; 0 from the newest
	// Allowed says whether the caller may see entries about a resource.
	Allowed func(resource arm.ID) bool
}

// Page is a part of the log, newest first.
type Page struct {
	Events []*Event
	Next   uint64 // Before of the next page; 0 at the end
}

// Page returns the entries that a query asks for.
func (l *Log) Page(ctx context.Context, q Query) (*Page, error) {
	filter, err := filterOf(q.Filter)
	if err != nil {
		return nil, err
	}
	w := &walk{log: l, q: q, filter: filter, since: filter.Since("eventTimestamp"), page: &Page{Events: []*Event{}}, waiting: map[string]*Event{}, allowed: map[string]bool{}}
	at := q.Before
	if at == 0 {
		if at, err = l.newest(ctx); err != nil {
			return nil, err
		}
		at++
	}
	for at > 1 && !w.done() {
		from := uint64(0)
		if at > chunk+1 {
			from = at - 1 - chunk
		}
		changes, err := l.store.Changes(ctx, from, int(at-1-from))
		if err != nil {
			return nil, fmt.Errorf("activity log: %w", err)
		}
		for i := len(changes) - 1; i >= 0 && !w.done(); i-- {
			w.take(changes[i])
		}
		at = from + 1
	}
	if at <= 1 {
		w.atStart = true
	}
	return w.finish(), nil
}

func filterOf(text string) (*arm.Filter, error) {
	if text == "" {
		return nil, nil
	}
	f, err := arm.ParseFilter(text, filterFields)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (l *Log) newest(ctx context.Context) (version uint64, err error) {
	err = l.store.View(ctx, func(r store.Reader) error {
		version = r.Version()
		return nil
	})
	return version, err
}

// walk goes through the change log from a place on towards its start.
type walk struct {
	log     *Log
	q       Query
	filter  *arm.Filter
	since   time.Time
	page    *Page
	waiting map[string]*Event // changes shown whose document before has yet to be met, by key
	allowed map[string]bool
	looked  int
	beyond  int
	full    bool
	ended   bool // nothing older can match
	atStart bool
}

// done says whether enough was looked at.
func (w *walk) done() bool {
	if !w.full && !w.ended {
		return false
	}
	return len(w.waiting) == 0 || w.beyond >= maxBeyond
}

// take looks at one change: as what was before a later one, and as an entry of its own.
func (w *walk) take(c store.Change) {
	w.settle(c)
	if w.full || w.ended {
		w.beyond++
		return
	}
	if c.Time.Before(w.since) {
		w.ended = true
		return
	}
	w.looked++
	e, ok := w.log.eventOf(c)
	if ok && w.wants(e) {
		w.page.Events = append(w.page.Events, e)
		if !strings.EqualFold(c.Kind, eventType) {
			if after := w.log.shown(c); after != "" {
				e.Properties["after"] = after
			}
			w.waiting[e.at.Key()] = e
		}
	}
	if len(w.page.Events) == pageSize || w.looked == maxLooked {
		w.full, w.page.Next = true, c.Seq
	}
}

// settle gives a later change its document before. What was deleted, itself or with what it lay in, left nothing before what came after.
func (w *walk) settle(c store.Change) {
	if len(w.waiting) == 0 {
		return
	}
	key := strings.ToLower(c.ID)
	if c.Verb == store.VerbDelete {
		for k := range w.waiting {
			if k == key || strings.HasPrefix(k, key+"/") {
				delete(w.waiting, k)
			}
		}
		return
	}
	if e := w.waiting[key]; e != nil {
		if before := w.log.shown(c); before != "" {
			e.Properties["before"] = before
		}
		delete(w.waiting, key)
	}
}

func (w *walk) wants(e *Event) bool {
	if !e.at.Within(w.q.Scope) || w.filter != nil && !w.filter.Match(e.field) {
		return false
	}
	key := e.at.Key()
	yes, asked := w.allowed[key]
	if !asked {
		yes = w.q.Allowed(e.at)
		w.allowed[key] = yes
	}
	return yes
}

// finish says of what was not found that it was not looked for.
func (w *walk) finish() *Page {
	if !w.atStart {
		for _, e := range w.waiting {
			e.Properties["before"] = beforeStays
		}
	}
	if w.page.Next == 1 {
		w.page.Next = 0
	}
	return w.page
}
