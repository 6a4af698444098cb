package authz

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz/condition"
)

// Bounds on role assignments, those of Azure.
const (
	maxAssignmentDescription = 2048
)

var principalTypes = []string{User, Group, ServicePrincipal, ForeignGroup, Device}

// CheckAssignment judges a role assignment that is about to be written, new or changed. directoryType is what the directory knows the
// principal as, "" when it does not know it.
func CheckAssignment(x *Index, a Assignment, directoryType string) *arm.Error {
	if !isGUID(a.Name) {
		return arm.Errorf(http.StatusBadRequest, "InvalidRoleAssignmentId", "The role assignment ID '%s' is not valid. The role assignment ID must be a GUID.", clip(a.Name))
	}
	if utf8.RuneCountInString(a.Description) > maxAssignmentDescription {
		return arm.InvalidField("properties.description", "The description has %d characters; %d are allowed.", utf8.RuneCountInString(a.Description), maxAssignmentDescription)
	}
	if err := checkCondition(a); err != nil {
		return err
	}
	if err := checkPrincipal(a, directoryType); err != nil {
		return err
	}
	if err := checkAssignedRole(x, a); err != nil {
		return err
	}
	return checkUnique(x, a)
}

// ConditionVersion is the only version of the language of conditions.
const ConditionVersion = "2.0"

// checkCondition refuses a condition that can't be read, that asks for what is never known here, or that aims at an action which there isn't: it
// would hold nobody back, or everybody.
func checkCondition(a Assignment) *arm.Error {
	switch {
	case a.ConditionVersion != "" && a.ConditionVersion != ConditionVersion:
		return arm.InvalidField("properties.conditionVersion", "The condition version is '%s'; only '2.0' exists.", clip(a.ConditionVersion))
	case a.Condition == "":
		return nil
	}
	_, err := condition.Compile(a.Condition, func(text string) (func(string) bool, error) {
		if bad := checkAction(text, false); bad != nil && checkAction(text, true) != nil {
			return nil, errors.New(bad.Message)
		}
		return patterns(text)
	})
	if err != nil {
		return &arm.Error{
			Status: http.StatusBadRequest, Code: "InvalidCondition", Target: "properties.condition",
			Message: fmt.Sprintf("The condition can't be used: %s.", strings.TrimSuffix(err.Error(), ".")),
		}
	}
	return nil
}

func checkPrincipal(a Assignment, directoryType string) *arm.Error {
	if a.PrincipalID == "" {
		return arm.Errorf(http.StatusBadRequest, "MissingPrincipalId", "The role assignment names no principal. Set properties.principalId to the object id of a user, group or service principal.")
	}
	if !isGUID(a.PrincipalID) || a.PrincipalID == Everyone {
		return arm.Errorf(http.StatusBadRequest, "InvalidPrincipalId", "A valid principal ID must be provided for role assignment. '%s' is not the object id of a user, group or service principal.", clip(a.PrincipalID))
	}
	known := func(t string) bool { return strings.EqualFold(t, a.PrincipalType) }
	switch {
	case a.PrincipalType != "" && !slices.ContainsFunc(principalTypes, known):
		return arm.InvalidField("properties.principalType", "'%s' is no type of principal. Use one of %s.", clip(a.PrincipalType), strings.Join(principalTypes, ", "))
	case directoryType == "" && strings.EqualFold(a.PrincipalType, ServicePrincipal):
		return nil // it may be so new that the directory has yet to learn of it
	case directoryType == "":
		return arm.Errorf(http.StatusBadRequest, "PrincipalNotFound", "Principal %s does not exist in the directory. Check that you have the correct principal ID.", a.PrincipalID)
	case a.PrincipalType != "" && !strings.EqualFold(a.PrincipalType, directoryType):
		return arm.Errorf(http.StatusBadRequest, "UnmatchedPrincipalType", "The principal ID '%s' has type '%s', not the '%s' of the request. Set properties.principalType right or leave it out.", a.PrincipalID, directoryType, a.PrincipalType)
	}
	return nil
}

