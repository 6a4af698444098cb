package apim

import (
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// PortalSetting is one of three: how people sign in to the developer portal, how they sign up, and what is delegated to a site of the publisher. Each
// uses the members that concern it.
type PortalSetting struct {
	Enabled          *bool           `json:"enabled,omitempty"`
	TermsOfService   *TermsOfService `json:"termsOfService,omitempty"`
	URL              *string         `json:"url,omitempty"`
	ValidationKey    string          `json:"validationKey,omitempty"`
	Subscriptions    *Delegated      `json:"subscriptions,omitempty"`
	UserRegistration *Delegated      `json:"userRegistration,omitempty"`
}

// TermsOfService are shown to people who sign up.
type TermsOfService struct {
	Text            string `json:"text,omitempty"`
	Enabled         bool   `json:"enabled"`
	ConsentRequired bool   `json:"consentRequired"`
}

// Delegated says whether something is done on the publisher's own site.
type Delegated struct {
	Enabled bool `json:"enabled"`
}

// Names of the portal settings.
const (
	settingSignin     = "signin"
	settingSignup     = "signup"
	settingDelegation = "delegation"
)

func portalSetting() *kind.Kind {
	return kind.Entity[PortalSetting]{
		Type: "portalsettings", Right: "portalSettings", Noun: "Portal setting", Under: []string{kind.Service},
		Names: kind.Names{Among: []string{settingSignin, settingSignup, settingDelegation}}, PatchStatus: http.StatusNoContent, Permanent: true,
		Standing: func(id arm.ID) *PortalSetting { return standingPortalSetting(id.Name()) },
		Secrets:  func(v *PortalSetting) []*string { return []*string{&v.ValidationKey} },
		Actions: []kind.Action{{Name: "listSecrets", Do: func(c *kind.ActionCall) (any, error) {
			return map[string]string{"validationKey": c.Value.(*PortalSetting).ValidationKey}, nil
		}}},
		Default: func(w *kind.Typed[PortalSetting]) error {
			first := standingPortalSetting(w.ID.Name())
			if first == nil {
				return nil // the name is refused elsewhere
			}
			s := w.New
			s.Enabled, s.TermsOfService = orElse(s.Enabled, first.Enabled), orElse(s.TermsOfService, first.TermsOfService)
			s.URL, s.Subscriptions = orElse(s.URL, first.URL), orElse(s.Subscriptions, first.Subscriptions)
			s.UserRegistration = orElse(s.UserRegistration, first.UserRegistration)
			if w.Old != nil && !w.Supplied["validationKey"] {
				s.ValidationKey = w.Old.ValidationKey
			}
			return nil
		},
		Validate: func(w *kind.Typed[PortalSetting]) error {
			s := w.New
			if strings.EqualFold(w.ID.Name(), settingDelegation) && (s.Subscriptions.Enabled || s.UserRegistration.Enabled) && (s.URL == nil || *s.URL == "") {
				return arm.InvalidField("url", "url is required when something is delegated: it is where people are sent.")
			}
			return nil
		},
	}.Kind()
}

// standingPortalSetting is a setting as a new service has it.
func standingPortalSetting(name string) *PortalSetting {
	switch strings.ToLower(name) {
	case settingSignin:
		return &PortalSetting{Enabled: ptr(false)}
	case settingSignup:
		return &PortalSetting{Enabled: ptr(true), TermsOfService: &TermsOfService{}}
	case settingDelegation:
		return &PortalSetting{URL: ptr(""), Subscriptions: &Delegated{}, UserRegistration: &Delegated{}}
	}
	return nil
}

func orElse[T any](v, other *T) *T {
	if v != nil {
		return v
	}
	return other
}
