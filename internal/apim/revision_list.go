package apim

import (
	"slices"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Revision is an entry of the list of an API's revisions.
type Revision struct {
	APIID       string    `json:"apiId"`
	APIRevision string    `json:"apiRevision"`
	Created     time.Time `json:"createdDateTime"`
	Updated     time.Time `json:"updatedDateTime"`
	Description string    `json:"description"`
	PrivateURL  string    `json:"privateUrl"`
	IsOnline    bool      `json:"isOnline"`
	IsCurrent   bool      `json:"isCurrent"`
}

func revisions() *kind.Kind {
	return kind.Entity[Revision]{
		Type: "revisions", Noun: "API revision", Under: []string{"apis"}, Names: named(100), ReadOnly: true, Bare: true, Virtual: revisionList{}, Filters: "apiRevision",
		View: kind.View{One: "Revision", Many: "Revisions", Summary: "Forms of an API that exist beside the one in force.", Columns: []string{"apiRevision", "isCurrent"}},
	}.Kind()
}

// revisionList makes the list from the revisions themselves.
type revisionList struct{}

// Get finds nothing: revisions are read as APIs.
func (revisionList) Get(kind.Lookup, arm.ID) (*kind.Resource, bool) { return nil, false }

func (revisionList) List(l kind.Lookup, scope arm.ID, _ kind.ListQuery) []kind.Listed {
	api := withoutRevision(scope)
	current, ok := l.Get(api)
	if !ok {
		return nil
	}
	all := append(otherRevisions(l, api), current)
	slices.SortFunc(all, func(a, b *kind.Resource) int { return compareRevisions(revisionOf(a), revisionOf(b)) })
	var out []kind.Listed
	for _, r := range all {
		a, ok := r.Value.(*API)
		if !ok {
			continue
		}
		out = append(out, kind.Listed{
			Resource: &kind.Resource{ID: api.Child("revisions", a.APIRevision), Value: &Revision{
				APIID: revisionID(api, a.APIRevision).String(), APIRevision: a.APIRevision, Created: r.Created, Updated: r.Modified,
				Description: a.APIRevisionDescription, PrivateURL: "/" + a.Path + revisionMark + a.APIRevision,
				IsOnline: a.IsOnline == nil || *a.IsOnline, IsCurrent: r == current,
			}},
			Fields: map[string]any{"apirevision": a.APIRevision},
		})
	}
	return out
}
