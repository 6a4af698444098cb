package kind

import (
	"context"
	"net/url"
	"reflect"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Entity declares a kind whose properties have the wire type T. Hooks are optional; control calls them in the order in which they stand here and
// never in another. Except for Prepare they run inside the write's transaction, possibly several times, so they must be quick and change
// nothing but what they are given.
type Entity[T any] struct {
	Namespace, Type, Noun string
	Under                 []string
	Anywhere              bool
	Shape                 Shape
	Names                 Names
	Tracked, BodyETag     bool
	Locations             bool
	Guarded               bool
	PutOnly, ReadOnly     bool
	Deleted               bool
	Virtual               Collection
	WrittenBy             func(c Caller) bool
	Derived, Permanent    bool
	Withheld              func(l Lookup, parent arm.ID) bool
	PatchStatus           int
	Right                 string
	Alias                 *Alias
	Keep                  func(l Lookup, parent arm.ID, q url.Values) func(*Resource) bool
	Bare, Mirror          bool
	CreateStatus          int
	HeadStatus            int
	UpdateStatus          int
	Filters               string // fields of $filter, separated by blanks
	Publish               bool
	Slow                  bool
	View                  View
	Actions               []Action

	// Secrets returns pointers to the strings of v that are sealed at rest and blanked in answers; never nil pointers.
	Secrets func(v *T) []*string
	// Brief says of a write of a Slow kind that it has nothing to wait for; nil for never.
	Brief func(w *Typed[T]) bool
	// Prepare runs before the transaction and may wait and reach outside (downloads, parsing): the only hook that may.
	Prepare func(ctx context.Context, w *Typed[T]) error
	// Facts are the attributes by which conditions on role assignments know a write (New) or a deletion (Old): what is asked for, and what is there. Writes of
	// kinds that have them may begin while such a condition is open, and are authorized again with the facts before anything else is told or done.
	Facts func(w *Typed[T]) (request, resource map[string]string)
	// Default fills what the body left out.
	Default func(w *Typed[T]) error
	// Linked names rights that the caller needs on what the body points at.
	Linked func(w *Typed[T]) []Access
	// Validate checks rules that need more than the fields; the error is an *arm.Error.
	Validate func(w *Typed[T]) error
	// Refs are what the value points at; control checks that they exist.
	Refs func(w *Typed[T]) []Ref
	// Claims are what must be unique.
	Claims func(w *Typed[T]) []Claim
	// Expand makes further resources in the same transaction.
	Expand func(w *Typed[T]) ([]Extra, error)
	// Remove refuses a deletion; w.Old is what would go.
	Remove func(w *Typed[T]) error
	// Standing is the value of an entry that nobody has written: such kinds have an entry for each of Names.Among, a PUT replaces it and a DELETE
	// brings the first value back. nil for a name that there isn't.
	Standing func(id arm.ID) *T
	// Revive turns a creation into the return of a deleted resource; nil makes an ordinary write of it. It runs before Prepare, with a Lookup.
	Revive func(w *Typed[T]) (*Revival, error)
	// Succeed says what a deletion makes or removes besides; stays is true when these take the place of the resource, which is then not removed.
	Succeed func(w *Typed[T]) (extras []Extra, stays bool, err error)
	// Export makes another form of the value: see Export.
	Export func(r *Rendering, v *T) (*Export, error)
	// Render changes a copy of the value before it is shown; secrets are blank already.
	Render func(r *Rendering, v *T)
}

// Typed is a Write with its values typed.
type Typed[T any] struct {
	*Write
	New, Old *T
}

// Kind turns the declaration into what the registry mounts.
func (e Entity[T]) Kind() *Kind {
	k := &Kind{
		Namespace: e.Namespace, Type: e.Type, Noun: e.Noun, Under: e.Under, Anywhere: e.Anywhere, Shape: e.Shape, Names: e.Names,
		Tracked: e.Tracked, BodyETag: e.BodyETag, Locations: e.Locations, Guarded: e.Guarded, PutOnly: e.PutOnly, ReadOnly: e.ReadOnly, Deleted: e.Deleted, Virtual: e.Virtual, WrittenBy: e.WrittenBy,
		UpdateStatus: e.UpdateStatus, Filters: strings.Fields(e.Filters), Publish: e.Publish, Slow: e.Slow, View: e.View, Actions: map[string]*Action{},
		Alias: e.Alias, Keep: e.Keep, Bare: e.Bare, Mirror: e.Mirror, CreateStatus: e.CreateStatus, HeadStatus: e.HeadStatus,
	}
	k.Derived, k.Permanent, k.PatchStatus, k.Right, k.Withheld = e.Derived, e.Permanent, e.PatchStatus, e.Right, e.Withheld
	for _, a := range e.Actions {
		k.Actions[strings.ToLower(a.Name)] = &a
	}
	rules := rulesOf[T]()
	k.New = func() any { return new(T) }
	k.members = membersOf(reflect.TypeFor[T]())
	k.check = func(v any) []arm.Detail { return rules.check(v) }
	if e.Secrets != nil {
		k.secrets = func(v any) []*string { return e.Secrets(v.(*T)) }
	}
	if e.Render != nil {
		k.render = func(r *Rendering, v any) { e.Render(r, v.(*T)) }
	}
	if e.Export != nil {
		k.export = func(r *Rendering, v any) (*Export, error) { return e.Export(r, v.(*T)) }
	}
	if e.Prepare != nil {
		k.prepare = func(ctx context.Context, w *Write) error { return e.Prepare(ctx, typed[T](w)) }
	}
	if e.Brief != nil {
		k.brief = func(w *Write) bool { return e.Brief(typed[T](w)) }
	}
	if e.Facts != nil {
		k.facts = func(w *Write) (request, resource map[string]string) { return e.Facts(typed[T](w)) }
	}
	k.defaults = hook(e.Default)
	k.validate = hook(e.Validate)
	k.remove = hook(e.Remove)
	if e.Succeed != nil {
		k.succeed = func(w *Write) ([]Extra, bool, error) { return e.Succeed(typed[T](w)) }
	}
	k.linked = listHook(e.Linked)
	k.refs = listHook(e.Refs)
	k.claims = listHook(e.Claims)
	if e.Revive != nil {
		k.revive = func(w *Write) (*Revival, error) { return e.Revive(typed[T](w)) }
	}
	if e.Standing != nil {
		k.standing = func(id arm.ID) any {
			if v := e.Standing(id); v != nil {
				return v
			}
			return nil
		}
	}
	if e.Expand != nil {
		k.expand = func(w *Write) ([]Extra, error) { return e.Expand(typed[T](w)) }
	}
	return k
}

func typed[T any](w *Write) *Typed[T] {
	o := &Typed[T]{Write: w}
	o.New, _ = w.New.(*T)
	o.Old, _ = w.Old.(*T)
	return o
}

func hook[T any](f func(*Typed[T]) error) func(*Write) error {
	if f == nil {
		return nil
	}
	return func(w *Write) error { return f(typed[T](w)) }
}

func listHook[T, R any](f func(*Typed[T]) []R) func(*Write) []R {
	if f == nil {
		return nil
	}
	return func(w *Write) []R { return f(typed[T](w)) }
}

// The steps of a write as control calls them; a kind without the hook does nothing there.

// Prepare does the outside work of a write.
func (k *Kind) Prepare(ctx context.Context, w *Write) error {
	if k.prepare == nil {
		return nil
	}
	return k.prepare(ctx, w)
}

// Outlasts says whether a PUT may outlast its request.
func (k *Kind) Outlasts(w *Write) bool { return k.Slow && (k.brief == nil || !k.brief(w)) }

// Judged says whether the kind has facts.
func (k *Kind) Judged() bool { return k.facts != nil }

// Facts are what conditions may ask about a write.
func (k *Kind) Facts(w *Write) (request, resource map[string]string) {
	if k.facts == nil {
		return nil, nil
	}
	return k.facts(w)
}

// Default fills what the body left out.
func (k *Kind) Default(w *Write) error { return run(k.defaults, w) }

// Validate applies the kind's own rules.
func (k *Kind) Validate(w *Write) error { return run(k.validate, w) }

// Remove refuses a deletion.
func (k *Kind) Remove(w *Write) error { return run(k.remove, w) }

// Succeed says what a deletion does besides, or instead.
func (k *Kind) Succeed(w *Write) (extras []Extra, stays bool, err error) {
	if k.succeed == nil {
		return nil, false, nil
	}
	return k.succeed(w)
}

// Linked lists further rights that the write needs.
func (k *Kind) Linked(w *Write) []Access { return list(k.linked, w) }

// Refs lists what the value points at.
func (k *Kind) Refs(w *Write) []Ref { return list(k.refs, w) }

// Claims lists what must be unique.
func (k *Kind) Claims(w *Write) []Claim { return list(k.claims, w) }

// Expand makes further resources.
func (k *Kind) Expand(w *Write) ([]Extra, error) {
	if k.expand == nil {
		return nil, nil
	}
	return k.expand(w)
}

// Revive says whether a write brings something back.
func (k *Kind) Revive(w *Write) (*Revival, error) {
	if k.revive == nil {
		return nil, nil
	}
	return k.revive(w)
}

// Revives says whether writes of the kind may bring something back.
func (k *Kind) Revives() bool { return k.revive != nil }

// Stands says whether the kind has entries that nobody wrote.
func (k *Kind) Stands() bool { return k.standing != nil }

// Standing is the resource that is there before anybody wrote it.
func (k *Kind) Standing(id arm.ID) (*Resource, bool) {
	if k.standing == nil {
		return nil, false
	}
	v := k.standing(id)
	if v == nil {
		return nil, false
	}
	return &Resource{ID: id, Kind: k, Value: v, ETag: standingTag}, true
}

// standingTag is the tag of what nobody has written.
const standingTag = "AAAAAAAAAAA="

// Render adapts a copy of the value to the answer.
func (k *Kind) Render(r *Rendering, v any) {
	if k.render != nil {
		k.render(r, v)
	}
}

func run(f func(*Write) error, w *Write) error {
	if f == nil {
		return nil
	}
	return f(w)
}

func list[R any](f func(*Write) []R, w *Write) []R {
	if f == nil {
		return nil
	}
	return f(w)
}
