package control

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// List answers a GET of a collection below parent.
func (c *Control) List(ctx context.Context, call *Call, parent arm.ID, fullType string) (*Answer, error) {
	m, ok := c.Registry.Mount(fullType)
	if !ok {
		return nil, c.unknownType(fullType)
	}
	if err := c.mayList(call, m, parent); err != nil {
		return nil, err
	}
	q, err := c.listQuery(call, m)
	if err != nil {
		return nil, err
	}
	var page *arm.Page
	err = c.Store.View(ctx, func(r store.Reader) error {
		l := c.lookup(r)
		if err := c.offered(l, m, parent); err != nil {
			return err
		}
		if !parent.IsRoot() {
			if err := c.exists(l, parent); err != nil {
				return err
			}
		}
		var err error
		page, err = c.page(call, l, m, parent, q)
		return errors.Join(err, l.err)
	})
	if err != nil {
		return nil, err
	}
	body, err := arm.Marshal(page)
	return &Answer{Status: http.StatusOK, Body: body}, err
}

// mayList refuses a list inside a parent to those who lack the read action there. Guarded kinds are filtered entry by entry instead; the list of
// what members read (workspaces) is for whoever holds an assignment at the parent or below it.
func (c *Control) mayList(call *Call, m *kind.Mount, parent arm.ID) error {
	if m.Guarded && !c.MembersRead[strings.ToLower(m.FullType)] {
		return nil
	}
	err := c.allow(call, m.Action("read"), parent)
	if err != nil && keeps(call, m) {
		return nil
	}
	if err != nil && m.Guarded && c.Access.Load().SeesOwn(c.principal(call), parent) {
		return nil
	}
	return err
}

// exists refuses when the parent of a collection isn't there.
func (c *Control) exists(l *lookup, id arm.ID) error {
	m, known := c.Registry.Of(id)
	if !known {
		return c.present(l, id)
	}
	ok, err := c.there(l, m, id)
	if err == nil && !ok {
		return c.absent(l, id)
	}
	return err
}

// listQuery are the parameters of a list.
type listQuery struct {
	top, skip int
	filter    *arm.Filter
}

func (c *Control) listQuery(call *Call, m *kind.Mount) (listQuery, error) {
	q := listQuery{top: arm.DefaultPage}
	for _, p := range []struct {
		name string
		into *int
		min  int
	}{{"$top", &q.top, 1}, {"$skip", &q.skip, 0}} {
		text := call.Query.Get(p.name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < p.min {
			return q, arm.Errorf(http.StatusBadRequest, "InvalidQueryParameterValue", "%s must be a whole number of at least %d.", p.name, p.min)
		}
		*p.into = n
	}
	q.top = min(q.top, arm.MaxPage)
	if text := call.Query.Get("$filter"); text != "" {
		f, err := arm.ParseFilter(text, m.Filters)
		if err != nil {
			return q, err
		}
		q.filter = f
	}
	return q, nil
}

// page renders the asked part of a collection.
func (c *Control) page(call *Call, l *lookup, m *kind.Mount, parent arm.ID, q listQuery) (*arm.Page, error) {
	var keep func(*kind.Resource) bool
	if m.Keep != nil {
		keep = m.Keep(l, parent, call.Query)
	}
	if q.filter == nil && keep == nil && m.Virtual == nil && !m.Stands() && !m.Guarded {
		return c.storedPage(call, l, m, parent, q)
	}
	page := &arm.Page{Value: []json.RawMessage{}}
	count := 0
	for e, err := range c.entries(call, l, m, parent, q) {
		if err != nil {
			return nil, err
		}
		if keep != nil && !keep(e.res) {
			continue
		}
		v, err := c.visible(call, l, e)
		if err != nil {
			return nil, err
		}
		if q.filter != nil && !q.filter.Match(fieldsOf(e.res.ID.Name(), v, e.fields)) {
			continue
		}
		if count++; count <= q.skip || len(page.Value) == q.top {
			continue
		}
		body, err := c.show(e.res, v, e.res.ID, e.row)
		if err != nil {
			return nil, err
		}
		page.Value = append(page.Value, body)
	}
	finish(page, call, m, q, count)
	return page, nil
}

// storedPage reads and renders no more than what the page holds: every row is shown to whoever may list.
func (c *Control) storedPage(call *Call, l *lookup, m *kind.Mount, parent arm.ID, q listQuery) (*arm.Page, error) {
	all := store.Query{Parent: parent, Kind: m.FullType}
	count, err := l.r.Count(all)
	if err != nil {
		return nil, err
	}
	page := &arm.Page{Value: []json.RawMessage{}}
	all.Skip, all.Limit = q.skip, q.top
	rows, err := l.r.List(all)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		res, err := c.open(rows[i])
		if err != nil {
			return nil, err
		}
		c.veil(call, l, res, res.Value)
		body, err := c.show(res, res.Value, res.ID, &rows[i])
		if err != nil {
			return nil, err
		}
		page.Value = append(page.Value, body)
	}
	finish(page, call, m, q, count)
	return page, nil
}

