package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/route"
)

func validateAPI(w *kind.Typed[API]) error {
	a := w.New
	if w.Old == nil && !w.Supplied["path"] && !isRevision(w.ID) {
		return arm.InvalidField("path", "path is required; it may be empty for an API at the gateway's root.")
	}
	var err error
	if a.place, err = route.Key(a.Path, ""); err != nil {
		return arm.InvalidField("path", "path: %s.", err)
	}
	for _, p := range a.Protocols {
		if !containsFold(protocols, p) {
			return arm.InvalidField("protocols", "protocols: '%s' is none of %s.", p, strings.Join(protocols, ", "))
		}
	}
	if err := validateType(w); err != nil {
		return err
	}
	if err := validateVersion(w); err != nil {
		return err
	}
	return validateShared(w)
}

// validateVersion checks an API's place in a version set of its own home.
func validateVersion(w *kind.Typed[API]) error {
	a := w.New
	if a.APIVersionSetID == "" {
		if a.APIVersion != "" {
			return arm.InvalidField("apiVersionSetId", "apiVersionSetId is required with apiVersion: a version needs a version set that says how requests ask for it.")
		}
		return nil
	}
	id, err := arm.ParseID(a.APIVersionSetID)
	if err != nil || !strings.EqualFold(lastWord(id.Type()), "apiVersionSets") {
		return arm.InvalidField("apiVersionSetId", "apiVersionSetId must be the id of a version set.")
	}
	s, ok := kind.Of[VersionSet](w.Lookup, id)
	if !ok || !homeOf(id).Equal(homeOf(w.ID)) { // never tell of another workspace
		return arm.InvalidField("apiVersionSetId", "apiVersionSetId points at '%s', which does not exist.", id)
	}
	if s.VersioningScheme == "Segment" && !isSegment(a.APIVersion) {
		return arm.InvalidField("apiVersion", "apiVersion: '%s' can't be a segment of a path, as the version set's scheme asks for.", a.APIVersion)
	}
	return nil
}

// validateShared refuses a revision that differs in what all revisions share: requests find the API by it, whichever revision they want.
func validateShared(w *kind.Typed[API]) error {
	if !isRevision(w.ID) {
		return nil
	}
	current, ok := kind.Of[API](w.Lookup, withoutRevision(w.ID))
	if !ok {
		return arm.NotFound("API")
	}
	for _, f := range []struct{ field, mine, theirs string }{
		{"path", w.New.Path, current.Path},
		{"apiVersion", w.New.APIVersion, current.APIVersion},
		{"apiVersionSetId", w.New.APIVersionSetID, current.APIVersionSetID},
		{"type", w.New.Type, current.Type},
	} {
		if !strings.EqualFold(f.mine, f.theirs) {
			return arm.InvalidField(f.field, "%s: all revisions of an API share it, and that of '%s' is '%s'. Change it on the current revision; the others follow.", f.field, withoutRevision(w.ID).Name(), f.theirs)
		}
	}
	return nil
}
