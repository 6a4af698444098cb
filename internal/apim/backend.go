package apim

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Backend is a runtime address that policies send requests to by name, or a pool of such addresses.
type Backend struct {
	Title       string              `json:"title,omitempty" rule:"max=300"`
	Description string              `json:"description,omitempty" rule:"max=2000"`
	URL         string              `json:"url,omitempty" rule:"max=2000,url"`
	Protocol    string              `json:"protocol,omitempty" rule:"enum=http|soap"`
	ResourceID  string              `json:"resourceId,omitempty" rule:"max=2000"`
	Type        string              `json:"type,omitempty" rule:"enum=Single|Pool"`
	Credentials *BackendCredentials `json:"credentials,omitempty"`
	TLS         *BackendTLS         `json:"tls,omitempty"`
	Pool        *BackendPool        `json:"pool,omitempty"`
	Proxy       *BackendProxy       `json:"proxy,omitempty"`
	Breaker     *CircuitBreaker     `json:"circuitBreaker,omitempty"`
	More        *BackendProperties  `json:"properties,omitempty"`
}

// BackendCredentials are added to every request to a backend. They may refer to named values.
type BackendCredentials struct {
	Header        map[string][]string   `json:"header,omitempty"`
	Query         map[string][]string   `json:"query,omitempty"`
	Certificate   []string              `json:"certificate,omitempty" rule:"max=32"`
	CertificateID []string              `json:"certificateIds,omitempty" rule:"max=32"`
	Authorization *BackendAuthorization `json:"authorization,omitempty"`
}

// BackendProxy is the HTTP proxy that calls to a backend go through. User name and password may refer to named values.
type BackendProxy struct {
	URL      string `json:"url" rule:"required,max=2000"`
	Username string `json:"username,omitempty" rule:"max=300"`
	Password string `json:"password,omitempty" rule:"max=300"`
}

// BackendProperties are what only some backends have.
type BackendProperties struct {
	Cluster *ServiceFabricCluster `json:"serviceFabricCluster,omitempty"`
}

// ServiceFabricCluster is where a cluster is managed. No gateway can ask one for its services: backends that have it are refused.
type ServiceFabricCluster struct {
	ManagementEndpoints []string `json:"managementEndpoints,omitempty"`
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
		View:    kind.View{One: "Backend", Many: "Backends", Summary: "An address, or a pool of them, that policies send requests to by name.", Columns: []string{"title", "type", "url", "protocol"}},
		Secrets: (*Backend).secrets,
		Default: func(w *kind.Typed[Backend]) error {
			if w.New.Type == "" {
				w.New.Type = "Single"
			}
			if w.Old != nil {
				w.New.keepSecrets(w.Old)
			}
			w.New.Pool.complete(homeOf(w.ID))
			w.New.Credentials.complete(homeOf(w.ID))
			return nil
		},
		Validate: validateBackend,
		Refs: func(w *kind.Typed[Backend]) []kind.Ref {
			return append(w.New.Pool.refs(), w.New.Credentials.refs(w.Lookup, homeOf(w.ID))...)
		},
		Claims: func(w *kind.Typed[Backend]) []kind.Claim {
			return []kind.Claim{uniqueName(w.ID, "backends", "Backend")}
		},
	}.Kind()
}

func validateBackend(w *kind.Typed[Backend]) error {
	b := w.New
	switch {
	case b.More != nil && b.More.Cluster != nil:
		return arm.InvalidField("properties.serviceFabricCluster", "properties.serviceFabricCluster: Service Fabric clusters are not supported yet; leave it out and give the url of a service.")
	case b.Type == "Pool":
		return validatePool(w)
	case b.Pool != nil:
		return arm.InvalidField("pool", "pool is for backends of type Pool; leave it out, or set type to Pool.")
	case b.URL == "":
		return arm.InvalidField("url", "url is required.")
	case b.Protocol == "":
		return arm.InvalidField("protocol", "protocol is required: http or soap.")
	}
	if err := b.Proxy.validate(); err != nil {
		return err
	}
	if err := b.Breaker.validate(); err != nil {
		return err
	}
	return b.Credentials.validate(w)
}

// validate refuses proxies that gateways can't go through: they speak plain HTTP to them, and sign in with Basic authentication (policies.md 7.6).
func (p *BackendProxy) validate() error {
	if p == nil {
		return nil
	}
	u, err := url.Parse(p.URL)
	switch {
	case err != nil || u.Scheme != "http" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return arm.InvalidField("proxy.url", "proxy.url must be the address of an HTTP proxy such as http://proxy.example:3128.")
	case u.User != nil:
		return arm.InvalidField("proxy.url", "proxy.url must not hold a user name or password; use proxy.username and proxy.password.")
	case strings.Contains(p.Username, ":"):
		return arm.InvalidField("proxy.username", "proxy.username must not hold a colon: Basic authentication ends the name with one.")
	}
	return nil
}

// secrets are the credentials, except those that only name named values: these say nothing, and people want to see them.
func (b *Backend) secrets() []*string {
	var out []*string
	if c := b.Credentials; c != nil {
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
	}
	if b.Proxy != nil {
		out = append(out, &b.Proxy.Password)
	}
	return slices.DeleteFunc(out, func(s *string) bool { return namesOnly.MatchString(*s) })
}

// namesOnly matches a text that is made of references to named values.
var namesOnly = regexp.MustCompile(`^(\{\{[A-Za-z0-9._-]+\}\})+$`)

// keepSecrets fills credentials that came back blank, as answers show them, with what is stored.
func (b *Backend) keepSecrets(old *Backend) {
	if p, was := b.Proxy, old.Proxy; p != nil && was != nil && p.URL == was.URL && p.Username == was.Username {
		p.Password = cmp.Or(p.Password, was.Password)
	}
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
