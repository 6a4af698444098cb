package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// NamedValue is a text that policies of its home use as {{displayName}}; a secret one is shown by listValue alone.
type NamedValue struct {
	DisplayName       string   `json:"displayName" rule:"required,max=256" pattern:"^[A-Za-z0-9._-]+$" said:"Use letters, digits, dots, hyphens and underscores."`
	Value             string   `json:"value,omitempty" rule:"max=4096"`
	Secret            bool     `json:"secret"`
	Tags              []string `json:"tags,omitempty" rule:"max=32"`
	KeyVault          any      `json:"keyVault,omitempty"`
	ProvisioningState string   `json:"provisioningState,omitempty"`
}

func (c *Catalogue) namedValue() *kind.Kind {
	return kind.Entity[NamedValue]{
		Type: "namedValues", Noun: "Named value", Under: serviceAndWorkspaces, Names: named(256), Publish: true,
		Filters: "name displayName tags", Keep: failedInVault,
		View: kind.View{One: "Named value", Many: "Named values", Summary: "Keeps host names and secrets for use in policies as {{name}}.", Columns: []string{"displayName", "secret", "tags"}},
		Actions: []kind.Action{{Name: "listValue", Do: func(c *kind.ActionCall) (any, error) {
			return map[string]string{"value": c.Value.(*NamedValue).Value}, nil
		}}, refreshSecret("Named value")},
		Secrets: func(v *NamedValue) []*string {
			if v.Secret {
				return []*string{&v.Value}
			}
			return nil
		},
		Default: func(w *kind.Typed[NamedValue]) error {
			if w.New.Value == "" && w.Old != nil && !w.Supplied["value"] {
				w.New.Value = w.Old.Value // clients send a secret value back as they read it: not at all
			}
			w.New.ProvisioningState = "Succeeded"
			return nil
		},
		Validate: c.validateNamedValue,
		Claims: func(w *kind.Typed[NamedValue]) []kind.Claim {
			return []kind.Claim{
				uniqueName(w.ID, "namedValues", "Named value"),
				uniqueText(w.ID, "namedValues", "displayName", w.New.DisplayName),
			}
		},
	}.Kind()
}

func (c *Catalogue) validateNamedValue(w *kind.Typed[NamedValue]) error {
	switch {
	case w.New.KeyVault != nil:
		return arm.InvalidField("keyVault", "keyVault: values are kept here; references to a key vault are not supported. Set value and secret instead.")
	case w.New.Value == "":
		return arm.InvalidField("value", "value is required.")
	case w.Old != nil && w.Old.Secret && !w.New.Secret && !w.Supplied["value"]:
		// Otherwise whoever may write could read what only listValue tells.
		return arm.InvalidField("value", "value is required when a secret named value becomes a plain one: everybody who reads will see it.")
	}
	if w.Old == nil || (w.Old.Value == w.New.Value && strings.EqualFold(w.Old.DisplayName, w.New.DisplayName)) {
		return nil
	}
	// Whatever uses the value must still compile with the new one, and keep finding it by its name.
	change := func(home *policy.Home) {
		delete(home.NamedValues, w.Old.DisplayName)
		home.NamedValues[w.New.DisplayName] = w.New.Value
	}
	return c.recheck(w.Lookup, homeOf(w.ID), w.ID, change, func(problem string) error {
		return arm.InvalidField("value", "With this change a policy that uses the named value no longer compiles: %s", problem)
	})
}
