package apim

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Credential providers hold what is needed to get tokens for backends: the provider, its connections, and who may use one.

// AuthorizationProvider is an OAuth 2.0 provider and the client that the service is with it.
type AuthorizationProvider struct {
	DisplayName      string         `json:"displayName,omitempty" rule:"min=1,max=300"`
	IdentityProvider string         `json:"identityProvider,omitempty" rule:"required,max=64"`
	OAuth2           *ProviderOAuth `json:"oauth2,omitempty"`
}

// ProviderOAuth are the settings of a provider.
type ProviderOAuth struct {
	RedirectURL string `json:"redirectUrl,omitempty" rule:"max=2000"`
	GrantTypes  *struct {
		AuthorizationCode *grantSettings `json:"authorizationCode,omitempty"`
		ClientCredentials *grantSettings `json:"clientCredentials,omitempty"`
	} `json:"grantTypes,omitempty"`
}

// grantSettings is an object of texts on the wire whose clientSecret is a secret.
type grantSettings struct {
	plain  map[string]string
	secret string
}

const secretSetting = "clientSecret"

func (g grantSettings) MarshalJSON() ([]byte, error) {
	out := maps.Clone(g.plain)
	if out == nil {
		out = map[string]string{}
	}
	if g.secret != "" {
		out[secretSetting] = g.secret
	}
	return json.Marshal(out)
}

func (g *grantSettings) UnmarshalJSON(b []byte) error {
	var in map[string]string
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	g.plain, g.secret = map[string]string{}, ""
	for k, v := range in {
		if strings.EqualFold(k, secretSetting) {
			g.secret = v
			continue
		}
		g.plain[k] = v
	}
	return nil
}

// keep takes the old secret over when the new settings name none.
func (g *grantSettings) keep(old *grantSettings) {
	if g != nil && old != nil && g.secret == "" {
		g.secret = old.secret
	}
}

func (p *AuthorizationProvider) grants() []*grantSettings {
	if p.OAuth2 == nil || p.OAuth2.GrantTypes == nil {
		return []*grantSettings{nil, nil}
	}
	return []*grantSettings{p.OAuth2.GrantTypes.AuthorizationCode, p.OAuth2.GrantTypes.ClientCredentials}
}

func authorizationProvider() *kind.Kind {
	return kind.Entity[AuthorizationProvider]{
		Type: "authorizationProviders", Noun: "Authorization provider", Under: []string{kind.Service}, Names: named(256), PutOnly: true, Filters: "name displayName",
		View: kind.View{One: "Credential provider", Many: "Credential providers", Summary: "Where tokens for backends come from.", Columns: []string{"displayName", "identityProvider"}},
		Secrets: func(v *AuthorizationProvider) []*string {
			var out []*string
			for _, g := range v.grants() {
				if g != nil {
					out = append(out, &g.secret)
				}
			}
			return out
		},
		Default: func(w *kind.Typed[AuthorizationProvider]) error {
			if w.Old != nil {
				for i, g := range w.New.grants() {
					g.keep(w.Old.grants()[i])
				}
			}
			return nil
		},
	}.Kind()
}

// Authorization is a connection to a provider.
type Authorization struct {
	AuthorizationType string              `json:"authorizationType,omitempty" rule:"enum=OAuth2"`
	GrantType         string              `json:"oauth2grantType,omitempty" rule:"enum=AuthorizationCode|ClientCredentials"`
	Parameters        *grantSettings      `json:"parameters,omitempty"`
	Status            string              `json:"status,omitempty"`
	Error             *AuthorizationFault `json:"error,omitempty"`
}

// AuthorizationFault is why a connection has no token.
type AuthorizationFault struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func authorization() *kind.Kind {
	return kind.Entity[Authorization]{
		Type: "authorizations", Noun: "Authorization", Under: []string{"authorizationProviders"}, Names: named(256), PutOnly: true, Filters: "name",
		Secrets: func(v *Authorization) []*string {
			if v.Parameters == nil {
				return nil
			}
			return []*string{&v.Parameters.secret}
		},
		Actions: []kind.Action{{Name: "getLoginLinks", Do: noConsent}, {Name: "confirmConsentCode", Do: noConsent}},
		Default: func(w *kind.Typed[Authorization]) error {
			a := w.New
			if w.Old != nil {
				a.Parameters.keep(w.Old.Parameters)
			}
			a.AuthorizationType, a.GrantType = cmp.Or(a.AuthorizationType, "OAuth2"), cmp.Or(a.GrantType, "AuthorizationCode")
			// No token was got yet, and none is got before a policy asks for one.
			a.Status, a.Error = "Error", &AuthorizationFault{Code: "Unauthenticated", Message: "This connection is not authenticated."}
			return nil
		},
	}.Kind()
}

func noConsent(*kind.ActionCall) (any, error) {
	return nil, arm.Errorf(http.StatusBadRequest, "NotSupported", "People can't give their consent to a connection here yet. Use the grant type ClientCredentials, or send a token with the policy send-request.")
}

// AccessPolicy lets a principal use a connection.
type AccessPolicy struct {
	AppIDs   []string `json:"appIds,omitempty" rule:"max=100"`
	ObjectID string   `json:"objectId,omitempty" rule:"max=36"`
	TenantID string   `json:"tenantId,omitempty" rule:"max=36"`
}

func accessPolicy() *kind.Kind {
	return kind.Entity[AccessPolicy]{
		Type: "accessPolicies", Right: "permission", Noun: "Access policy", Under: []string{"authorizations"}, Names: named(256), PutOnly: true, Filters: "name",
		Validate: func(w *kind.Typed[AccessPolicy]) error {
			if w.New.ObjectID == "" && len(w.New.AppIDs) == 0 {
				return arm.InvalidField("objectId", "objectId or appIds is required: who may use the connection.")
			}
			return nil
		},
	}.Kind()
}
