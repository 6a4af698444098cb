package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// Act performs a POST word on a resource.
func (c *Control) Act(ctx context.Context, call *Call, id arm.ID, word string, body []byte) (*Answer, error) {
	m, ok := c.Registry.Placed(id)
	if !ok {
		return nil, c.unknownType(id.Type())
	}
	a, ok := m.Kind.Actions[strings.ToLower(word)]
	if !ok {
		return nil, arm.Errorf(http.StatusNotFound, "InvalidResourceType", "%s has no action '%s'.", m.FullType, word)
	}
	if err := c.allow(call, m.PostAction(a), id); err != nil {
		return nil, err
	}
	if err := call.noPreview(); err != nil {
		return nil, err
	}
	if err := arm.CheckJSON(body); err != nil {
		return nil, err
	}
	act := &acting{c: c, call: call, mount: m, action: a, id: id, body: body}
	if !a.Mutates {
		return act.read(ctx)
	}
	return act.change(ctx)
}

// acting is an action on its way.
type acting struct {
	c      *Control
	call   *Call
	mount  *kind.Mount
	action *kind.Action
	id     arm.ID
	body   []byte
	result any
	tag    string
}

func (a *acting) read(ctx context.Context) (*Answer, error) {
	var far *kind.ActionCall
	err := a.c.Store.View(ctx, func(r store.Reader) error {
		l := a.c.lookup(r)
		res, _, err := a.c.find(l, a.mount, a.id)
		if err != nil {
			return err
		}
		a.tag = res.ETag
		if a.action.Reach != nil {
			far = &kind.ActionCall{ID: res.ID, Value: res.Value, Body: a.body, Query: a.call.Query, State: state{a.c, a.call}}
			return l.err
		}
		a.result, err = a.action.Do(&kind.ActionCall{ID: res.ID, Value: res.Value, Body: a.body, Query: a.call.Query, Lookup: l})
		return errors.Join(err, l.err)
	})
	if err != nil {
		return nil, err
	}
	if far != nil {
		if a.result, err = a.action.Reach(ctx, far); err != nil {
			return nil, err
		}
	}
	return a.answer(ctx)
}

func (a *acting) change(ctx context.Context) (*Answer, error) {
	version, err := a.c.Store.Update(ctx, a.call.actor(), func(tx store.Tx) error {
		l := a.c.lookup(tx)
		res, row, err := a.c.find(l, a.mount, a.id)
		if err != nil {
			return err
		}
		old := a.mount.New()
		b, err := json.Marshal(res.Value)
		if err == nil {
			err = json.Unmarshal(b, old)
		}
		if err != nil {
			return fmt.Errorf("%s of %s: %w", a.action.Name, res.ID, err)
		}
		if a.result, err = a.action.Do(&kind.ActionCall{ID: res.ID, Value: res.Value, Body: a.body, Query: a.call.Query, Lookup: l}); err != nil {
			return err
		}
		w := &kind.Write{ID: res.ID, Mount: a.mount, New: res.Value, Old: old, Head: &res.Head, OldHead: &res.Head, Lookup: l, Query: a.call.Query, Caller: a.call.caller()}
		stored, err := a.c.put(tx, l, w, *row)
		if err != nil {
			return err
		}
		a.tag = stored.ETag
		return l.err
	})
	if err != nil {
		return nil, err
	}
	if err := a.c.Feed.Sync(ctx, version); err != nil {
		return nil, err
	}
	return a.answer(ctx)
}

func (a *acting) answer(ctx context.Context) (*Answer, error) {
	out := &Answer{Status: a.action.Status, ETag: a.tag}
	if out.Status == 0 {
		out.Status = http.StatusOK
	}
	if a.action.Shows {
		err := a.c.Store.View(ctx, func(r store.Reader) error {
			l := a.c.lookup(r)
			res, row, err := a.c.find(l, a.mount, a.id)
			if err != nil {
				return err
			}
			out, err = a.c.answer(a.call, l, res, a.c.shownAs(a.mount, a.id, res.ID), row)
			return errors.Join(err, l.err)
		})
		return out, err
	}
	if a.result == nil {
		return out, nil
	}
	var err error
	out.Body, err = arm.Marshal(a.result)
	return out, err
}
