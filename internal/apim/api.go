package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
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
	VersionSet             *SetDetails     `json:"apiVersionSet,omitempty"` // shown when asked for; in a body its id stands for apiVersionSetId
	EffectivePath          string          `json:"effectivePath,omitempty"` // shown when asked for: the path that requests for it begin with

	// The members below are only written: they say what to make the API from.
	Format          string `json:"format,omitempty"`
	Value           string `json:"value,omitempty"`
	APIType         string `json:"apiType,omitempty"`
	SourceAPIID     string `json:"sourceApiId,omitempty"`
	TranslateParams string `json:"translateRequiredQueryParameters,omitempty" rule:"enum=template|query"`

	WSDLSelector *WSDLSelector `json:"wsdlSelector,omitempty"`

	promote bool   // the write asks for the revision to become current
	from    arm.ID // what the write copies; the root for nothing
	place   string // what it claims for its path, once the path is found to be one
}

// SetDetails are the version set of an API, inside the API.
type SetDetails struct {
	ID                string `json:"id,omitempty"`
	Name              string `json:"name,omitempty"`
	Description       string `json:"description,omitempty"`
	VersioningScheme  string `json:"versioningScheme,omitempty"`
	VersionQueryName  string `json:"versionQueryName,omitempty"`
	VersionHeaderName string `json:"versionHeaderName,omitempty"`
}

// WSDLSelector says which port of a WSDL document becomes the API.
type WSDLSelector struct {
	Service  string `json:"wsdlServiceName,omitempty"`
	Endpoint string `json:"wsdlEndpointName,omitempty"`
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
		Brief:   func(w *kind.Typed[API]) bool { return w.New.Value == "" && w.New.Format == "" },
		Prepare: c.importDocument,
		Default: defaultAPI,
		Linked: func(w *kind.Typed[API]) []kind.Access {
			from, ok := fullID(w.ID, w.New.SourceAPIID)
			if !ok {
				return nil
			}
			return []kind.Access{{Action: w.Mount.Action("read"), Scope: from}}
		},
		Validate: validateAPI,
		Refs: func(w *kind.Typed[API]) []kind.Ref {
			var refs []kind.Ref
			if w.New.APIVersionSetID != "" {
				refs = append(refs, kind.Ref{To: idOf(w.New.APIVersionSetID), Field: "apiVersionSetId"})
			}
			if isRevision(w.ID) {
				refs = append(refs, kind.Ref{To: withoutRevision(w.ID), Field: "apiRevision", Cascade: true})
			}
			return refs
		},
		Claims:  claimAPI,
		Expand:  expandAPI,
		Succeed: succeedAPI,
		Export:  c.exportAPI,
		Render:  renderAPI,
	}.Kind()
}

// claimAPI claims the API's name and path. Revisions that are not current claim nothing: the API has it for all of them.
func claimAPI(w *kind.Typed[API]) []kind.Claim {
	if isRevision(w.ID) {
		return nil
	}
	out := []kind.Claim{uniqueName(w.ID, "apis", "API")}
	if set, s, ok := setOf(w.Lookup, w.New); ok {
		return append(out, versionClaims(w, set, s)...)
	}
	if w.New.place != "" {
		return append(out, claimPlace(w.ID, w.New.place, w.New.Path))
	}
	if c, ok := claimPath(w.ID, w.New.Path, w.New.Path); ok {
		out = append(out, c)
	}
	return out
}

func renderAPI(r *kind.Rendering, v *API) {
	v.Format, v.Value, v.APIType, v.SourceAPIID, v.TranslateParams, v.WSDLSelector = "", "", "", "", "", nil
	if v.AuthenticationSettings == nil {
		v.AuthenticationSettings = &Authentication{}
	}
	if v.AuthenticationSettings.OAuth2List == nil {
		v.AuthenticationSettings.OAuth2List = []any{}
	}
	if v.AuthenticationSettings.OpenIDList == nil {
		v.AuthenticationSettings.OpenIDList = []any{}
	}
	id, set, ok := setOf(r.Lookup, v)
	if ok && strings.EqualFold(r.Query.Get("expandApiVersionSet"), "true") {
		v.VersionSet = &SetDetails{id.String(), set.DisplayName, set.Description, set.VersioningScheme, set.VersionQueryName, set.VersionHeaderName}
	}
	if strings.EqualFold(r.Query.Get("effectivePath"), "true") {
		v.EffectivePath = effectivePath(v, set)
	}
}

// effectivePath is what the paths of requests for an API begin with. set is nil without one.
func effectivePath(a *API, set *VersionSet) string {
	path := "/" + a.Path
	if set != nil && set.VersioningScheme == "Segment" && a.APIVersion != "" {
		path = strings.TrimSuffix(path, "/") + "/" + a.APIVersion
	}
	if a.IsCurrent != nil && !*a.IsCurrent {
		path += revisionMark + a.APIRevision
	}
	return path
}

func apiNames() kind.Names {
	n := named(256)
	n.Pattern, n.Words = apiIdentifier, identifierWords
	return n
}

func containsFold(list []string, s string) bool {
	for _, l := range list {
		if strings.EqualFold(l, s) {
			return true
		}
	}
	return false
}
