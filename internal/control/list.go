package control

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
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
	if err != nil && m.Guarded && c.Access.Load().HoldsWithin(c.principal(call), parent) {
		return nil
	}
	return err
}

// exists refuses when the parent of a collection isn't there.
func (c *Control) exists(l *lookup, id arm.ID) error {
	if _, known := c.Registry.Mount(id.Type()); !known {
		return c.present(l, id)
	}
	if _, err := l.r.Get(l.resolve(id)); errors.Is(err, store.ErrNotFound) {
		return c.absent(l, id)
	} else if err != nil {
		return err
	}
	return nil
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
	page := &arm.Page{Value: []json.RawMessage{}}
	var count int64
	for e, err := range c.entries(call, l, m, parent, q) {
		if err != nil {
			return nil, err
		}
		body, err := c.render(call, l, e.res, e.res.ID, e.row)
		if err != nil {
			return nil, err
		}
		if q.filter != nil && !q.filter.Match(fieldsOf(body, e.fields)) {
			continue
		}
		count++
		if int(count) > q.skip && len(page.Value) < q.top {
			page.Value = append(page.Value, body)
		}
	}
	if m.Namespace == "" { // collections of Resource Manager itself carry no count
		page.Count = &count
	}
	if int(count) > q.skip+len(page.Value) {
		page.NextLink = nextLink(call, q.skip+len(page.Value))
	}
	return page, nil
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
}

// entries yields what a list may show to the caller, before its filter.
func (c *Control) entries(call *Call, l *lookup, m *kind.Mount, parent arm.ID, q listQuery) func(func(entry, error) bool) {
	return func(yield func(entry, error) bool) {
		if m.Virtual != nil {
			lq := kind.ListQuery{Caller: call.caller(), Groups: c.Directory.Groups(call.ObjectID), Filter: q.filter}
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
		for i := range rows {
			if m.Guarded && c.decide(call, m.Action("read"), rows[i].ID, c.MembersRead[strings.ToLower(m.FullType)]) != nil {
				continue
			}
			res, err := c.open(rows[i])
			if !yield(entry{res: res, row: &rows[i]}, err) {
				return
			}
		}
	}
}

// fieldsOf gives a filter the members of a rendered resource: its name, and what stands in properties, by name without case.
func fieldsOf(body []byte, more map[string]any) func(string) arm.Field {
	var doc struct {
		Name       string         `json:"name"`
		Properties map[string]any `json:"properties"`
	}
	_ = json.Unmarshal(body, &doc) // our own rendering
	low := make(map[string]any, len(doc.Properties))
	for k, v := range doc.Properties {
		low[strings.ToLower(k)] = v
	}
	return func(field string) arm.Field {
		field = strings.ToLower(field)
		if v, ok := more[field]; ok {
			return v
		}
		if v, ok := low[field]; ok {
			return plain(v)
		}
		if field == "name" {
			return doc.Name
		}
		return nil
	}
}

// plain turns a JSON list of texts into what filters compare.
func plain(v any) any {
	items, ok := v.([]any)
	if !ok {
		return v
	}
	out := []string{}
	for _, i := range items {
		if s, ok := i.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
