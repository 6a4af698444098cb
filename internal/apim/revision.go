package apim

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// The id of an API may name a revision: "x;rev=2". The current revision is stored under the API's own name and answers to both; the others are
// stored under their full names and point at the API, so that they go with it.

const revisionMark = ";rev="

var apiIdentifier = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(;rev=[A-Za-z0-9_.-]+)?$`)

// withoutRevision drops the revision from the API in an id.
func withoutRevision(id arm.ID) arm.ID {
	out, _, _ := cutRevision(id)
	return out
}

// isRevision says whether an id names a revision, or something below one.
func isRevision(id arm.ID) bool { return strings.Contains(id.Key(), revisionMark) }

// cutRevision splits an id into the same id without revision and the revision that it named.
func cutRevision(id arm.ID) (plain arm.ID, revision string, ok bool) {
	if !isRevision(id) {
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

// ofWholeAPI are the types below an API that belong to it and to no revision.
var ofWholeAPI = []string{"releases", "revisions", "issues"}

// ResolveRevision maps an id that names a revision to the id under which that revision is stored: without the revision when it is the current
// one, when what is named belongs to the API as a whole, or when there is no such API yet (the first revision may be made under its full name).
func ResolveRevision(l kind.Lookup, id arm.ID) arm.ID {
	plain, revision, ok := cutRevision(id)
	if !ok {
		return id
	}
	at, found := apiOf(plain)
	if !found {
		return id
	}
	if segs := plain.Segments(); len(segs) > len(at.Segments()) && containsFold(ofWholeAPI, segs[len(at.Segments())]) {
		return plain
	}
	a, exists := kind.Of[API](l, at)
	if !exists || strings.EqualFold(a.APIRevision, revision) {
		return plain
	}
	return id
}

// apiOf is the API that an id is or lies in.
func apiOf(id arm.ID) (arm.ID, bool) {
	for _, home := range serviceAndWorkspaces {
		if at, ok := id.Ancestor(home + "/apis"); ok {
			return at, true
		}
	}
	return arm.Root, false
}

// revisionID is the full name of a revision of an API.
func revisionID(api arm.ID, revision string) arm.ID {
	return api.Parent().Child("apis", api.Name()+revisionMark+revision)
}

// otherRevisions are the revisions of an API that are not current, in order of their numbers.
func otherRevisions(l kind.Lookup, api arm.ID) []*kind.Resource {
	var out []*kind.Resource
	for _, id := range l.Referrers(api) {
		if !isRevision(id) || !withoutRevision(id).Equal(api) {
			continue
		}
		if r, ok := l.Get(id); ok {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *kind.Resource) int { return compareRevisions(revisionOf(a), revisionOf(b)) })
	return out
}

// revisionOf is the revision of a resource that is an API.
func revisionOf(r *kind.Resource) string {
	if a, ok := r.Value.(*API); ok {
		return a.APIRevision
	}
	return ""
}

// compareRevisions orders numbers by value and before other texts.
func compareRevisions(a, b string) int {
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	switch {
	case errX == nil && errY == nil:
		return cmp.Compare(x, y)
	case errX == nil:
		return -1
	case errY == nil:
		return 1
	}
	return cmp.Compare(a, b)
}
