package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/route"
)

// VersionSet is a family of APIs that are versions of each other. They may share a path; requests say by the scheme which one they mean.
type VersionSet struct {
	DisplayName       string `json:"displayName" rule:"required,max=100"`
	VersioningScheme  string `json:"versioningScheme" rule:"required,enum=Segment|Query|Header"`
	Description       string `json:"description,omitempty"`
	VersionQueryName  string `json:"versionQueryName,omitempty" rule:"max=100"`
	VersionHeaderName string `json:"versionHeaderName,omitempty" rule:"max=100" pattern:"^[A-Za-z0-9!#$%&'*+.^|~_-]+$" said:"Use the name of a header."`
}

// Parameter is the query parameter or header that carries the version; "" when the path does.
func (s *VersionSet) Parameter() string {
	switch s.VersioningScheme {
	case "Query":
		return s.VersionQueryName
	case "Header":
		return s.VersionHeaderName
	}
	return ""
}

func versionSet() *kind.Kind {
	return kind.Entity[VersionSet]{
		Type: "apiVersionSets", Noun: "API version set", Under: serviceAndWorkspaces, Names: named(80), Publish: true, Filters: "name displayName",
		View: kind.View{One: "Version set", Many: "Version sets", Summary: "Tells the versions of an API apart by path, query or header.", Columns: []string{"displayName", "versioningScheme"}},
		Default: func(w *kind.Typed[VersionSet]) error {
			for _, s := range []string{"Segment", "Query", "Header"} {
				if strings.EqualFold(s, w.New.VersioningScheme) {
					w.New.VersioningScheme = s
				}
			}
			return nil
		},
		Validate: validateVersionSet,
		Claims: func(w *kind.Typed[VersionSet]) []kind.Claim {
			return append(claimPaths(w), uniqueName(w.ID, "apiVersionSets", "API version set"))
		},
		Expand: func(w *kind.Typed[VersionSet]) ([]kind.Extra, error) {
			if w.Old == nil || w.Old.VersioningScheme == w.New.VersioningScheme {
				return nil, nil
			}
			var out []kind.Extra // what a version claims depends on the scheme
			for _, a := range versionsIn(w.Lookup, w.ID) {
				out = append(out, kind.Extra{ID: a.ID, Value: a.Value, Kept: true})
			}
			return out, nil
		},
	}.Kind()
}

func validateVersionSet(w *kind.Typed[VersionSet]) error {
	s := w.New
	switch {
	case s.VersioningScheme == "Query" && s.VersionQueryName == "":
		return arm.InvalidField("versionQueryName", "versionQueryName is required: the scheme Query needs to know which parameter carries the version.")
	case s.VersioningScheme == "Header" && s.VersionHeaderName == "":
		return arm.InvalidField("versionHeaderName", "versionHeaderName is required: the scheme Header needs to know which header carries the version.")
	case s.VersioningScheme != "Segment":
		return nil
	}
	for _, r := range versionsIn(w.Lookup, w.ID) {
		a, ok := r.Value.(*API)
		if ok && !isSegment(a.APIVersion) {
			return arm.InvalidField("versioningScheme", "versioningScheme: the version '%s' of API '%s' can't stand in a path.", a.APIVersion, r.ID.Name())
		}
	}
	return nil
}

// versionsIn are the APIs of a version set in their current revisions.
func versionsIn(l kind.Lookup, set arm.ID) []*kind.Resource {
	var out []*kind.Resource
	for _, id := range l.Referrers(set) {
		r, ok := l.Get(id)
		if !ok || isRevision(id) {
			continue
		}
		if _, ok := r.Value.(*API); ok {
			out = append(out, r)
		}
	}
	return out
}

// claimPaths claims for a version set the paths of its APIs: within the set they share them, and nobody else may have them.
func claimPaths(w *kind.Typed[VersionSet]) []kind.Claim {
	var out []kind.Claim
	seen := map[string]bool{}
	for _, r := range versionsIn(w.Lookup, w.ID) {
		a, ok := r.Value.(*API)
		if !ok || seen[strings.ToLower(a.Path)] {
			continue
		}
		seen[strings.ToLower(a.Path)] = true
		if c, ok := claimPath(w.ID, a.Path, a.Path); ok {
			out = append(out, c)
		}
	}
	return out
}

// claimPath claims a path of requests in the whole service. shown is the path as the caller wrote it.
func claimPath(id arm.ID, path, shown string) (kind.Claim, bool) {
	key, err := route.Key(path, "")
	if err != nil {
		return kind.Claim{}, false // Validate has refused it
	}
	return claimPlace(id, key, shown), true
}

// claimPlace claims the place that a path was found to stand for.
func claimPlace(id arm.ID, place, shown string) kind.Claim {
	return kind.Claim{
		Space: serviceOf(id).Key() + "|apis|path", Value: place, Field: "path",
		Message: "path: another API of this service has the path '" + shown + "'. Paths are unique across the service and its workspaces, except inside a version set.",
	}
}

// isSegment says whether a version can be one segment of a path.
func isSegment(version string) bool {
	segments, err := route.ParsePrefix(version)
	return err == nil && (len(segments) == 1 || version == "")
}

// setOf is the version set of an API; false when it has none.
func setOf(l kind.Lookup, a *API) (arm.ID, *VersionSet, bool) {
	if a == nil || a.APIVersionSetID == "" {
		return arm.Root, nil, false
	}
	id := idOf(a.APIVersionSetID)
	s, ok := kind.Of[VersionSet](l, id)
	return id, s, ok
}

// versionClaims are what an API in a version set claims: its version in the set, and with the Segment scheme the path that it answers on.
func versionClaims(w *kind.Typed[API], set arm.ID, s *VersionSet) []kind.Claim {
	key, err := route.Key(w.New.Path, w.New.APIVersion)
	if err != nil {
		return nil
	}
	out := []kind.Claim{{
		Space: set.Key() + "|version", Value: key, Field: "apiVersion",
		Message: "apiVersion: the version set has an API with version '" + w.New.APIVersion + "' at this path already.",
	}}
	if s.VersioningScheme == "Segment" && w.New.APIVersion != "" {
		if c, ok := claimPath(w.ID, w.New.Path+"/"+w.New.APIVersion, w.New.Path+"/"+w.New.APIVersion); ok {
			out = append(out, c)
		}
	}
	return out
}

// tellSets brings what version sets claim in step with an API that joins, moves or leaves: old and now are what the API was and is, nil for nothing.
func tellSets(l kind.Lookup, old, now *API) []kind.Extra {
	var out []kind.Extra
	oldID, oldSet, had := setOf(l, old)
	id, set, has := setOf(l, now)
	left := had && (!has || !oldID.Equal(id) || !strings.EqualFold(old.Path, now.Path))
	if left {
		out = append(out, kind.Extra{ID: oldID, Value: oldSet, Kept: true})
	}
	if !has || left && oldID.Equal(id) {
		return out
	}
	if c, ok := claimPath(id, now.Path, now.Path); ok {
		if holder, taken := l.Claimed(c.Space, c.Value); !taken || !holder.Equal(id) {
			out = append(out, kind.Extra{ID: id, Value: set, Kept: true})
		}
	}
	return out
}
