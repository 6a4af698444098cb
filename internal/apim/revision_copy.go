package apim

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// belowAPI is what an API or revision consists of beside itself, by the part of the id that follows it: operations, policies, schemas,
// diagnostics, and whatever else stands below it, but not what belongs to the API as a whole.
func belowAPI(l kind.Lookup, api arm.ID) map[string]*kind.Resource {
	out := map[string]*kind.Resource{}
	for _, r := range l.Tree(api) {
		tail := r.ID.Key()[len(api.Key()):]
		first, _, _ := strings.Cut(strings.TrimPrefix(tail, "/"), "/")
		if !containsFold(ofWholeAPI, first) {
			out[tail] = r
		}
	}
	return out
}

// moved is an id below one API as the same below another.
func moved(id, from, to arm.ID) arm.ID {
	out, err := arm.ParseID(to.String() + id.String()[len(from.String()):])
	if err != nil {
		return id // both were ids
	}
	return out
}

// copyAPI makes of everything below one API the same below another.
func copyAPI(l kind.Lookup, from, to arm.ID) []kind.Extra {
	var out []kind.Extra
	for _, r := range l.Tree(from) {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.ID.Key()[len(from.Key()):], "/"), "/")
		if !containsFold(ofWholeAPI, first) {
			out = append(out, kind.Extra{ID: moved(r.ID, from, to), Value: r.Value, Kept: true})
		}
	}
	return out
}

// makeCurrent puts a revision in the place of the current one. What was current is kept under its full name, unless it is to go. Rows that are the same in both
// stay as they are, so that a release costs what has changed and what refers to operations goes on doing so.
func makeCurrent(l kind.Lookup, current, next *kind.Resource, keep bool) []kind.Extra {
	was, ok := current.Value.(*API)
	now, okNow := next.Value.(*API)
	if !ok || !okNow {
		return nil
	}
	api, shelf := current.ID, revisionID(current.ID, was.APIRevision)
	old, fresh := belowAPI(l, api), belowAPI(l, next.ID)
	out := []kind.Extra{{ID: next.ID, Delete: true}}
	for tail, r := range old {
		if fresh[tail] == nil {
			out = append(out, kind.Extra{ID: r.ID, Delete: true})
		}
		if keep {
			out = append(out, kind.Extra{ID: moved(r.ID, api, shelf), Value: r.Value, Kept: true, Created: r.Created})
		}
	}
	for tail, r := range fresh {
		if o := old[tail]; o == nil || !sameValue(o.Value, r.Value) {
			out = append(out, kind.Extra{ID: moved(r.ID, next.ID, api), Value: r.Value, Kept: true, Created: r.Created})
		}
	}
	was.IsCurrent, now.IsCurrent = ptr(false), ptr(true)
	now.promote = false
	out = append(out, kind.Extra{ID: api, Value: now, Kept: true, Created: next.Created})
	if keep {
		out = append(out, kind.Extra{ID: shelf, Value: was, Kept: true, Created: current.Created})
	}
	return out
}

func sameValue(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
