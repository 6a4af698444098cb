package apim

import (
	"encoding/json"
	"maps"
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/credential"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Credential providers hold what is needed to get tokens for backends: the provider, its connections (connection.go), and who may use one
// (connection_access.go).

// AuthorizationProvider is an OAuth 2.0 provider and the client that the service is with it.
type AuthorizationProvider struct {
	DisplayName      string         `json:"displayName,omitempty" rule:"min=1,max=300"`
	IdentityProvider string         `json:"identityProvider,omitempty" rule:"required,max=64"`
	OAuth2           *ProviderOAuth `json:"oauth2,omitempty"`
}

// ProviderOAuth are the settings of a provider. RedirectURL is told, not stored: it is where this installation takes consents.
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

func (g grantSettings) MarshalJSON() ([]byte, error) {
	out := maps.Clone(g.plain)
	if out == nil {
		out = map[string]string{}
	}
	if g.secret != "" {
		out[credential.ClientSecret] = g.secret
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
		if strings.EqualFold(k, credential.ClientSecret) {
			g.secret = v
			continue
		}
		g.plain[k] = v
	}
	return nil
}

// settings are those of a grant without its secret; nil has none.
func (g *grantSettings) settings() map[string]string {
	if g == nil {
		return nil
	}
	return g.plain
}

func (g *grantSettings) secretText() string {
	if g == nil {
		return ""
	}
	return g.secret
}

// grant are the settings of a provider for a grant; nil without.
func (p *AuthorizationProvider) grant(g credential.Grant) *grantSettings {
	if p.OAuth2 == nil || p.OAuth2.GrantTypes == nil {
		return nil
	}
	if g == credential.ClientCredentials {
		return p.OAuth2.GrantTypes.ClientCredentials
	}
	return p.OAuth2.GrantTypes.AuthorizationCode
}

// grantWords are the grants with their members of grantTypes.
var grantWords = []struct {
	grant  credential.Grant
	member string
}{{credential.AuthorizationCode, "authorizationCode"}, {credential.ClientCredentials, "clientCredentials"}}

func (c *Catalogue) authorizationProvider() *kind.Kind {
	return kind.Entity[AuthorizationProvider]{
		Type: "authorizationProviders", Noun: "Authorization provider", Under: serviceAndWorkspaces, Names: named(256), PutOnly: true, Filters: "name displayName", Publish: true, Withheld: noProviders,
		View: kind.View{One: "Credential provider", Many: "Credential providers", Summary: "Where tokens for backends come from.", Columns: []string{"displayName", "identityProvider"}},
		Secrets: func(v *AuthorizationProvider) []*string {
			var out []*string
			for _, w := range grantWords {
				if g := v.grant(w.grant); g != nil {
					out = append(out, &g.secret)
				}
			}
			return out
		},
		Default:  completeProvider,
		Validate: validateProvider,
		Render: func(r *kind.Rendering, v *AuthorizationProvider) {
			if v.OAuth2 != nil {
				v.OAuth2.RedirectURL = c.ManagementURL + ConsentPath(r.ID)
			}
		},
	}.Kind()
}

// noProviders withholds credential providers from workspaces of services that keep Azure's limits.
func noProviders(l kind.Lookup, home arm.ID) bool {
	if !isWorkspace(home) {
		return false
	}
	s, ok := kind.Of[Service](l, serviceOf(home))
	return ok && azureLimits(s)
}

// ConsentPath is where providers send browsers back to, for connections of the service or workspace that an id lies in. Each workspace has one of its own, which
// is not below that of the service: a provider that knows the redirect URL of one client gives no code for it to another's, whatever it was led to believe (RFC 9700,
// section 4.4).
func ConsentPath(id arm.ID) string {
	service := url.PathEscape(serviceOf(id).Name())
	if w, ok := id.Ancestor(kind.Workspace); ok {
		return "/authorizations/redirect/workspace/" + service + "/" + url.PathEscape(w.Name())
	}
	return "/authorizations/redirect/apim/" + service
}

// completeProvider keeps the secrets that a body leaves out, unless they would go to another address than they were given for.
func completeProvider(w *kind.Typed[AuthorizationProvider]) error {
	p, ok := credential.Find(w.New.IdentityProvider)
	if !ok {
		return nil // validate says so
	}
	w.New.IdentityProvider = p.Name
	if w.New.OAuth2 != nil {
		w.New.OAuth2.RedirectURL = ""
	}
	if w.Old == nil {
		return nil
	}
	before, _ := credential.Find(w.Old.IdentityProvider)
	for _, g := range grantWords {
		now, old := w.New.grant(g.grant), w.Old.grant(g.grant)
		if now == nil || now.secret != "" || old.secretText() == "" {
			continue
		}
		if p.Endpoints(g.grant, now.plain) != before.Endpoints(g.grant, old.plain) {
			return arm.InvalidField("oauth2.grantTypes."+g.member+".clientSecret", "clientSecret must be given again when the provider's addresses change: it was meant for those before.")
		}
		now.secret = old.secret
	}
	return nil
}

func validateProvider(w *kind.Typed[AuthorizationProvider]) error {
	p, ok := credential.Find(w.New.IdentityProvider)
	if !ok {
		return arm.InvalidField("identityProvider", "identityProvider '%s' is not one of %s. Use oauth2 or oauth2pkce for others and name their addresses.", w.New.IdentityProvider, strings.Join(credential.Names(), ", "))
	}
	found := false
	for _, g := range grantWords {
		settings := w.New.grant(g.grant)
		if settings == nil {
			continue
		}
		found = true
		if bad := p.Check(g.grant, settings.plain); bad != nil {
			return arm.InvalidField("oauth2.grantTypes."+g.member+"."+bad.Setting, "oauth2.grantTypes.%s: %s", g.member, bad)
		}
		if len(settings.secret) > 4000 {
			return arm.InvalidField("oauth2.grantTypes."+g.member+".clientSecret", "clientSecret has more than 4000 characters.")
		}
	}
	if !found {
		return arm.InvalidField("oauth2.grantTypes", "oauth2.grantTypes needs authorizationCode or clientCredentials: with which settings tokens are asked for.")
	}
	return nil
}
