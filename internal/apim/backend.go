package apim

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Backend is a runtime address that policies send requests to by name.
type Backend struct {
	Title       string              `json:"title,omitempty" rule:"max=300"`
	Description string              `json:"description,omitempty" rule:"max=2000"`
	URL         string              `json:"url,omitempty" rule:"max=2000,url"`
	Protocol    string              `json:"protocol,omitempty" rule:"enum=http|soap"`
	ResourceID  string              `json:"resourceId,omitempty" rule:"max=2000"`
	Type        string              `json:"type,omitempty" rule:"enum=Single|Pool"`
	Credentials *BackendCredentials `json:"credentials,omitempty"`
	TLS         *BackendTLS         `json:"tls,omitempty"`
	Pool        any                 `json:"pool,omitempty"`
	Proxy       any                 `json:"proxy,omitempty"`
	More        any                 `json:"properties,omitempty"` // Service Fabric
	Breaker     any                 `json:"circuitBreaker,omitempty"`
}

// BackendCredentials are added to every request to a backend. They may refer to named values.
type BackendCredentials struct {
	Header        map[string][]string   `json:"header,omitempty"`
	Query         map[string][]string   `json:"query,omitempty"`
	Certificate   []string              `json:"certificate,omitempty" rule:"max=32"`
	CertificateID []string              `json:"certificateIds,omitempty" rule:"max=32"`
	Authorization *BackendAuthorization `json:"authorization,omitempty"`
}

// BackendAuthorization is an Authorization header.
type BackendAuthorization struct {
	Scheme    string `json:"scheme" rule:"required,max=100"`
	Parameter string `json:"parameter" rule:"required,max=300"`
}

// BackendTLS says what of a backend's certificate is checked; everything unless it says otherwise.
type BackendTLS struct {
	ValidateCertificateChain *bool `json:"validateCertificateChain,omitempty"`
	ValidateCertificateName  *bool `json:"validateCertificateName,omitempty"`
}

func backend() *kind.Kind {
	return kind.Entity[Backend]{
		Type: "backends", Noun: "Backend", Under: serviceAndWorkspaces, Names: named(80), Publish: true, Filters: "name title url",
		View:    kind.View{One: "Backend", Many: "Backends", Summary: "An address that policies send requests to by name.", Columns: []string{"title", "url", "protocol"}},
		Secrets: (*Backend).secrets,
		Default: func(w *kind.Typed[Backend]) error {
			if w.New.Type == "" {
				w.New.Type = "Single"
			}
			if w.Old != nil {
				w.New.keepSecrets(w.Old)
			}
			return nil
		},
		Validate: func(w *kind.Typed[Backend]) error {
			switch b := w.New; {
			case b.Proxy != nil:
				return arm.InvalidField("proxy", "proxy is not supported yet; leave it out.")
			case b.More != nil:
				return arm.InvalidField("properties", "properties: Service Fabric clusters are not supported yet; leave it out.")
			case b.Type == "Pool" || b.Pool != nil:
				return arm.InvalidField("type", "type: pools of backends are not supported yet; use a single backend.")
			case b.Breaker != nil:
				return arm.InvalidField("circuitBreaker", "circuitBreaker is not supported yet; leave it out.")
			case b.Credentials != nil && len(b.Credentials.Certificate)+len(b.Credentials.CertificateID) > 0:
				return arm.InvalidField("credentials.certificate", "credentials.certificate is not supported yet; leave it out.")
			case b.URL == "":
				return arm.InvalidField("url", "url is required.")
			case b.Protocol == "":
				return arm.InvalidField("protocol", "protocol is required: http or soap.")
			}
			return nil
		},
		Claims: func(w *kind.Typed[Backend]) []kind.Claim {
			return []kind.Claim{uniqueName(w.ID, "backends", "Backend")}
		},
	}.Kind()
}

// secrets are the credentials, except those that only name named values: these say nothing, and people want to see them.
func (b *Backend) secrets() []*string {
	c := b.Credentials
	if c == nil {
		return nil
	}
	var out []*string
	for _, group := range []map[string][]string{c.Header, c.Query} {
		for _, values := range group {
			for i := range values {
				out = append(out, &values[i])
			}
		}
	}
	if c.Authorization != nil {
		out = append(out, &c.Authorization.Parameter)
	}
	return slices.DeleteFunc(out, func(s *string) bool { return namesOnly.MatchString(*s) })
}

// namesOnly matches a text that is made of references to named values.
var namesOnly = regexp.MustCompile(`^(\{\{[A-Za-z0-9._-]+\}\})+$`)

// keepSecrets fills credentials that came back blank, as answers show them, with what is stored.
func (b *Backend) keepSecrets(old *Backend) {
	if b.Credentials == nil || old.Credentials == nil {
		return
	}
	c, was := b.Credentials, old.Credentials
	for _, group := range []struct{ now, was map[string][]string }{{c.Header, was.Header}, {c.Query, was.Query}} {
		for name, values := range group.now {
			for i := range min(len(values), len(group.was[name])) {
				values[i] = cmp.Or(values[i], group.was[name][i])
			}
		}
	}
	if c.Authorization != nil && was.Authorization != nil && c.Authorization.Scheme == was.Authorization.Scheme {
		c.Authorization.Parameter = cmp.Or(c.Authorization.Parameter, was.Authorization.Parameter)
	}
}
