package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// expandAPI makes what a write of an API brings with it: the copy of a source, the operations of a document, and what revisions and version sets
// have to follow.
func expandAPI(w *kind.Typed[API]) ([]kind.Extra, error) {
	var copied []kind.Extra
	existing := w.ID
	if w.Old == nil && !w.New.from.IsRoot() {
		copied, existing = copyAPI(w.Lookup, w.New.from, w.ID), w.New.from
	}
	imported, err := expandImport(w, existing)
	if err != nil {
		return nil, err
	}
	out := append(without(copied, imported), imported...)
	out = append(out, expandWebSocket(w, out)...)
	switch {
	case isRevision(w.ID) && w.New.promote:
		return promote(w, out)
	case isRevision(w.ID):
		return out, nil
	}
	out = append(out, tellSets(w.Lookup, w.Old, w.New)...)
	return append(out, tellRevisions(w)...), nil
}

// promote makes a revision current because its body says so; others is what the write makes besides.
func promote(w *kind.Typed[API], others []kind.Extra) ([]kind.Extra, error) {
	if w.Old == nil || len(others) > 0 {
		return nil, arm.InvalidField("isCurrent", "isCurrent: a revision becomes current once it is complete; make it first, then release it with PUT %s/releases/{id}.", withoutRevision(w.ID))
	}
	current, ok := w.Lookup.Get(withoutRevision(w.ID))
	next, okNext := w.Lookup.Get(w.ID)
	if !ok || !okNext {
		return nil, arm.NotFound("API")
	}
	return makeCurrent(w.Lookup, current, next, true), nil
}

// without drops from a copy what an import removes or replaces, and what lies below what it removes.
func without(copied, imported []kind.Extra) []kind.Extra {
	var out []kind.Extra
	removed, replaced := []arm.ID{}, map[string]bool{}
	for _, e := range imported {
		if e.Delete {
			removed = append(removed, e.ID)
		}
		replaced[e.ID.Key()] = true
	}
	for _, c := range copied {
		gone := replaced[c.ID.Key()]
		for _, r := range removed {
			gone = gone || c.ID.Within(r)
		}
		if !gone {
			out = append(out, c)
		}
	}
	return out
}

// tellRevisions carries what all revisions share from the current one to the others.
func tellRevisions(w *kind.Typed[API]) []kind.Extra {
	if w.Old == nil || w.Old.Path == w.New.Path && w.Old.APIVersion == w.New.APIVersion && w.Old.APIVersionSetID == w.New.APIVersionSetID && w.Old.Type == w.New.Type {
		return nil
	}
	var out []kind.Extra
	for _, r := range otherRevisions(w.Lookup, w.ID) {
		if a, ok := r.Value.(*API); ok {
			a.Path, a.APIVersion, a.APIVersionSetID, a.Type = w.New.Path, w.New.APIVersion, w.New.APIVersionSetID, w.New.Type
			out = append(out, kind.Extra{ID: r.ID, Value: a, Kept: true})
		}
	}
	return out
}

// succeedAPI says what becomes of an API's other revisions when one is deleted. The name of the API alone means all of it and needs deleteRevisions
// while there are several; a revision that is named goes alone, and when it was current the newest of the others takes its place.
func succeedAPI(w *kind.Typed[API]) ([]kind.Extra, bool, error) {
	all := strings.EqualFold(w.Query.Get("deleteRevisions"), "true")
	if isRevision(w.ID) {
		if !all {
			return nil, false, nil
		}
		current, ok := kind.Of[API](w.Lookup, withoutRevision(w.ID))
		if !ok {
			return nil, false, nil
		}
		gone := kind.Extra{ID: withoutRevision(w.ID), Delete: true}
		return append([]kind.Extra{gone}, tellSets(w.Lookup, current, nil)...), false, nil
	}
	others := otherRevisions(w.Lookup, w.ID)
	if len(others) == 0 || all {
		return tellSets(w.Lookup, w.Old, nil), false, nil
	}
	if _, _, named := cutRevision(w.Asked); !named {
		return nil, false, arm.InvalidField("deleteRevisions", "API '%s' has %d more revisions. Add deleteRevisions=true to delete all of them, or name the revision to delete: %s;rev=%s.",
			w.ID.Name(), len(others), w.ID.Name(), w.Old.APIRevision)
	}
	current, ok := w.Lookup.Get(w.ID)
	if !ok {
		return nil, false, arm.NotFound("API")
	}
	return makeCurrent(w.Lookup, current, others[len(others)-1], false), true, nil
}
