package apim

import (
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/route"
)

// API is an API, or one revision of it.
type API struct {
	DisplayName            string          `json:"displayName,omitempty" rule:"max=300"`
	APIRevision            string          `json:"apiRevision,omitempty" rule:"max=100" pattern:"^[A-Za-z0-9_.-]+$"`
	APIRevisionDescription string          `json:"apiRevisionDescription,omitempty" rule:"max=256"`
	APIVersion             string          `json:"apiVersion,omitempty" rule:"max=100"`
	APIVersionDescription  string          `json:"apiVersionDescription,omitempty" rule:"max=256"`
	APIVersionSetID        string          `json:"apiVersionSetId,omitempty"`
	Description            string          `json:"description,omitempty"`
	SubscriptionRequired   *bool           `json:"subscriptionRequired,omitempty"`
	ServiceURL             string          `json:"serviceUrl,omitempty" rule:"max=2000,url"`
	Path                   string          `json:"path" rule:"max=400"`
	Protocols              []string        `json:"protocols,omitempty"`
	AuthenticationSettings *Authentication `json:"authenticationSettings,omitempty"`
	KeyNames               *KeyNames       `json:"subscriptionKeyParameterNames,omitempty"`
	IsCurrent              *bool           `json:"isCurrent,omitempty"`
	IsOnline               *bool           `json:"isOnline,omitempty"`
	Type                   string          `json:"type,omitempty" rule:"enum=http|soap|websocket|graphql|odata|grpc"`
	TermsOfServiceURL      string          `json:"termsOfServiceUrl,omitempty"`
	Contact                *Contact        `json:"contact,omitempty"`
	License                *License        `json:"license,omitempty"`
	ProvisioningState      string          `json:"provisioningState,omitempty"`

	// The members below are only written: they say what to make the API from.
	Format          string `json:"format,omitempty"`
	Value           string `json:"value,omitempty"`
	APIType         string `json:"apiType,omitempty"`
	SourceAPIID     string `json:"sourceApiId,omitempty"`
	TranslateParams string `json:"translateRequiredQueryParameters,omitempty" rule:"enum=template|query"`
}

// Authentication are the authorization servers that the developer portal offers for an API.
type Authentication struct {
	OAuth2     any   `json:"oAuth2"`
	OpenID     any   `json:"openid"`
	OAuth2List []any `json:"oAuth2AuthenticationSettings"`
	OpenIDList []any `json:"openidAuthenticationSettings"`
}

// KeyNames are the header and the query parameter that carry a subscription key.
type KeyNames struct {
	Header string `json:"header,omitempty" rule:"max=200" pattern:"^[A-Za-z0-9!#$%&'*+.^|~-]+$" said:"Use a header name without underscores or blanks."`
	Query  string `json:"query,omitempty" rule:"max=200"`
}

// Contact is whom to ask about an API.
type Contact struct {
	Name  string `json:"name,omitempty"`
	URL   string `json:"url,omitempty"`
	Email string `json:"email,omitempty"`
}

