package condition

import "strings"

// Names of the attributes that describe a role assignment: one that is asked for (@Request, when it is written) or one that is there (@Resource,
// when it is deleted).
const (
	RoleDefinitionID = "Microsoft.Authorization/roleAssignments:RoleDefinitionId"
	PrincipalID      = "Microsoft.Authorization/roleAssignments:PrincipalId"
	PrincipalType    = "Microsoft.Authorization/roleAssignments:PrincipalType"
)

// Sources of attributes.
const (
	request     = "Request"
	resource    = "Resource"
	environment = "Environment"
	principal   = "Principal"
)

// knownAttribute is one that can be known here, with the type of its value.
type knownAttribute struct {
	source, name string
	of           family
}

var knownAttributes = []knownAttribute{
	{request, RoleDefinitionID, guids},
	{request, PrincipalID, guids},
	{request, PrincipalType, texts},
	{resource, RoleDefinitionID, guids},
	{resource, PrincipalID, guids},
	{resource, PrincipalType, texts},
	{environment, "UtcNow", times},
}

// attributeOf finds what an attribute token names. One that can never be known is an error: its condition could never be met.
func attributeOf(t token) (*knownAttribute, *Error) {
	source, name, _ := strings.Cut(t.text, "[")
	for i, k := range knownAttributes {
		if strings.EqualFold(k.source, source) && strings.EqualFold(k.name, strings.TrimSpace(name)) {
			return &knownAttributes[i], nil
		}
	}
	switch {
	case strings.EqualFold(source, principal):
		return nil, errorf(t.from, "@%s] is never known here: the directory keeps no custom security attributes of principals, so that the condition could not be met", t.text)
	case strings.EqualFold(source, request), strings.EqualFold(source, resource), strings.EqualFold(source, environment):
		return nil, errorf(t.from, "@%s] is never known here, so that the condition could not be met; known are %s", t.text, knownNames())
	}
	return nil, errorf(t.from, "attributes come from @Request, @Resource, @Environment or @Principal, not from '@%s'", clip(source))
}

func knownNames() string {
	var names []string
	for _, k := range knownAttributes {
		names = append(names, "@"+k.source+"["+k.name+"]")
	}
	return strings.Join(names, ", ")
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
