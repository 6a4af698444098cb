package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// IdentityProvider is an outside account that people may sign in to the developer portal with. Its name says which.
type IdentityProvider struct {
	Type                     string   `json:"type,omitempty"`
	ClientID                 string   `json:"clientId" rule:"required,min=1,max=1000"`
	ClientSecret             string   `json:"clientSecret,omitempty" rule:"max=1000"`
	ClientLibrary            string   `json:"clientLibrary,omitempty" rule:"max=16"`
	Authority                string   `json:"authority,omitempty" rule:"max=1000"`
	SigninTenant             string   `json:"signinTenant,omitempty" rule:"max=256"`
	AllowedTenants           []string `json:"allowedTenants,omitempty" rule:"max=32"`
	SignupPolicyName         string   `json:"signupPolicyName,omitempty" rule:"max=256"`
	SigninPolicyName         string   `json:"signinPolicyName,omitempty" rule:"max=256"`
	ProfileEditingPolicyName string   `json:"profileEditingPolicyName,omitempty" rule:"max=256"`
	PasswordResetPolicyName  string   `json:"passwordResetPolicyName,omitempty" rule:"max=256"`
}

var identityProviderNames = []string{"aad", "aadB2C", "facebook", "google", "microsoft", "twitter"}

func identityProvider() *kind.Kind {
	return kind.Entity[IdentityProvider]{
		Type: "identityProviders", Noun: "Identity provider", Under: []string{kind.Service}, Names: kind.Names{Among: identityProviderNames},
		View:    kind.View{One: "Identity provider", Many: "Identity providers", Summary: "Outside accounts for the developer portal.", Columns: []string{"type", "clientId"}},
		Secrets: func(v *IdentityProvider) []*string { return []*string{&v.ClientSecret} },
		Actions: []kind.Action{{Name: "listSecrets", Do: func(c *kind.ActionCall) (any, error) {
			return map[string]string{"clientSecret": c.Value.(*IdentityProvider).ClientSecret}, nil
		}}},
		Default: func(w *kind.Typed[IdentityProvider]) error {
			for _, n := range identityProviderNames {
				if strings.EqualFold(n, w.ID.Name()) {
					w.New.Type = n
				}
			}
			if w.Old != nil && !w.Supplied["clientSecret"] {
				w.New.ClientSecret = w.Old.ClientSecret
			}
			return nil
		},
		Validate: func(w *kind.Typed[IdentityProvider]) error {
			if w.New.ClientSecret == "" {
				return arm.InvalidField("clientSecret", "clientSecret is required.")
			}
			return nil
		},
	}.Kind()
}

// OpenIDProvider is an OpenID Connect issuer that APIs' documentation and test console use.
type OpenIDProvider struct {
	DisplayName        string `json:"displayName" rule:"required,max=50"`
	Description        string `json:"description,omitempty" rule:"max=1000"`
	MetadataEndpoint   string `json:"metadataEndpoint" rule:"required,max=2000,url"`
	ClientID           string `json:"clientId" rule:"required,max=1000"`
	ClientSecret       string `json:"clientSecret,omitempty" rule:"max=1000"`
	UseInTestConsole   *bool  `json:"useInTestConsole,omitempty"`
	UseInDocumentation *bool  `json:"useInApiDocumentation,omitempty"`
}

func openIDProvider() *kind.Kind {
	return kind.Entity[OpenIDProvider]{
		Type: "openidConnectProviders", Noun: "OpenID Connect provider", Under: []string{kind.Service}, Names: named(256), Filters: "name displayName",
		View:    kind.View{One: "OpenID Connect provider", Many: "OpenID Connect providers", Summary: "Issuers that consumers get tokens from.", Columns: []string{"displayName", "metadataEndpoint"}},
		Secrets: func(v *OpenIDProvider) []*string { return []*string{&v.ClientSecret} },
		Actions: []kind.Action{{Name: "listSecrets", Do: func(c *kind.ActionCall) (any, error) {
			return map[string]string{"clientSecret": c.Value.(*OpenIDProvider).ClientSecret}, nil
		}}},
		Default: func(w *kind.Typed[OpenIDProvider]) error {
			if w.Old != nil && !w.Supplied["clientSecret"] {
				w.New.ClientSecret = w.Old.ClientSecret
			}
			return nil
		},
		Claims: func(w *kind.Typed[OpenIDProvider]) []kind.Claim {
			return []kind.Claim{uniqueText(w.ID, "openidConnectProviders", "displayName", w.New.DisplayName)}
		},
	}.Kind()
}
