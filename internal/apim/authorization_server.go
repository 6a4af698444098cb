package apim

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// AuthorizationServer is an OAuth 2.0 server that consumers of APIs get tokens from.
type AuthorizationServer struct {
	DisplayName                string           `json:"displayName" rule:"required,min=1,max=50"`
	Description                string           `json:"description,omitempty" rule:"max=1000"`
	ClientRegistrationEndpoint string           `json:"clientRegistrationEndpoint" rule:"required,max=2000"`
	AuthorizationEndpoint      string           `json:"authorizationEndpoint" rule:"required,max=2000"`
	AuthorizationMethods       []string         `json:"authorizationMethods,omitempty" rule:"max=8"`
	TokenEndpoint              string           `json:"tokenEndpoint,omitempty" rule:"max=2000"`
	TokenBodyParameters        []TokenParameter `json:"tokenBodyParameters,omitempty" rule:"max=100"`
	GrantTypes                 []string         `json:"grantTypes" rule:"required,max=4"`
	ClientAuthentication       []string         `json:"clientAuthenticationMethod,omitempty" rule:"max=2"`
	BearerTokenSending         []string         `json:"bearerTokenSendingMethods,omitempty" rule:"max=2"`
	DefaultScope               string           `json:"defaultScope,omitempty" rule:"max=2000"`
	SupportState               bool             `json:"supportState"`
	ClientID                   string           `json:"clientId" rule:"required,max=1000"`
	ClientSecret               string           `json:"clientSecret,omitempty" rule:"max=1000"`
	ResourceOwnerUsername      string           `json:"resourceOwnerUsername,omitempty" rule:"max=256"`
	ResourceOwnerPassword      string           `json:"resourceOwnerPassword,omitempty" rule:"max=1000"`
	UseInTestConsole           *bool            `json:"useInTestConsole,omitempty"`
	UseInDocumentation         *bool            `json:"useInApiDocumentation,omitempty"`
}

// TokenParameter is a further parameter of a request for a token.
type TokenParameter struct {
	Name  string `json:"name" rule:"required,max=256"`
	Value string `json:"value" rule:"max=4096"`
}

// Words that lists of an authorization server may hold.
var (
	authorizationMethods = []string{"HEAD", "OPTIONS", "TRACE", "GET", "POST", "PUT", "PATCH", "DELETE"}
	grantTypes           = []string{"authorizationCode", "implicit", "resourceOwnerPassword", "clientCredentials"}
	clientAuthentication = []string{"Basic", "Body"}
	bearerTokenSending   = []string{"authorizationHeader", "query"}
)

func authorizationServer() *kind.Kind {
	return kind.Entity[AuthorizationServer]{
		Type: "authorizationServers", Noun: "Authorization server", Under: []string{kind.Service}, Names: named(80), Filters: "name displayName",
		View:    kind.View{One: "Authorization server", Many: "Authorization servers", Summary: "OAuth 2.0 servers that consumers get tokens from.", Columns: []string{"displayName", "grantTypes"}},
		Secrets: func(v *AuthorizationServer) []*string { return []*string{&v.ClientSecret, &v.ResourceOwnerPassword} },
		Actions: []kind.Action{{Name: "listSecrets", Do: func(c *kind.ActionCall) (any, error) {
			s := c.Value.(*AuthorizationServer)
			return map[string]string{"clientSecret": s.ClientSecret, "resourceOwnerUsername": s.ResourceOwnerUsername, "resourceOwnerPassword": s.ResourceOwnerPassword}, nil
		}}},
		Default: func(w *kind.Typed[AuthorizationServer]) error {
			s := w.New
			if w.Old != nil && !w.Supplied["clientSecret"] {
				s.ClientSecret = w.Old.ClientSecret
			}
			if w.Old != nil && !w.Supplied["resourceOwnerPassword"] {
				s.ResourceOwnerPassword = w.Old.ResourceOwnerPassword
			}
			if s.AuthorizationMethods == nil {
				s.AuthorizationMethods = []string{"GET"}
			}
			return nil
		},
		Validate: func(w *kind.Typed[AuthorizationServer]) error {
			s := w.New
			for _, f := range []struct {
				field          string
				given, allowed []string
			}{
				{"authorizationMethods", s.AuthorizationMethods, authorizationMethods},
				{"grantTypes", s.GrantTypes, grantTypes},
				{"clientAuthenticationMethod", s.ClientAuthentication, clientAuthentication},
				{"bearerTokenSendingMethods", s.BearerTokenSending, bearerTokenSending},
			} {
				for _, g := range f.given {
					if !slices.Contains(f.allowed, g) {
						return arm.InvalidField(f.field, "%s: '%s' is not one of %s.", f.field, g, strings.Join(f.allowed, ", "))
					}
				}
			}
			return nil
		},
		Claims: func(w *kind.Typed[AuthorizationServer]) []kind.Claim {
			return []kind.Claim{uniqueText(w.ID, "authorizationServers", "displayName", w.New.DisplayName)}
		},
	}.Kind()
}
