package apim

import (
	"regexp"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// The id of an API may name a revision: "x;rev=2". The current revision is stored under the API's own name and answers to both.

const revisionMark = ";rev="

var apiIdentifier = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(;rev=[A-Za-z0-9_.-]+)?$`)

// withoutRevision drops the revision from the API in an id.
func withoutRevision(id arm.ID) arm.ID {
	out, _, _ := cutRevision(id)
	return out
}

// cutRevision splits an id into the same id without revision and the revision that it named.
func cutRevision(id arm.ID) (plain arm.ID, revision string, ok bool) {
	if !strings.Contains(id.Key(), revisionMark) {
		return id, "", false
	}
	segs := id.Segments()
	for i := 1; i < len(segs); i++ {
		at := strings.Index(strings.ToLower(segs[i]), revisionMark)
		if at > 0 && strings.EqualFold(segs[i-1], "apis") {
			revision, segs[i] = segs[i][at+len(revisionMark):], segs[i][:at]
			ok = true
		}
	}
	out, err := arm.ParseID("/" + strings.Join(segs, "/"))
	if err != nil || !ok {
		return id, "", false
	}
	return out, revision, true
}

// ResolveRevision maps an id that names a revision to the id under which that revision is stored: without the revision when it is the current
// one, or when there is no such API yet (the first revision may be made under its full name).
func ResolveRevision(l kind.Lookup, id arm.ID) arm.ID {
	plain, revision, ok := cutRevision(id)
	if !ok {
		return id
	}
	at, found := plain.Ancestor(kind.Service + "/apis")
	if !found {
		if at, found = plain.Ancestor(kind.Workspace + "/apis"); !found {
			return id
		}
	}
	a, exists := kind.Of[API](l, at)
	if !exists || strings.EqualFold(a.APIRevision, revision) {
		return plain
	}
	return id
}
