package authz

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Bounds on deny assignments. Azure makes them itself and publishes none; these are the bounds of roles.
const (
	maxDenyName       = 512
	maxDenyPrincipals = 500 // forbidden and exempt together
)

// SystemDefined is the type of Everyone in a deny assignment.
const SystemDefined = "SystemDefined"

// CheckDeny judges a deny assignment that is about to be written. What it forbids must be said in full: a deny assignment that meant nobody, or
// nothing, would only look like protection.
func CheckDeny(d DenyAssignment) *arm.Error {
	switch {
	case !isGUID(d.Name):
		return arm.Errorf(http.StatusBadRequest, "InvalidDenyAssignmentId", "The deny assignment ID '%s' is not valid. The deny assignment ID must be a GUID.", clip(d.Name))
	case strings.TrimSpace(d.DisplayName) == "":
		return arm.InvalidField("properties.denyAssignmentName", "A deny assignment needs a name. Set properties.denyAssignmentName.")
	case utf8.RuneCountInString(d.DisplayName) > maxDenyName:
		return arm.InvalidField("properties.denyAssignmentName", "The name has %d characters; %d are allowed.", utf8.RuneCountInString(d.DisplayName), maxDenyName)
	case utf8.RuneCountInString(d.Description) > maxRoleDescription:
		return arm.InvalidField("properties.description", "The description has %d characters; %d are allowed.", utf8.RuneCountInString(d.Description), maxRoleDescription)
	case !slices.ContainsFunc(d.Permissions, func(p Permission) bool { return len(p.Actions)+len(p.DataActions) > 0 }):
		return arm.InvalidField("properties.permissions", "A deny assignment needs at least one permission with actions or dataActions: what it forbids.")
	}
	if err := checkPermissions(d.Permissions); err != nil {
		return err
	}
	return checkDenyPrincipals(d)
}

func checkDenyPrincipals(d DenyAssignment) *arm.Error {
	if len(d.Principals) == 0 {
		return arm.InvalidField("properties.principals", "A deny assignment needs at least one principal. Everyone is {\"id\":\"%s\",\"type\":\"%s\"}.", Everyone, SystemDefined)
	}
	if n := len(d.Principals) + len(d.ExcludePrincipals); n > maxDenyPrincipals {
		return arm.InvalidField("properties.principals", "A deny assignment can name %d principals at most; this one names %d.", maxDenyPrincipals, n)
	}
	for _, p := range d.Principals {
		if err := checkDenyTarget("properties.principals", p, true); err != nil {
			return err
		}
	}
	for _, p := range d.ExcludePrincipals {
		if err := checkDenyTarget("properties.excludePrincipals", p, false); err != nil {
			return err
		}
	}
	return nil
}

func checkDenyTarget(field string, p DenyTarget, everyone bool) *arm.Error {
	known := func(t string) bool { return strings.EqualFold(t, p.Type) }
	switch {
	case p.ID == Everyone && !everyone:
		return arm.InvalidField(field, "Everyone cannot be excluded.")
	case (p.ID == Everyone) != known(SystemDefined):
		return arm.InvalidField(field, "The id %s stands for everyone and has the type %s; no other id has.", Everyone, SystemDefined)
	case !isGUID(p.ID):
		return arm.InvalidField(field, "'%s' is not the object id of a user, group or service principal.", clip(p.ID))
	case p.ID != Everyone && !slices.ContainsFunc(principalTypes, known):
		return arm.InvalidField(field, "'%s' is no type of principal. Use one of %s.", clip(p.Type), strings.Join(principalTypes, ", "))
	}
	return nil
}

// Complete is the deny assignment with empty lists in the place of absent ones, as it is shown to clients.
func (d DenyAssignment) Complete() DenyAssignment {
	permissions := make([]Permission, len(d.Permissions))
	for i, p := range d.Permissions {
		permissions[i] = p.Complete()
	}
	d.Permissions = permissions
	for _, list := range []*[]DenyTarget{&d.Principals, &d.ExcludePrincipals} {
		if *list == nil {
			*list = []DenyTarget{}
		}
	}
	return d
}

// ID is the deny assignment's own id, an extension resource of its scope.
func (d DenyAssignment) ID() arm.ID { return d.Scope.Provider(Namespace, "denyAssignments", d.Name) }

// Names says whether the deny assignment forbids something to one of the ids, or to everyone, and exempts none of them.
func (d DenyAssignment) Names(ids ...string) bool {
	among := func(list []DenyTarget) bool {
		return slices.ContainsFunc(list, func(p DenyTarget) bool {
			return p.ID == Everyone || slices.ContainsFunc(ids, func(id string) bool { return strings.EqualFold(id, p.ID) })
		})
	}
	return among(d.Principals) && !among(d.ExcludePrincipals)
}