func checkAssignedRole(x *Index, a Assignment) *arm.Error {
	name, ok := RoleName(a.RoleDefinitionID)
	if !ok || !isGUID(name) {
		return arm.Errorf(http.StatusBadRequest, "InvalidRoleDefinitionId", "'%s' is not the id of a role definition. It ends with /providers/Microsoft.Authorization/roleDefinitions/ and a GUID.", clip(a.RoleDefinitionID.String()))
	}
	role, ok := x.Role(name)
	if !ok {
		return arm.Errorf(http.StatusBadRequest, "RoleDefinitionDoesNotExist", "The specified role definition with ID '%s' does not exist.", name)
	}
	if !role.AssignableAt(a.Scope) && !x.placedWithin(a.Scope, role) {
		return arm.Errorf(http.StatusBadRequest, "RoleAssignmentScopeNotAssignableToRoleDefinition",
			"The role '%s' cannot be assigned at scope '%s', which is neither one of its assignable scopes nor below one.", role.RoleName, a.Scope)
	}
	return nil
}

// placedWithin is AssignableAt through management groups.
func (x *Index) placedWithin(scope arm.ID, d RoleDefinition) bool {
	for _, at := range x.chainOf(scope, nil) {
		for _, s := range d.AssignableScopes {
			if s.Key() == at.key {
				return true
			}
		}
	}
	return false
}

// checkUnique holds that a name keeps its grant, and that a grant has one name.
func checkUnique(x *Index, a Assignment) *arm.Error {
	if old, ok := x.Assignment(a.Name); ok {
		if !old.sameGrant(a) {
			return arm.Errorf(http.StatusBadRequest, "RoleAssignmentUpdateNotPermitted",
				"The principal, role and scope of a role assignment cannot be changed. The role assignment '%s' exists with another principal, role or scope: delete it, or use another name.", a.Name)
		}
		return nil
	}
	h, ok := x.byPrincipal.get(lower(a.PrincipalID))
	if !ok {
		return nil
	}
	list, _ := h.at.get(scopeKey(a.Scope))
	for _, other := range list {
		if other.assignment.sameGrant(a) {
			return arm.Conflict("RoleAssignmentExists", "The role assignment already exists.")
		}
	}
	return nil
}

// WriteAssignments is the right to give access, and the action that writing an assignment needs at its scope.
const WriteAssignments = "Microsoft.Authorization/roleAssignments/write"

// CheckAssignmentDelete judges the deletion of an assignment that exists. The last one through which access to a subscription, or to
// everything, can be given must stay, because nobody could give access again. all are the assignments there are, a included; they are asked for
// only when it matters.
func CheckAssignmentDelete(x *Index, a Assignment, all iter.Seq[Assignment]) *arm.Error {
	if !x.lastGiver(a, all) {
		return nil
	}
	return arm.Conflict("LastRoleAssignmentAdministrator", "Cannot delete the last RBAC admin assignment at '%s'. Give another principal a role with %s there first.", a.Scope, WriteAssignments)
}

// CheckAssignmentBound judges a change of an assignment, which must not lay a condition on what CheckAssignmentDelete protects.
func CheckAssignmentBound(x *Index, old, changed Assignment, all iter.Seq[Assignment]) *arm.Error {
	if changed.Condition == "" || !x.lastGiver(old, all) {
		return nil
	}
	return arm.Conflict("LastRoleAssignmentAdministrator", "Cannot lay a condition on the last RBAC admin assignment at '%s'. Give another principal a role with %s there first.", old.Scope, WriteAssignments)
}

// lastGiver says whether the assignment is the last through which access to a subscription, or to everything, can be given. One with a condition is
// not: it may give some access only.
func (x *Index) lastGiver(a Assignment, all iter.Seq[Assignment]) bool {
	if !a.Scope.IsRoot() && a.Scope.Type() != arm.TypeSubscription {
		return false
	}
	want := wantedOf(WriteAssignments)
	gives := func(a Assignment) bool {
		r, ok := x.byGUID.get(a.role())
		return ok && r.rules.permit(want) && a.Condition == ""
	}
	if !gives(a) {
		return false
	}
	for other := range all {
		if !strings.EqualFold(other.Name, a.Name) && a.Scope.Within(other.Scope) && gives(other) {
			return false
		}
	}
	return true
}
