package control

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// Put creates or replaces a resource. Its steps are those of every write, in this order, whatever the kind.
func (c *Control) Put(ctx context.Context, call *Call, id arm.ID, body []byte) (*Answer, error) {
	w, err := c.begin(call, id, "write")
	if err != nil {
		return nil, err
	}
	if err := w.decode(body); err != nil {
		return nil, err
	}
	if w.mount.Alias != nil {
		return c.putAlias(ctx, w)
	}
	if w.mount.Outlasts(w.Write) && !call.System && !call.previews() {
		return c.longPut(ctx, w)
	}
	return w.perform(ctx)
}

// Patch merges a body into a resource that exists and goes the way of a Put from there. When somebody else changes the resource meanwhile and the
// caller did not insist on a version, the merge is made again.
func (c *Control) Patch(ctx context.Context, call *Call, id arm.ID, body []byte) (*Answer, error) {
	for {
		changed := c.Store.Changed()
		w, err := c.begin(call, id, "write")
		if err != nil {
			return nil, err
		}
		if err := w.merge(ctx, body); err != nil {
			return nil, err
		}
		out, err := w.perform(ctx)
		if err == nil && w.mount.PatchStatus != 0 {
			out.Status = w.mount.PatchStatus
			if out.Status == http.StatusNoContent {
				out.Body = nil
			}
		}
		if !errors.Is(err, errRaced) {
			return out, err
		}
		select { // whoever was faster is about to commit
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// errRaced says that the version which a PATCH was merged into is no longer the current one.
var errRaced = errors.New("control: the resource changed while a patch was made")

func methodNotAllowed(method string, m *kind.Mount) *arm.Error {
	return arm.Errorf(http.StatusMethodNotAllowed, "MethodNotAllowed", "%s is not supported for %s.", method, m.FullType)
}

// writing is a write on its way.
type writing struct {
	*kind.Write
	c       *Control
	call    *Call
	mount   *kind.Mount
	asked   arm.ID // as the caller wrote it
	merged  string // tag of the version that a PATCH was merged into; "" for a PUT
	old     *kind.Resource
	created bool
	verb    string   // write or delete
	open    bool     // not authorized yet: see fulfil
	revived *revival // what the write brings back; nil for none
	result  *kind.Resource
	row     store.Row
	answer  *Answer // made within the transaction, given when it is in force
	// previewed collects what a preview would change; nil for a write that is kept.
	previewed *Preview
}

// begin authorizes a write before anything else is looked at.
func (c *Control) begin(call *Call, id arm.ID, verb string) (*writing, error) {
	m, ok := c.Registry.Placed(id)
	switch {
	case !ok:
		return nil, c.unknownType(id.Type())
	case (m.ReadOnly || m.Derived && verb == "write") && !call.System:
		return nil, methodNotAllowed("Writing", m)
	case m.Permanent && verb == "delete" && !call.System:
		return nil, methodNotAllowed("DELETE", m)
	}
	if verb == "delete" || m.Alias != nil {
		if err := call.noPreview(); err != nil {
			return nil, err
		}
	}
	id = c.Registry.Canonical(id)
	open, err := c.mayBegin(call, m, verb, id)
	if err != nil {
		return nil, err
	}
	w := &kind.Write{ID: id, Asked: id, Mount: m, Query: call.Query, Caller: call.caller(), Fetch: c.Fetch}
	return &writing{Write: w, c: c, call: call, mount: m, asked: id, verb: verb, open: open}, nil
}

// mayBegin refuses a write that its caller may not make, whatever it will say. It stays open when a condition on the caller's role depends on that.
func (c *Control) mayBegin(call *Call, m *kind.Mount, verb string, id arm.ID) (open bool, err error) {
	if !m.Judged() || m.WrittenBy != nil {
		return false, c.mayWrite(call, m, verb, id)
	}
	return c.decideOn(call, m.Action(verb), id, authz.Facts{Later: true})
}

// fulfil decides a write that is open, now that its facts are known. w holds New of a write, or Old of a deletion.
func (w *writing) fulfil() error {
	if !w.open {
		return nil
	}
	var f authz.Facts
	f.Request, f.Resource = w.mount.Facts(w.Write)
	_, err := w.c.decideOn(w.call, w.mount.Action(w.verb), w.asked, f)
	return err
}

// mayWrite refuses unless the caller holds the role action, or is one of those whom the kind names instead.
func (c *Control) mayWrite(call *Call, m *kind.Mount, verb string, id arm.ID) error {
	if m.WrittenBy == nil || call.System {
		return c.allow(call, m.Action(verb), id)
	}
	if keeps(call, m) {
		return nil
	}
	return arm.Forbidden(call.Name, call.ObjectID, m.Action(verb), id)
}

// keeps says whether the caller is one of those whom the kind names as its writers. They read it as well: nobody can keep what they can't see.
func keeps(call *Call, m *kind.Mount) bool { return m.WrittenBy != nil && m.WrittenBy(call.caller()) }

// decode reads the body of a PUT.
func (w *writing) decode(body []byte) error {
	if err := arm.CheckJSON(body); err != nil {
		return err
	}
	var d document
	if properties, only := arm.OnlyMember(body, "properties"); only {
		d.Properties = properties // most bodies have no more
	} else if err := arm.DecodeJSON(body, &d); err != nil {
		return err
	}
	properties, supplied, err := w.mount.Members(d.Properties)
	if err != nil {
		return err
	}
	v, err := w.mount.Decode(properties)
	if err != nil {
		return err
	}
	w.New, w.Head, w.Supplied = v, &d.Head, supplied
	return nil
}

// perform takes a decoded write through linked access, preparation, and the transaction, and answers when it is in force.
func (w *writing) perform(ctx context.Context) (*Answer, error) {
	if err := w.recall(ctx); err != nil {
		return nil, err
	}
	if err := w.linkedAccess(); err != nil {
		return nil, err
	}
	if err := w.mount.Prepare(ctx, w.Write); err != nil {
		return nil, err
	}
	if w.call.previews() {
		return w.preview(ctx)
	}
	version, err := w.c.Store.Update(ctx, w.call.actor(), w.transact)
	if err != nil {
		return nil, w.explain(err)
	}
	if err := w.c.Feed.Sync(ctx, version); err != nil {
		return nil, err
	}
	return w.answer, nil
}

// transact are the steps that must see one state: what exists, what is due by default, whether the whole is valid, and what is stored.
func (w *writing) transact(tx store.Tx) error {
	l := w.c.lookup(tx)
	w.Lookup = l
	if err := w.fulfil(); err != nil {
		return err
	}
	for _, step := range steps {
		if err := step(w, tx, l); err != nil {
			return err
		}
	}
	return l.err
}

// steps are those of transact after a right that was open, in their order.
var steps = [...]func(*writing, store.Tx, *lookup) error{
	(*writing).locate, (*writing).precondition, (*writing).complete, (*writing).validate,
	(*writing).store, (*writing).expand, (*writing).bringBack, (*writing).render,
}

// locate finds what is there now, and that the parents are.
func (w *writing) locate(tx store.Tx, l *lookup) error {
	if err := w.c.offered(l, w.mount, w.ID.Parent()); err != nil {
		return err
	}
	if err := w.c.present(l, w.ID); err != nil {
		return err
	}
	w.ID = l.resolve(w.ID)
	row, err := tx.Get(w.ID)
	if errors.Is(err, store.ErrNotFound) {
		if w.old, _ = w.mount.Standing(w.ID); w.old != nil {
			w.Old, w.OldHead = w.old.Value, &w.old.Head
			return nil
		}
		w.created = true
		return w.mount.CheckName(w.ID.Name()).OrNil()
	}
	if err != nil {
		return err
	}
	w.old, err = w.c.open(row)
	if err != nil {
		return err
	}
	w.ID, w.row = row.ID, row // the casing of the first write stays
	w.Old, w.OldHead = w.old.Value, &w.old.Head
	return nil
}

func (w *writing) precondition(store.Tx, *lookup) error {
	tag := ""
	if w.old != nil {
		tag = w.old.ETag
	}
	if w.merged != "" && w.merged != tag {
		return errRaced
	}
	if !arm.Match(w.call.IfMatch, tag) {
		return arm.PreconditionFailed()
	}
	return nil
}

// merge makes the new value of a PATCH from the current one.
func (w *writing) merge(ctx context.Context, patch []byte) error {
	if w.mount.PutOnly {
		return methodNotAllowed("PATCH", w.mount)
	}
	if err := arm.CheckJSON(patch); err != nil {
		return err
	}
	var doc []byte
	err := w.c.Store.View(ctx, func(r store.Reader) error {
		l := w.c.lookup(r)
		res, _, err := w.c.find(l, w.mount, w.ID)
		if err != nil {
			return err
		}
		if !arm.Match(w.call.IfMatch, res.ETag) {
			return arm.PreconditionFailed()
		}
		w.merged = res.ETag
		for _, s := range w.mount.SecretFields(res.Value) {
			*s = "" // a PATCH says new secrets and is never handed the old ones; Default keeps those
		}
		props, err := json.Marshal(res.Value)
		if err != nil {
			return err
		}
		doc, err = json.Marshal(document{res.Head, props})
		return errors.Join(err, l.err)
	})
	if err != nil {
		return err
	}
	merged, err := arm.MergePatch(doc, patch)
	if err != nil {
		return err
	}
	return w.decode(merged)
}

// complete fills defaults; a tracked resource keeps the head that a body leaves out.
func (w *writing) complete(store.Tx, *lookup) error {
	if w.mount.Tracked {
		if w.OldHead != nil {
			keepHead(w.Head, w.OldHead)
		}
	} else {
		*w.Head = kind.Head{}
	}
	return w.mount.Default(w.Write)
}

func keepHead(h, old *kind.Head) {
	if h.Location == "" {
		h.Location = old.Location
	}
	if h.SKU == nil {
		h.SKU = old.SKU
	}
	if h.Identity == nil {
		h.Identity = old.Identity
	}
}

// validate checks fields, the head, and the kind's own rules.
func (w *writing) validate(store.Tx, *lookup) error {
	if w.mount.Tracked && !w.mount.Locations && w.Head.Location == "" {
		return arm.Errorf(http.StatusBadRequest, "LocationRequired", "The location property is required for this definition.")
	}
	if err := w.mount.Check(w.New); err != nil {
		return err
	}
	return w.mount.Validate(w.Write)
}
