package apim

import (
	"net/http"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Group is a group of portal users; membership decides which products they see.
type Group struct {
	DisplayName string `json:"displayName" rule:"required,max=300"`
	Description string `json:"description,omitempty" rule:"max=1000"`
	BuiltIn     bool   `json:"builtIn"`
	Type        string `json:"type,omitempty" rule:"enum=custom|external|system"`
	ExternalID  string `json:"externalId,omitempty"`
}

// Names of the groups that every service has from the start.
const (
	Administrators = "administrators"
	Developers     = "developers"
	Guests         = "guests"
)

func group() *kind.Kind {
	return kind.Entity[Group]{
		Type: "groups", Noun: "Group", Under: serviceAndWorkspaces, Names: named(256), Publish: true, Filters: "name displayName description externalId",
		View: kind.View{One: "Group", Many: "Groups", Summary: "Decides which products people see in the developer portal.", Columns: []string{"displayName", "type"}},
		Default: func(w *kind.Typed[Group]) error {
			w.New.BuiltIn = isBuiltIn(w.ID)
			switch {
			case w.New.BuiltIn:
				w.New.Type = "system"
			case w.New.Type == "":
				w.New.Type = "custom"
			}
			return nil
		},
		Validate: func(w *kind.Typed[Group]) error {
			if w.Old != nil && w.Old.BuiltIn && w.New.DisplayName != w.Old.DisplayName {
				return arm.Errorf(http.StatusBadRequest, "ValidationError", "The built-in group '%s' can't be changed.", w.ID.Name())
			}
			return nil
		},
		Claims: func(w *kind.Typed[Group]) []kind.Claim {
			return []kind.Claim{uniqueName(w.ID, "groups", "Group"), uniqueText(w.ID, "groups", "displayName", w.New.DisplayName)}
		},
		Remove: func(w *kind.Typed[Group]) error {
			if w.Old.BuiltIn {
				return arm.Errorf(http.StatusBadRequest, "ValidationError", "The built-in group '%s' can't be deleted.", w.ID.Name())
			}
			return nil
		},
	}.Kind()
}

// isBuiltIn says whether id is one of the three groups of its service.
func isBuiltIn(id arm.ID) bool {
	switch strings.ToLower(id.Name()) {
	case Administrators, Developers, Guests:
		return !isWorkspace(id)
	}
	return false
}

func builtInGroups(service arm.ID) []kind.Extra {
	return []kind.Extra{
		{ID: service.Child("groups", Administrators), Value: &Group{DisplayName: "Administrators", Description: "Manage the service. Membership follows the role assignments at the service.", BuiltIn: true, Type: "system"}},
		{ID: service.Child("groups", Developers), Value: &Group{DisplayName: "Developers", Description: "People who have signed in to the developer portal.", BuiltIn: true, Type: "system"}},
		{ID: service.Child("groups", Guests), Value: &Group{DisplayName: "Guests", Description: "Visitors of the developer portal who have not signed in.", BuiltIn: true, Type: "system"}},
	}
}

// GroupUser is the membership of a user of the service in a group. Nothing of it is stored: what is shown is the user's.
type GroupUser struct {
	Email            string         `json:"email,omitempty"`
	FirstName        string         `json:"firstName,omitempty"`
	LastName         string         `json:"lastName,omitempty"`
	State            string         `json:"state,omitempty"`
	Note             string         `json:"note,omitempty"`
	RegistrationDate *time.Time     `json:"registrationDate,omitempty"`
	Identities       []UserIdentity `json:"identities,omitempty"`
}

func groupUser() *kind.Kind {
	return kind.Entity[GroupUser]{
		Type: "users", Noun: "Group member", Under: []string{"groups"}, Shape: kind.Link, Names: kind.Names{Max: 80}, Publish: true,
		Filters: "name firstName lastName email state registrationDate note", HeadStatus: http.StatusNoContent,
		Default: func(w *kind.Typed[GroupUser]) error {
			*w.New = GroupUser{}
			return nil
		},
		Render: func(r *kind.Rendering, v *GroupUser) {
			if u, ok := kind.Of[User](r.Lookup, serviceOf(r.ID).Child("users", r.ID.Name())); ok {
				*v = GroupUser{u.Email, u.FirstName, u.LastName, u.State, u.Note, u.RegistrationDate, u.Identities}
			}
		},
		Refs: func(w *kind.Typed[GroupUser]) []kind.Ref {
			return []kind.Ref{{To: serviceOf(w.ID).Child("users", w.ID.Name()), Field: "userId", Cascade: true}}
		},
	}.Kind()
}
