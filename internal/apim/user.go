package apim

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// User is a person who uses the developer portal. People who manage are principals of the directory instead.
type User struct {
	Email            string         `json:"email" rule:"required,max=254,email"`
	FirstName        string         `json:"firstName" rule:"required,max=100"`
	LastName         string         `json:"lastName" rule:"required,max=100"`
	State            string         `json:"state,omitempty" rule:"enum=active|blocked|pending|deleted"`
	Note             string         `json:"note,omitempty"`
	Password         string         `json:"password,omitempty"` // only written; stored as an argon2id hash
	RegistrationDate *time.Time     `json:"registrationDate,omitempty"`
	Identities       []UserIdentity `json:"identities,omitempty"`
	Groups           []Group        `json:"groups,omitempty"` // shown when expandGroups asks for them
}

// UserIdentity is an account by which a user signs in: provider "Basic" is a password here, "Aad" a principal of the directory.
type UserIdentity struct {
	Provider string `json:"provider"`
	ID       string `json:"id"`
}

func (c *Catalogue) user() *kind.Kind {
	return kind.Entity[User]{
		Type: "users", Noun: "User", Under: []string{kind.Service}, Names: named(80), Publish: true,
		Filters: "name firstName lastName email state registrationDate note",
		View:    kind.View{One: "User", Many: "Users", Summary: "People who use the developer portal.", Columns: []string{"email", "firstName", "lastName", "state"}},
		Secrets: func(v *User) []*string { return []*string{&v.Password} },
		Actions: c.userActions(),
		Remove:  keepsSubscriptions,
		Prepare: func(ctx context.Context, w *kind.Typed[User]) error {
			if w.New.Password == "" {
				return nil
			}
			if n := len(w.New.Password); n < 8 || n > 256 {
				return arm.InvalidField("password", "password must have 8 to 256 characters.")
			}
			hash, err := c.HashPassword(ctx, w.New.Password)
			w.New.Password = hash
			return err
		},
		Default: func(w *kind.Typed[User]) error {
			u := w.New
			u.Groups = nil
			if w.Old != nil {
				u.RegistrationDate = w.Old.RegistrationDate
				u.Password = cmp.Or(u.Password, w.Old.Password)
				if !w.Supplied["identities"] {
					u.Identities = w.Old.Identities
				}
			} else {
				now := time.Now().UTC().Truncate(time.Second)
				u.RegistrationDate = &now
			}
			if u.State == "" {
				u.State = "active"
			}
			if len(u.Identities) == 0 {
				u.Identities = []UserIdentity{{Provider: "Basic", ID: u.Email}}
			}
			return nil
		},
		Claims: func(w *kind.Typed[User]) []kind.Claim {
			c := uniqueText(w.ID, "users", "email", w.New.Email)
			c.Refusal = arm.InvalidField("email", "A user with the e-mail address '%s' exists already.", w.New.Email)
			return []kind.Claim{c}
		},
		Expand: func(w *kind.Typed[User]) ([]kind.Extra, error) {
			if w.Old != nil {
				return nil, nil
			}
			return []kind.Extra{{ID: serviceOf(w.ID).Child("groups", Developers).Child("users", w.ID.Name()), Value: &GroupUser{}}}, nil
		},
		Render: func(r *kind.Rendering, v *User) {
			v.Password = ""
			if strings.EqualFold(r.Query.Get("expandGroups"), "true") {
				v.Groups = groupsOf(r.Lookup, r.ID)
			}
		},
	}.Kind()
}

// userName is the last segment of a user id in any of the forms clients write: a full id, "/users/u", "u".
func userName(text string) string {
	return text[strings.LastIndexByte(text, '/')+1:]
}

// groupsOf are the groups that a user is a member of, in order of their names.
func groupsOf(l kind.Lookup, user arm.ID) []Group {
	var out []Group
	for _, id := range linkedFrom(l, user, kind.Service+"/groups/users") {
		if g, ok := kind.Of[Group](l, id); ok {
			out = append(out, *g)
		}
	}
	return out
}
