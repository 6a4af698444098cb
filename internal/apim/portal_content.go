package apim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// The developer portal's content as its editors keep it: types of content, their items, what is published.

// ContentType says what items of a type look like.
type ContentType struct {
	ID          string `json:"id,omitempty" rule:"max=256"`
	Name        string `json:"name,omitempty" rule:"max=256"`
	Description string `json:"description,omitempty" rule:"max=2000"`
	Schema      any    `json:"schema,omitempty"`
	Version     string `json:"version,omitempty" rule:"max=64"`
}

func contentType() *kind.Kind {
	return kind.Entity[ContentType]{Type: "contentTypes", Noun: "Content type", Under: []string{kind.Service}, Names: kind.Names{Min: 1, Max: 80}, PutOnly: true}.Kind()
}

// ContentItem is one piece of content, in whatever form its type says.
type ContentItem map[string]any

func contentItem() *kind.Kind {
	return kind.Entity[ContentItem]{
		Type: "contentItems", Noun: "Content item", Under: []string{"contentTypes"}, Names: kind.Names{Min: 1, Max: 80}, PutOnly: true,
		Default: func(w *kind.Typed[ContentItem]) error {
			if *w.New == nil {
				*w.New = ContentItem{}
			}
			return nil
		},
	}.Kind()
}

// PortalConfig are the portal's settings in one document.
type PortalConfig struct {
	EnableBasicAuth *bool `json:"enableBasicAuth,omitempty"`
	Signin          *struct {
		Require bool `json:"require"`
	} `json:"signin,omitempty"`
	Signup *struct {
		TermsOfService *struct {
			Text           string `json:"text,omitempty"`
			RequireConsent bool   `json:"requireConsent"`
		} `json:"termsOfService,omitempty"`
	} `json:"signup,omitempty"`
	Delegation *PortalDelegation `json:"delegation,omitempty"`
	Cors       *struct {
		AllowedOrigins []string `json:"allowedOrigins,omitempty" rule:"max=100"`
	} `json:"cors,omitempty"`
	Csp *struct {
		Mode           string   `json:"mode,omitempty" rule:"enum=disabled|enabled|reportOnly"`
		ReportURI      []string `json:"reportUri,omitempty" rule:"max=100"`
		AllowedSources []string `json:"allowedSources,omitempty" rule:"max=100"`
	} `json:"csp,omitempty"`
}

// PortalDelegation is what a portal hands to the publisher's own site.
type PortalDelegation struct {
	DelegateRegistration bool   `json:"delegateRegistration"`
	DelegateSubscription bool   `json:"delegateSubscription"`
	DelegationURL        string `json:"delegationUrl,omitempty" rule:"max=2000"`
	ValidationKey        string `json:"validationKey,omitempty" rule:"max=1000"`
}

func portalConfig() *kind.Kind {
	return kind.Entity[PortalConfig]{
		Type: "portalconfigs", Noun: "Portal configuration", Under: []string{kind.Service}, Names: kind.Names{Among: []string{"default"}}, Permanent: true,
		Standing: func(id arm.ID) *PortalConfig {
			if !strings.EqualFold(id.Name(), "default") {
				return nil
			}
			return &PortalConfig{EnableBasicAuth: ptr(true)}
		},
		Secrets: func(v *PortalConfig) []*string {
			if v.Delegation == nil {
				return nil
			}
			return []*string{&v.Delegation.ValidationKey}
		},
		Default: func(w *kind.Typed[PortalConfig]) error {
			if w.New.EnableBasicAuth == nil {
				w.New.EnableBasicAuth = ptr(true)
			}
			if d := w.New.Delegation; d != nil && w.Old != nil && w.Old.Delegation != nil {
				d.ValidationKey = cmp.Or(d.ValidationKey, w.Old.Delegation.ValidationKey)
			}
			return nil
		},
	}.Kind()
}

// PortalRevision is a published state of the portal.
type PortalRevision struct {
	Description       string     `json:"description,omitempty" rule:"max=2000"`
	IsCurrent         bool       `json:"isCurrent"`
	Status            string     `json:"status,omitempty"`
	StatusDetails     string     `json:"statusDetails,omitempty"`
	CreatedDateTime   *time.Time `json:"createdDateTime,omitempty"`
	UpdatedDateTime   *time.Time `json:"updatedDateTime,omitempty"`
	ProvisioningState string     `json:"provisioningState,omitempty"`
}

func portalRevision() *kind.Kind {
	return kind.Entity[PortalRevision]{
		Type: "portalRevisions", Noun: "Portal revision", Under: []string{kind.Service}, Names: kind.Names{Min: 1, Max: 256}, UpdateStatus: http.StatusCreated, PatchStatus: http.StatusOK, Permanent: true,
		Filters: "name description isCurrent",
		Default: func(w *kind.Typed[PortalRevision]) error {
			r, now := w.New, time.Now().UTC().Truncate(time.Second)
			r.Status, r.StatusDetails, r.ProvisioningState = "completed", "", "Succeeded"
			r.CreatedDateTime, r.UpdatedDateTime = &now, &now
			if w.Old != nil {
				r.CreatedDateTime = w.Old.CreatedDateTime
				if !w.Supplied["isCurrent"] {
					r.IsCurrent = w.Old.IsCurrent
				}
			}
			return nil
		},
		Expand: func(w *kind.Typed[PortalRevision]) ([]kind.Extra, error) {
			if !w.New.IsCurrent {
				return nil, nil
			}
			var out []kind.Extra // one revision is current
			for _, r := range w.Lookup.Children(w.ID.Parent(), "portalRevisions") {
				if v, ok := r.Value.(*PortalRevision); ok && v.IsCurrent && !r.ID.Equal(w.ID) {
					old := *v
					old.IsCurrent = false
					out = append(out, kind.Extra{ID: r.ID, Value: &old, Kept: true})
				}
			}
			return out, nil
		},
	}.Kind()
}

// TenantSetting are settings that everybody with access may read.
type TenantSetting struct {
	Settings map[string]string `json:"settings"`
}

func tenantSetting() *kind.Kind {
	names := []string{"public"}
	return kind.Entity[TenantSetting]{
		Type: "settings", Noun: "Setting", Under: []string{kind.Service}, Names: kind.Names{Among: names}, ReadOnly: true,
		Standing: func(id arm.ID) *TenantSetting {
			if !slices.Contains(names, strings.ToLower(id.Name())) {
				return nil
			}
			return &TenantSetting{Settings: map[string]string{}}
		},
		Render: func(r *kind.Rendering, v *TenantSetting) {
			// What the portal does about people who sign in, in the words of its settings.
			service := r.ID.Parent()
			v.Settings = map[string]string{}
			for name, setting := range map[string]string{settingSignin: "CustomPortalSettings.RequireUserSigninEnabled", settingSignup: "CustomPortalSettings.UserRegistrationEnabled"} {
				at := standingPortalSetting(name)
				if stored, ok := kind.Of[PortalSetting](r.Lookup, service.Child("portalsettings", name)); ok {
					at = stored
				}
				v.Settings[setting] = map[bool]string{true: "True", false: "False"}[at.Enabled != nil && *at.Enabled]
			}
		},
	}.Kind()
}