// visible is the value of an entry as it may be shown.
func (c *Control) visible(call *Call, l *lookup, e entry) (any, error) {
	if !e.own {
		return c.view(call, l, e.res)
	}
	c.veil(call, l, e.res, e.res.Value)
	return e.res.Value, nil
}

// finish says how many entries there are, and where they go on.
func finish(page *arm.Page, call *Call, m *kind.Mount, q listQuery, count int) {
	if m.Namespace == "" { // collections of Resource Manager itself carry no count
		n := int64(count)
		page.Count = &n
	}
	if next := q.skip + len(page.Value); count > next {
		page.NextLink = nextLink(call, next)
	}
}

func nextLink(call *Call, skip int) string {
	q := url.Values{}
	for k, v := range call.Query {
		q[k] = v
	}
	q.Set("$skip", strconv.Itoa(skip))
	return call.BaseURL + (&url.URL{Path: call.Path}).EscapedPath() + "?" + q.Encode()
}

// entry is one resource of a list.
type entry struct {
	res    *kind.Resource
	row    *store.Row
	fields map[string]any
	own    bool // the value was read for this list alone
}

// entries yields what a list may show to the caller, before its filter.
func (c *Control) entries(call *Call, l *lookup, m *kind.Mount, parent arm.ID, q listQuery) func(func(entry, error) bool) {
	return func(yield func(entry, error) bool) {
		if m.Virtual != nil {
			lq := kind.ListQuery{Caller: call.caller(), Groups: c.principal(call).Groups, Filter: q.filter, Query: call.Query, Readable: func(id arm.ID) bool { return c.readable(call, id) }}
			for _, e := range m.Virtual.List(l, parent, lq) {
				e.Resource.Kind = m.Kind
				if !yield(entry{res: e.Resource, fields: e.Fields}, nil) {
					return
				}
			}
			return
		}
		rows, err := l.r.List(store.Query{Parent: parent, Under: m.Guarded, Kind: m.FullType})
		if err != nil {
			yield(entry{}, err)
			return
		}
		if m.Stands() {
			c.standing(m, parent, rows, yield)
			return
		}
		if m.Guarded {
			rows = slices.DeleteFunc(rows, func(row store.Row) bool {
				return c.decide(call, m.Action("read"), row.ID, c.MembersRead[strings.ToLower(m.FullType)]) != nil
			})
		}
		opened := c.openAll(rows)
		for i := range rows {
			res, err := opened(i)
			if !yield(entry{res: res, row: &rows[i], own: true}, err) {
				return
			}
		}
	}
}

// standing yields an entry for each name of a kind whose entries are there before anybody writes them.
func (c *Control) standing(m *kind.Mount, parent arm.ID, rows []store.Row, yield func(entry, error) bool) {
	for _, name := range m.Names.Among {
		res, ok := m.Standing(parent.Child(m.Type, name))
		e, err := entry{res: res}, error(nil)
		for i := range rows {
			if strings.EqualFold(rows[i].ID.Name(), name) {
				e.row, ok = &rows[i], true
				e.res, err = c.open(rows[i])
			}
		}
		if ok && !yield(e, err) {
			return
		}
	}
}

// readable says whether the caller may read a resource, there or not.
func (c *Control) readable(call *Call, id arm.ID) bool {
	m, ok := c.Registry.Placed(id)
	return ok && (keeps(call, m) || c.allow(call, m.Action("read"), id) == nil)
}
