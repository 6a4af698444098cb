package directory

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// NewGroup is a group to be created.
type NewGroup struct {
	ObjectID     string // chosen when empty
	DisplayName  string
	Description  string
	MailNickname string
}

// CreateGroup stores a new group without members. Names of groups need not be unique.
func (d *Directory) CreateGroup(ctx context.Context, by store.Actor, n NewGroup) (Principal, error) {
	if err := checkDisplayName(n.DisplayName); err != nil {
		return Principal{}, err
	}
	at := id(groups, newID(n.ObjectID))
	doc := groupDoc{DisplayName: n.DisplayName, Description: n.Description, MailNickname: n.MailNickname, Created: d.now().UTC()}
	if err := d.update(ctx, by, func(x store.Tx) error { return d.putGroup(x, at, doc) }); err != nil {
		return Principal{}, err
	}
	p, _ := d.Principal(at.Name())
	return p, nil
}

func (d *Directory) putGroup(x store.Tx, at arm.ID, doc groupDoc) error {
	return d.put(x, at, doc, promises{claims: []store.Claim{claim("id", at.Name())}})
}

func (d *Directory) patchGroup(x store.Tx, at arm.ID, c UserPatch) error {
	var doc groupDoc
	if err := get(x, at, &doc); err != nil {
		return err
	}
	if c.AccountEnabled != nil || c.Password != nil || c.UserPrincipalName != nil {
		return badRequest("A group has a displayName and a description only.")
	}
	set(&doc.DisplayName, c.DisplayName)
	set(&doc.Description, c.Description)
	if err := checkDisplayName(doc.DisplayName); err != nil {
		return err
	}
	return d.putGroup(x, at, doc)
}

// AddMember makes a principal (a group as well) a member of a group.
func (d *Directory) AddMember(ctx context.Context, by store.Actor, group, member string) error {
	return d.update(ctx, by, func(x store.Tx) error {
		at, err := groupID(x, group)
		if err != nil {
			return err
		}
		if strings.EqualFold(group, member) {
			return badRequest("A group can't be a member of itself.")
		}
		return d.addMember(x, at, member)
	})
}

// groupID checks that the group is there.
func groupID(x store.Reader, group string) (arm.ID, error) {
	if group == "" || strings.Contains(group, "/") {
		return arm.Root, notFound(group)
	}
	at := id(groups, group)
	if _, err := x.Get(at); err != nil {
		return arm.Root, notFound(group)
	}
	return at, nil
}

// addMember puts the row of a membership, which goes when the member goes.
func (d *Directory) addMember(x store.Tx, of arm.ID, member string) error {
	principal, err := find(x, member)
	if err != nil {
		return err
	}
	at := of.Child(members, principal.Name())
	if _, err := x.Get(at); err == nil {
		return badRequest("One or more added object references already exist for the following modified properties: 'members'.")
	}
	return d.put(x, at, struct{}{}, promises{refs: []store.Ref{dies(principal, "member")}})
}

// RemoveMember ends a membership.
func (d *Directory) RemoveMember(ctx context.Context, by store.Actor, group, member string) error {
	return d.update(ctx, by, func(x store.Tx) error {
		at, err := groupID(x, group)
		if err != nil {
			return err
		}
		return dropMember(x, at, member)
	})
}

func dropMember(x store.Tx, of arm.ID, member string) error {
	if member == "" || strings.Contains(member, "/") {
		return notFound(member)
	}
	err := x.Delete(of.Child(members, member))
	if errors.Is(err, store.ErrNotFound) {
		return notFound(member)
	}
	return err
}

// AddAdministrator lets a person or a service principal change the directory.
func (d *Directory) AddAdministrator(ctx context.Context, by store.Actor, member string) error {
	return d.update(ctx, by, func(x store.Tx) error {
		principal, err := find(x, member)
		if err != nil {
			return err
		}
		if kindOf(principal) == Group {
			return badRequest("A group can't administer the directory: add its members one by one.")
		}
		return d.addMember(x, id(directoryRoles, administrators), member)
	})
}

// RemoveAdministrator takes that right away. Someone must keep it.
func (d *Directory) RemoveAdministrator(ctx context.Context, by store.Actor, member string) error {
	return d.update(ctx, by, func(x store.Tx) error {
		if err := keepAdministrator(x, member); err != nil {
			return err
		}
		return dropMember(x, id(directoryRoles, administrators), member)
	})
}

// keepAdministrator refuses to lose the last enabled administrator: nobody could make another.
func keepAdministrator(x store.Reader, losing string) error {
	rows, err := x.List(store.Query{Parent: id(directoryRoles, administrators)})
	if err != nil {
		return err
	}
	loses := false
	for _, row := range rows {
		if strings.EqualFold(row.ID.Name(), losing) {
			loses = true
			continue
		}
		at, err := find(x, row.ID.Name())
		if err != nil {
			return err
		}
		var account struct {
			Enabled bool `json:"accountEnabled"`
		}
		if err := get(x, at, &account); err != nil {
			return err
		}
		if account.Enabled {
			return nil
		}
	}
	if !loses {
		return nil
	}
	return &Error{http.StatusBadRequest, "Request_BadRequest", "This is the last enabled directory administrator. Make another one first."}
}
