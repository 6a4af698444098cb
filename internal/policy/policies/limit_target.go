package policies

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// limitTarget says to which API or operation an api or operation child of a limit applies; the id wins over the name.
type limitTarget struct{ id, name string }

func limitTargetAttrs() []policy.Part {
	return []policy.Part{
		policy.Attr("name", policy.Text).Doc("Name to apply to; id wins."),
		policy.Attr("id", policy.Text).Doc("Id to apply to."),
	}
}

func readLimitTarget(a *policy.Args) (limitTarget, error) {
	t := limitTarget{id: a.Literal("id"), name: a.Literal("name")}
	if t.id == "" && t.name == "" {
		return t, a.Errorf("one of the attributes 'id' and 'name' is required")
	}
	return t, nil
}

// matches compares with an entity whose id may be a full resource id.
func (t *limitTarget) matches(id, name string) bool {
	if t.id == "" {
		return strings.EqualFold(t.name, name)
	}
	return strings.EqualFold(t.id, id) || strings.EqualFold(t.id, id[strings.LastIndexByte(id, '/')+1:])
}
