package control

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// A GET with export=true answers another form of a resource, itself or behind a link. The link carries all that it opens, sealed: nothing is kept for it, and
// whoever holds it reads that one form of that one resource until it ends.

// ExportPath is where links of exports lead, below the management address.
const ExportPath = "/exports/"

// linkLife is how long a link works (rest-behaviour.md 8).
const linkLife = 5 * time.Minute

// aboutLinks binds sealed links to what they are for.
const aboutLinks = "/exports"

// ticket is what a link carries.
type ticket struct {
	ID    string     `json:"id"`
	Query url.Values `json:"query"`
	Until time.Time  `json:"until"`
}

// exports says whether a call asks for another form of what it names.
func (c *Call) exports(m *kind.Mount) bool {
	return m.Exports() && strings.EqualFold(c.Query.Get("export"), "true")
}

// exported answers with another form of a resource.
func (c *Control) exported(call *Call, l *lookup, res *kind.Resource, as arm.ID) (*Answer, error) {
	e, err := res.Kind.Export(&kind.Rendering{ID: res.ID, Head: &res.Head, Query: call.Query, Lookup: l}, res.Value)
	if err != nil {
		return nil, err
	}
	out := struct {
		ID     string `json:"id"`
		Format string `json:"format"`
		Value  any    `json:"value"`
	}{as.String(), e.Format, nil}
	switch {
	case e.Link:
		link, err := c.link(call, res.ID)
		if err != nil {
			return nil, err
		}
		out.Value = map[string]string{"link": link}
	case e.Type == "application/json":
		out.Value = json.RawMessage(e.Body)
	default:
		out.Value = string(e.Body)
	}
	body, err := arm.Marshal(out)
	return &Answer{Status: http.StatusOK, Body: body}, err
}

// link makes the address that gives out what the call asks for.
func (c *Control) link(call *Call, id arm.ID) (string, error) {
	query := url.Values{}
	for _, name := range []string{"format", "openApiVersion"} {
		if v := call.Query.Get(name); v != "" {
			query.Set(name, v)
		}
	}
	t, err := json.Marshal(ticket{id.String(), query, c.Now().UTC().Add(linkLife)})
	if err != nil {
		return "", err
	}
	sealed, err := c.Sealer.Seal(string(t), aboutLinks)
	if err != nil {
		return "", err
	}
	return call.BaseURL + ExportPath + base64.RawURLEncoding.EncodeToString([]byte(sealed)), nil
}

// Linked gives out what a link carries the right to: the last segment of its address. Whatever is wrong with it is one and the same 404.
func (c *Control) Linked(ctx context.Context, text string) (*kind.Export, error) {
	gone := arm.Errorf(http.StatusNotFound, "ResourceNotFound", "This link has ended or never was one. Export again to get another; links work for %d minutes.", int(linkLife/time.Minute))
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(sealed) == 0 || len(sealed) > 8<<10 {
		return nil, gone
	}
	plain, err := c.Sealer.Open(string(sealed), aboutLinks)
	if err != nil {
		return nil, gone
	}
	var t ticket
	if err := json.Unmarshal([]byte(plain), &t); err != nil || !c.Now().Before(t.Until) {
		return nil, gone
	}
	id, err := arm.ParseID(t.ID)
	if err != nil {
		return nil, gone
	}
	var out *kind.Export
	err = c.Store.View(ctx, func(r store.Reader) error {
		l := c.lookup(r)
		res, ok := l.Get(l.resolve(id))
		if !ok || !res.Kind.Exports() {
			return errors.Join(l.err, gone)
		}
		out, err = res.Kind.Export(&kind.Rendering{ID: res.ID, Head: &res.Head, Query: t.Query, Lookup: l}, res.Value)
		return errors.Join(err, l.err)
	})
	return out, err
}
