package apim

import (
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// expandPolicies gives operations the policies that translate their calls. An operation that is there and has a policy keeps it, unless that is what an
// earlier import gave it.
func (i *imported) expandPolicies(w *kind.Typed[API], existing arm.ID) []kind.Extra {
	if i.policies == nil {
		return nil
	}
	var out []kind.Extra
	names := namesOfImported(i.api, w.Lookup.Children(existing, "operations"))
	given := givenPolicies(w.Lookup, existing)
	for n, text := range i.policies {
		if text == "" {
			continue
		}
		o := i.api.Operations[n]
		old, there := kind.Of[Policy](w.Lookup, existing.Child("operations", names[n]).Child("policies", "policy"))
		if there && old.Value != given[o.Method+" "+o.URLTemplate] {
			continue
		}
		id := w.ID.Child("operations", names[n]).Child("policies", "policy")
		out = append(out, kind.Extra{ID: id, Value: &Policy{Value: text, Format: "rawxml"}})
	}
	return out
}
