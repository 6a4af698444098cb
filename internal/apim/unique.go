package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Names of portal-visible kinds are unique across a service and its workspaces (design 4). The refusal names the value, never its owner.

// uniqueName claims the entity's name for its kind in the whole service.
func uniqueName(id arm.ID, typ, noun string) kind.Claim {
	return kind.Claim{
		Space: serviceOf(id).Key() + "|" + typ + "|name", Value: strings.ToLower(id.Name()), Field: "name",
		Message: noun + ": the name '" + id.Name() + "' is taken. Names are unique across the service and all of its workspaces; choose another.",
	}
}

// uniqueText claims a text for its kind within one home.
func uniqueText(id arm.ID, typ, field, value string) kind.Claim {
	return kind.Claim{
		Space: homeOf(id).Key() + "|" + typ + "|" + field, Value: strings.ToLower(value), Field: field,
		Message: field + " '" + value + "' is in use already; choose another.",
	}
}