// License is under what terms an API is offered.
type License struct {
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

// NeedsSubscription says whether calls need a key; APIs require one unless they say otherwise.
func (a *API) NeedsSubscription() bool {
	return a.SubscriptionRequired == nil || *a.SubscriptionRequired
}

// Names of the key parameters of APIs that choose none.
const (
	DefaultKeyHeader = "Ocp-Apim-Subscription-Key"
	DefaultKeyQuery  = "subscription-key"
)

var protocols = []string{"http", "https", "ws", "wss"}

func (c *Catalogue) api() *kind.Kind {
	return kind.Entity[API]{
		Type: "apis", Noun: "API", Under: serviceAndWorkspaces, Names: apiNames(), Publish: true, Slow: true,
		Filters: "name displayName description serviceUrl path isCurrent",
		View:    kind.View{One: "API", Many: "APIs", Summary: "A set of operations that consumers call through a gateway.", Columns: []string{"displayName", "path", "protocols"}},
		Prepare: c.importDocument,
		Default: defaultAPI,
		Validate: func(w *kind.Typed[API]) error {
			return validateAPI(w)
		},
		Claims: func(w *kind.Typed[API]) []kind.Claim {
			key, err := route.Key(w.New.Path, w.New.APIVersionSetID+"|"+w.New.APIVersion)
			if err != nil {
				return nil // Validate has refused it
			}
			return []kind.Claim{
				uniqueName(w.ID, "apis", "API"),
				{
					Space: serviceOf(w.ID).Key() + "|apis|path", Value: key, Field: "path",
					Message: "path: another API of this service has the path '" + w.New.Path + "'. Paths are unique across the service and its workspaces, except inside a version set.",
				},
			}
		},
		Expand: expandImport,
		Render: func(_ *kind.Rendering, v *API) {
			v.Format, v.Value, v.APIType, v.SourceAPIID, v.TranslateParams = "", "", "", "", ""
			if v.AuthenticationSettings == nil {
				v.AuthenticationSettings = &Authentication{}
			}
			if v.AuthenticationSettings.OAuth2List == nil {
				v.AuthenticationSettings.OAuth2List = []any{}
			}
			if v.AuthenticationSettings.OpenIDList == nil {
				v.AuthenticationSettings.OpenIDList = []any{}
			}
		},
	}.Kind()
}

func apiNames() kind.Names {
	n := named(256)
	n.Pattern, n.Words = apiIdentifier, identifierWords
	return n
}

func defaultAPI(w *kind.Typed[API]) error {
	a := w.New
	a.Path = strings.Trim(a.Path, "/")
	if a.APIRevision == "" {
		a.APIRevision = "1"
	}
	if w.Old != nil {
		a.APIRevision = w.Old.APIRevision
		a.ServiceURL = either(a.ServiceURL, w.Old.ServiceURL)
		if a.Protocols == nil {
			a.Protocols = w.Old.Protocols
		}
	}
	if len(a.Protocols) == 0 {
		a.Protocols = []string{"https"} // design 5: what a document doesn't say isn't guessed
	}
	if a.SubscriptionRequired == nil {
		a.SubscriptionRequired = ptr(true)
	}
	names := KeyNames{Header: DefaultKeyHeader, Query: DefaultKeyQuery}
	if a.KeyNames != nil {
		names = KeyNames{either(a.KeyNames.Header, names.Header), either(a.KeyNames.Query, names.Query)}
	}
	a.KeyNames = &names
	a.IsCurrent, a.ProvisioningState = ptr(true), "Succeeded"
	if a.IsOnline == nil {
		a.IsOnline = ptr(true)
	}
	a.Type = either(a.Type, "http")
	a.DisplayName = either(a.DisplayName, w.ID.Name())
	// What an API was made from is not part of it.
	a.Format, a.Value, a.SourceAPIID, a.TranslateParams = "", "", "", ""
	return nil
}

func validateAPI(w *kind.Typed[API]) error {
	a := w.New
	if strings.Contains(w.ID.Name(), ";rev=") {
		return arm.Errorf(http.StatusBadRequest, "ValidationError", "API '%s': the first revision is made under the API's own name; further revisions are not supported yet.", w.ID.Name())
	}
	if w.Old == nil && !w.Supplied["path"] {
		return arm.InvalidField("path", "path is required; it may be empty for an API at the gateway's root.")
	}
	if _, err := route.Key(a.Path, ""); err != nil {
		return arm.InvalidField("path", "path: %s.", err)
	}
	if a.Type != "http" {
		return arm.InvalidField("type", "type: APIs of type '%s' are not supported yet; use http.", a.Type)
	}
	for _, p := range a.Protocols {
		if !containsFold(protocols, p) {
			return arm.InvalidField("protocols", "protocols: '%s' is none of %s.", p, strings.Join(protocols, ", "))
		}
	}
	if a.APIVersionSetID != "" || a.APIVersion != "" {
		return arm.InvalidField("apiVersionSetId", "apiVersionSetId and apiVersion: version sets are not supported yet; leave both out.")
	}
	return nil
}

func containsFold(list []string, s string) bool {
	for _, l := range list {
		if strings.EqualFold(l, s) {
			return true
		}
	}
	return false
}
