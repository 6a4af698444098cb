package authz

import (
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz/condition"
)

// What a principal can be, as properties.principalType says it.
const (
	User             = "User"
	Group            = "Group"
	ServicePrincipal = "ServicePrincipal"
	ForeignGroup     = "ForeignGroup"
	Device           = "Device"
)

// Assignment gives a role to a principal at a scope and everything beneath it. The JSON form is that of a role assignment's properties;
// Name is outside of them.
type Assignment struct {
	Name             string     `json:"-"` // a GUID
	Scope            arm.ID     `json:"scope"`
	RoleDefinitionID arm.ID     `json:"roleDefinitionId"`
	PrincipalID      string     `json:"principalId"`
	PrincipalType    string     `json:"principalType,omitempty"`
	Description      string     `json:"description,omitempty"`
	Condition        string     `json:"condition,omitempty"`
	ConditionVersion string     `json:"conditionVersion,omitempty"`
	DelegatedID      string     `json:"delegatedManagedIdentityResourceId,omitempty"`
	CreatedOn        *time.Time `json:"createdOn"`
	UpdatedOn        *time.Time `json:"updatedOn"`
	CreatedBy        *string    `json:"createdBy"`
	UpdatedBy        *string    `json:"updatedBy"`
}

// ID is the assignment's own id, an extension resource of its scope.
func (a Assignment) ID() arm.ID { return a.Scope.Provider(Namespace, "roleAssignments", a.Name) }

// role is the GUID of the assigned role in lower case; "" when the id is not that of a role.
func (a Assignment) role() string {
	name, _ := RoleName(a.RoleDefinitionID)
	return lower(name)
}

// sameGrant says whether two assignments give the same role to the same principal at the same scope.
func (a Assignment) sameGrant(b Assignment) bool {
	return a.role() == b.role() && lower(a.PrincipalID) == lower(b.PrincipalID) && ScopeOf(a.Scope).Equal(ScopeOf(b.Scope))
}

// Facts are the attributes by which conditions know the assignment. directoryType is what the directory knows the principal as, "" when it does not
// know it; what the assignment says of it counts only then.
func (a Assignment) Facts(directoryType string) map[string]string {
	facts := map[string]string{}
	if role := a.role(); role != "" {
		facts[condition.RoleDefinitionID] = role
	}
	if a.PrincipalID != "" {
		facts[condition.PrincipalID] = a.PrincipalID
	}
	if directoryType == "" {
		directoryType = a.PrincipalType
	}
	for _, t := range principalTypes {
		if strings.EqualFold(t, directoryType) {
			facts[condition.PrincipalType] = t
		}
	}
	return facts
}

// NamedFacts are attributes as somebody named them, whatever the case, as conditions know them.
func NamedFacts(named map[string]string) map[string]string {
	facts := map[string]string{}
	for name, value := range named {
		for _, known := range [...]string{condition.RoleDefinitionID, condition.PrincipalID, condition.PrincipalType} {
			if strings.EqualFold(name, known) {
				facts[known] = value
			}
		}
	}
	return facts
}

// Everyone is the id that stands for all principals in a deny assignment.
const Everyone = "00000000-0000-0000-0000-000000000000"

// DenyAssignment forbids, whatever roles say. Directory administrators make them; no role gives that right. The JSON form is that of the properties.
type DenyAssignment struct {
	Name                    string       `json:"-"` // a GUID
	DisplayName             string       `json:"denyAssignmentName"`
	Description             string       `json:"description"`
	Permissions             []Permission `json:"permissions"`
	Scope                   arm.ID       `json:"scope"`
	DoNotApplyToChildScopes bool         `json:"doNotApplyToChildScopes"`
	Principals              []DenyTarget `json:"principals"`
	ExcludePrincipals       []DenyTarget `json:"excludePrincipals"`
	IsSystemProtected       bool         `json:"isSystemProtected"`
}

// DenyTarget is a principal that a deny assignment names. Everyone has the type SystemDefined.
type DenyTarget struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}
