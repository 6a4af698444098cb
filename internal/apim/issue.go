package apim

import (
	"cmp"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Issue is something that a user of the developer portal reports about an API.
type Issue struct {
	Title       string     `json:"title" rule:"required,max=1000"`
	Description string     `json:"description" rule:"required,max=100000"`
	UserID      string     `json:"userId" rule:"required"`
	APIID       string     `json:"apiId,omitempty"`
	State       string     `json:"state,omitempty" rule:"enum=proposed|open|removed|resolved|closed"`
	CreatedDate *time.Time `json:"createdDate,omitempty"`

	// The members below are resources of their own, shown when expandCommentsAttachments asks for them.
	Comments    []IssueComment    `json:"comments,omitempty"`
	Attachments []IssueAttachment `json:"attachments,omitempty"`
}

const issueType = kind.Service + "/apis/issues"

func issue() *kind.Kind {
	return kind.Entity[Issue]{
		Type: "issues", Noun: "Issue", Under: []string{kind.Service + "/apis"}, Names: named(256), Filters: "name userId state apiId title description authorName",
		View: kind.View{One: "Issue", Many: "Issues", Summary: "What users of the developer portal report about an API.", Columns: []string{"title", "state", "createdDate"}},
		Default: func(w *kind.Typed[Issue]) error {
			w.New.UserID = childID(serviceOf(w.ID), "users", w.New.UserID)
			w.New.APIID = withoutRevision(w.ID.Parent()).String()
			w.New.State = cmp.Or(w.New.State, "proposed")
			w.New.Comments, w.New.Attachments = nil, nil
			var old *time.Time
			if w.Old != nil {
				old = w.Old.CreatedDate
			}
			w.New.CreatedDate = created(w.New.CreatedDate, old)
			return nil
		},
		Validate: func(w *kind.Typed[Issue]) error { return portalUser(w.ID, w.New.UserID) },
		Render:   expandIssue,
		Refs: func(w *kind.Typed[Issue]) []kind.Ref {
			return []kind.Ref{{To: idOf(w.New.UserID), Field: "userId", Cascade: true}}
		},
		Claims: func(w *kind.Typed[Issue]) []kind.Claim {
			// Issues are also read at the service, by name alone.
			c := uniqueName(w.ID, "issues", "Issue")
			c.Message = "Issue: the name '" + w.ID.Name() + "' is taken. Names of issues are unique across the APIs of a service; choose another."
			return []kind.Claim{c}
		},
	}.Kind()
}

// expandIssue shows what belongs to an issue inside it when the query asks for that.
func expandIssue(r *kind.Rendering, v *Issue) {
	if !strings.EqualFold(r.Query.Get("expandCommentsAttachments"), "true") {
		return
	}
	at := idOf(v.APIID).Child("issues", r.ID.Name())
	for _, c := range r.Lookup.Children(at, "comments") {
		if c, ok := c.Value.(*IssueComment); ok {
			v.Comments = append(v.Comments, *c)
		}
	}
	for _, a := range r.Lookup.Children(at, "attachments") {
		if a, ok := a.Value.(*IssueAttachment); ok {
			v.Attachments = append(v.Attachments, *a)
		}
	}
}

// portalUser refuses what is not a user of the service.
func portalUser(id arm.ID, text string) error {
	u, err := arm.ParseID(text)
	if err != nil || !u.Parent().Equal(serviceOf(id)) || !strings.EqualFold(lastWord(u.Type()), "users") {
		return arm.InvalidField("userId", "userId must be the full resource id of a user of the service.")
	}
	return nil
}

// created is when something was made: what was stored, else what a body says, else now.
func created(said, stored *time.Time) *time.Time {
	switch {
	case stored != nil:
		return stored
	case said != nil:
		return said
	}
	now := time.Now().UTC().Truncate(time.Second)
	return &now
}

// IssueComment is what somebody says to an issue.
type IssueComment struct {
	Text        string     `json:"text" rule:"required,max=100000"`
	UserID      string     `json:"userId" rule:"required"`
	CreatedDate *time.Time `json:"createdDate,omitempty"`
}

func issueComment() *kind.Kind {
	return kind.Entity[IssueComment]{
		Type: "comments", Noun: "Comment", Under: []string{issueType}, Names: named(256), PutOnly: true, Filters: "name userId",
		Default: func(w *kind.Typed[IssueComment]) error {
			w.New.UserID = childID(serviceOf(w.ID), "users", w.New.UserID)
			var old *time.Time
			if w.Old != nil {
				old = w.Old.CreatedDate
			}
			w.New.CreatedDate = created(w.New.CreatedDate, old)
			return nil
		},
		Validate: func(w *kind.Typed[IssueComment]) error { return portalUser(w.ID, w.New.UserID) },
		Refs: func(w *kind.Typed[IssueComment]) []kind.Ref {
			return []kind.Ref{{To: idOf(w.New.UserID), Field: "userId", Cascade: true}}
		},
	}.Kind()
}

// IssueAttachment is a file that belongs to an issue: contentFormat is its media type with content in base64, or "link".
type IssueAttachment struct {
	Title         string `json:"title" rule:"required,max=300"`
	ContentFormat string `json:"contentFormat" rule:"required,max=200"`
	Content       string `json:"content" rule:"required,max=4000000"`
}

func issueAttachment() *kind.Kind {
	return kind.Entity[IssueAttachment]{
		Type: "attachments", Noun: "Attachment", Under: []string{issueType}, Names: named(256), PutOnly: true, Filters: "name userId",
	}.Kind()
}

// issuesOfService shows the issues of all APIs of a service in one list.
func issuesOfService(issues *kind.Kind) *kind.Kind {
	return mirror(issues, "issues", kind.Service, look{
		get: func(l kind.Lookup, id arm.ID) (arm.ID, bool) {
			return l.Claimed(serviceOf(id).Key()+"|issues|name", strings.ToLower(id.Name()))
		},
		list: func(l kind.Lookup, scope arm.ID) []arm.ID { return idsOf(l.Below(scope, issueType)) },
	})
}
