package directory

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
)

// NewUser is a person to be created.
type NewUser struct {
	ObjectID          string // chosen when empty
	DisplayName       string
	UserPrincipalName string
	MailNickname      string
	Password          string
	Disabled          bool
}

// Bounds of names, in characters: Graph's own.
const (
	maxDisplayName = 256
	maxUserName    = 113
)

// CreateUser stores a new person.
func (d *Directory) CreateUser(ctx context.Context, by store.Actor, n NewUser) (Principal, error) {
	doc := userDoc{
		DisplayName: n.DisplayName, UserPrincipalName: n.UserPrincipalName, MailNickname: n.MailNickname,
		AccountEnabled: !n.Disabled, Created: d.now().UTC(), PasswordChanged: d.now().UTC(),
	}
	if err := checkUser(doc); err != nil {
		return Principal{}, err
	}
	hash, err := d.hashes.hash(ctx, n.Password)
	if err != nil {
		return Principal{}, err
	}
	at := id(users, newID(n.ObjectID))
	err = d.update(ctx, by, func(x store.Tx) error { return d.putUser(x, at, doc, hash) })
	if err != nil {
		return Principal{}, err
	}
	p, _ := d.Principal(at.Name())
	return p, nil
}

func newID(chosen string) string {
	if chosen != "" {
		return chosen
	}
	return uuid.NewString()
}

func checkUser(u userDoc) error {
	if err := checkDisplayName(u.DisplayName); err != nil {
		return err
	}
	name := u.UserPrincipalName
	if n := utf8.RuneCountInString(name); n == 0 || n > maxUserName || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return badRequest("Property userPrincipalName is invalid: it needs 1 to %d characters without spaces.", maxUserName)
	}
	return nil
}

func checkDisplayName(name string) error {
	n := utf8.RuneCountInString(name)
	if n == 0 || n > maxDisplayName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return badRequest("Invalid value specified for property 'displayName': it needs 1 to %d characters.", maxDisplayName)
	}
	return nil
}

// putUser stores a person; a hash that is not empty replaces the password.
func (d *Directory) putUser(x store.Tx, at arm.ID, doc userDoc, hash string) error {
	if hash != "" {
		doc.Password = d.secrets.Seal(hash, seal.AAD(at.String(), "password"))
	}
	return d.put(x, at, doc, promises{claims: []store.Claim{
		claim("userPrincipalName", doc.UserPrincipalName), claim("id", at.Name()),
	}})
}

// UserPatch is what may be changed of a principal; nil leaves as it is.
type UserPatch struct {
	DisplayName       *string
	UserPrincipalName *string // people only
	AccountEnabled    *bool   // not groups
	Password          *string // people only; ends every session
	Description       *string // groups only
}

// Patch changes a principal of any kind.
func (d *Directory) Patch(ctx context.Context, by store.Actor, objectID string, c UserPatch) error {
	hash := ""
	if c.Password != nil {
		var err error
		if hash, err = d.hashes.hash(ctx, *c.Password); err != nil {
			return err
		}
	}
	return d.update(ctx, by, func(x store.Tx) error {
		at, err := find(x, objectID)
		if err != nil {
			return err
		}
		if c.AccountEnabled != nil && !*c.AccountEnabled {
			if err := keepAdministrator(x, at.Name()); err != nil {
				return err
			}
		}
		switch kindOf(at) {
		case User:
			return d.patchUser(x, at, c, hash)
		case Group:
			return d.patchGroup(x, at, c)
		}
		return d.patchServicePrincipal(x, at, c)
	})
}

func kindOf(at arm.ID) Kind {
	switch {
	case strings.EqualFold(at.Type(), namespace+"/"+users):
		return User
	case strings.EqualFold(at.Type(), namespace+"/"+groups):
		return Group
	}
	return ServicePrincipal
}

// set assigns when there is something to assign.
func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (d *Directory) patchUser(x store.Tx, at arm.ID, c UserPatch, hash string) error {
	var doc userDoc
	if err := get(x, at, &doc); err != nil {
		return err
	}
	set(&doc.DisplayName, c.DisplayName)
	set(&doc.UserPrincipalName, c.UserPrincipalName)
	set(&doc.AccountEnabled, c.AccountEnabled)
	if hash != "" {
		doc.PasswordChanged = d.now().UTC()
	}
	if c.Description != nil {
		return badRequest("A user has no description.")
	}
	if err := checkUser(doc); err != nil {
		return err
	}
	return d.putUser(x, at, doc, hash)
}

// Delete removes a principal or an application with all its memberships and secrets; an application takes its service principal along.
// The last enabled administrator can't be deleted.
func (d *Directory) Delete(ctx context.Context, by store.Actor, at arm.ID) error {
	return d.update(ctx, by, func(x store.Tx) error {
		if _, err := x.Get(at); err != nil {
			return notFound(at.Name())
		}
		gone := at.Name()
		if strings.EqualFold(at.Type(), namespace+"/"+applications) {
			var doc applicationDoc
			if err := get(x, at, &doc); err != nil {
				return err
			}
			owner, held, err := x.Claimed(namespace+"|appId|servicePrincipal", strings.ToLower(doc.AppID))
			if err != nil {
				return err
			}
			if held {
				gone = owner.Name()
			}
		}
		if err := keepAdministrator(x, gone); err != nil {
			return err
		}
		return x.Delete(at)
	})
}
