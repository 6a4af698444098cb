package apim

import (
	"cmp"
	"regexp"
	"strconv"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// PolicyFragment is a piece of policy that documents of its home include by name.
type PolicyFragment struct {
	Value             string `json:"value" rule:"required"`
	Description       string `json:"description,omitempty" rule:"max=1000"`
	Format            string `json:"format,omitempty" rule:"enum=xml|rawxml"`
	ProvisioningState string `json:"provisioningState,omitempty"`
}

func (c *Catalogue) policyFragment() *kind.Kind {
	return kind.Entity[PolicyFragment]{
		Type: "policyFragments", Noun: "Policy fragment", Under: serviceAndWorkspaces, PutOnly: true, Publish: true, Filters: "name value description",
		Names:   kind.Names{Min: 1, Max: 80, Pattern: regexp.MustCompile(`(^\w+$)|(^\w[\w-]+\w$)`), Words: "Use letters, digits, underscores and hyphens."},
		View:    kind.View{One: "Policy fragment", Many: "Policy fragments", Summary: "Policy that is written once and included by name.", Columns: []string{"description"}},
		Actions: []kind.Action{listReferences()},
		Default: func(w *kind.Typed[PolicyFragment]) error {
			w.New.Format, w.New.ProvisioningState = cmp.Or(w.New.Format, "xml"), "Succeeded"
			return nil
		},
		Validate: c.validateFragment,
		Refs: func(w *kind.Typed[PolicyFragment]) []kind.Ref {
			return policyRefs(w.Lookup, homeOf(w.ID), w.New.Value, w.New.Format)
		},
		Claims: func(w *kind.Typed[PolicyFragment]) []kind.Claim {
			return []kind.Claim{uniqueName(w.ID, "policyFragments", "Policy fragment")}
		},
		Render: func(r *kind.Rendering, v *PolicyFragment) {
			v.Value, v.Format = inFormat(v.Value, v.Format, r.Query.Get("format"))
		},
	}.Kind()
}

// validateFragment checks a fragment by itself and, when it changes, every document that includes it.
func (c *Catalogue) validateFragment(w *kind.Typed[PolicyFragment]) error {
	doc, err := parsePolicy(w.New.Value, w.New.Format)
	if err != nil {
		return err
	}
	home := homeOf(w.ID)
	h := c.homeOf(w.Lookup, home, doc)
	if err := refuse(c.Policies.CheckFragment(doc, h)); err != nil {
		return err
	}
	if w.Old == nil {
		return nil
	}
	change := func(with *policy.Home) {
		with.Fragments[w.ID.Name()] = doc
		for name, value := range h.NamedValues {
			with.NamedValues[name] = value
		}
		for name, b := range h.Backends {
			with.Backends[name] = b
		}
	}
	return c.recheck(w.Lookup, home, w.ID, change, func(problem string) error {
		return arm.InvalidField("value", "With this fragment a policy that includes it no longer compiles: %s", problem)
	})
}

// listReferences lists what includes a fragment.
func listReferences() kind.Action {
	return kind.Action{Name: "listReferences", Do: func(c *kind.ActionCall) (any, error) {
		type item struct {
			ID   string `json:"id"`
			Type string `json:"type"`
			Name string `json:"name"`
		}
		all := []item{}
		for _, from := range c.Lookup.Referrers(c.ID) {
			if r, ok := c.Lookup.Get(from); ok && homeOf(r.ID).Equal(homeOf(c.ID)) {
				all = append(all, item{r.ID.String(), r.ID.Type(), r.ID.Name()})
			}
		}
		count := len(all)
		from, to := 0, count
		if n, err := strconv.Atoi(c.Query.Get("$skip")); err == nil && n > 0 {
			from = min(n, count)
		}
		if n, err := strconv.Atoi(c.Query.Get("$top")); err == nil && n > 0 {
			to = min(from+n, count)
		}
		return map[string]any{"value": all[from:to], "count": count}, nil
	}}
}
