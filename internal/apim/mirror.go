package apim

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// The classic associations show entities that are joined with another: the APIs of a product, the tags of an API. They are mirrors: kinds of the same
// wire type as what they show, whose entries are found by asking what is joined.

// mirror is a kind that shows resources of another as the collection typ of a parent. It has no rows.
func mirror(of *kind.Kind, typ, parent string, see look) *kind.Kind {
	k := *of
	see.typ = typ
	k.Type, k.Under, k.Mirror, k.Names = typ, []string{parent}, true, kind.Names{}
	k.Actions, k.Publish, k.Slow, k.Guarded, k.Virtual, k.ReadOnly = nil, false, false, false, see, true
	k.View = kind.View{One: of.View.One, Many: of.View.Many, Summary: of.View.Summary}
	return &k
}

// look is the Virtual of a mirror.
type look struct {
	typ string // the collection's own word
	// get is the resource that an id of the mirror shows.
	get func(l kind.Lookup, id arm.ID) (arm.ID, bool)
	// list are the resources that the mirror shows below scope.
	list func(l kind.Lookup, scope arm.ID) []arm.ID
}

func (k look) Get(l kind.Lookup, id arm.ID) (*kind.Resource, bool) {
	to, ok := k.get(l, id)
	if !ok {
		return nil, false
	}
	r, ok := l.Get(to)
	if !ok {
		return nil, false
	}
	return k.shown(id.Parent(), r), true
}

func (k look) List(l kind.Lookup, scope arm.ID, _ kind.ListQuery) []kind.Listed {
	var out []kind.Listed
	for _, id := range k.list(l, scope) {
		if isWorkspace(id) {
			continue // joined under the preview profile; a name of the service would mean another entity
		}
		if r, ok := l.Get(id); ok {
			out = append(out, kind.Listed{Resource: k.shown(scope, r)})
		}
	}
	slices.SortFunc(out, func(a, b kind.Listed) int { return strings.Compare(a.ID.Key(), b.ID.Key()) })
	return out
}

// shown is the resource r as an entry of the mirror below parent.
func (k look) shown(parent arm.ID, r *kind.Resource) *kind.Resource {
	return &kind.Resource{ID: withoutRevision(parent).Child(k.typ, r.ID.Name()), Head: r.Head, Value: r.Value, ETag: r.ETag}
}

func idsOf(list []*kind.Resource) []arm.ID {
	out := make([]arm.ID, len(list))
	for i, r := range list {
		out[i] = r.ID
	}
	return out
}
