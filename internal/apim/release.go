package apim

import (
	"cmp"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Release made a revision current, and says why. It belongs to the API, not to one revision.
type Release struct {
	APIID   string     `json:"apiId,omitempty"`
	Notes   string     `json:"notes,omitempty"`
	Created *time.Time `json:"createdDateTime,omitempty"`
	Updated *time.Time `json:"updatedDateTime,omitempty"`
}

func release() *kind.Kind {
	return kind.Entity[Release]{
		Type: "releases", Noun: "API release", Under: []string{"apis"}, Names: named(80), Filters: "name notes",
		View: kind.View{One: "Release", Many: "Releases", Summary: "Makes a revision the one that consumers reach.", Columns: []string{"apiId", "notes"}},
		Default: func(w *kind.Typed[Release]) error {
			now := time.Now().UTC().Truncate(time.Millisecond)
			w.New.Created, w.New.Updated = &now, &now
			if w.Old != nil {
				w.New.Created = w.Old.Created
				w.New.APIID = cmp.Or(w.New.APIID, w.Old.APIID)
			}
			id, ok := fullID(w.ID, w.New.APIID)
			if ok {
				w.New.APIID = id.String()
			}
			return nil
		},
		Validate: validateRelease,
		Expand: func(w *kind.Typed[Release]) ([]kind.Extra, error) {
			if w.Old != nil && idOf(w.Old.APIID).Equal(idOf(w.New.APIID)) {
				return nil, nil // new notes do not release again
			}
			api := w.ID.Parent()
			next := ResolveRevision(w.Lookup, idOf(w.New.APIID))
			if next.Equal(api) {
				return nil, nil // it is current already
			}
			was, ok := w.Lookup.Get(api)
			now, okNow := w.Lookup.Get(next)
			if !ok || !okNow {
				return nil, arm.NotFound("API")
			}
			return makeCurrent(w.Lookup, was, now, true), nil
		},
	}.Kind()
}

// validateRelease refuses what isn't a revision of the release's own API. A revision may be gone by the time its release is described anew.
func validateRelease(w *kind.Typed[Release]) error {
	if w.New.APIID == "" {
		return arm.InvalidField("apiId", "apiId is required: the id of the revision to make current, such as /apis/%s;rev=2.", w.ID.Parent().Name())
	}
	if w.Old != nil && w.Old.APIID == w.New.APIID {
		return nil
	}
	id, err := arm.ParseID(w.New.APIID)
	if err != nil || !withoutRevision(id).Equal(w.ID.Parent()) {
		return arm.InvalidField("apiId", "apiId must be the id of a revision of API '%s'.", w.ID.Parent().Name())
	}
	if !exists(w.Lookup, ResolveRevision(w.Lookup, id)) {
		return arm.InvalidField("apiId", "apiId: API '%s' has no such revision.", w.ID.Parent().Name())
	}
	return nil
}
