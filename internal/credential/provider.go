package credential

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Grant is how a client gets its first token.
type Grant string

// The grants, as the management API writes them.
const (
	AuthorizationCode Grant = "AuthorizationCode"
	ClientCredentials Grant = "ClientCredentials"
)

// Provider is an identity provider: where its endpoints are and what settings a client needs there. {name} in an address stands for a setting.
type Provider struct {
	Name, Title      string
	Authorize, Token string
	// Refresh is where refresh tokens are exchanged; Token when empty.
	Refresh  string
	Settings []Setting
	Grants   []Grant
	// AuthorizeWith and TokenWith are parameters beside those of the grant; an empty one is left out.
	AuthorizeWith, TokenWith map[string]string
	PKCE                     bool // the code is bound to a verifier (RFC 7636)
	Basic                    bool // the client proves itself in a header and not in the form
	Either                   bool // it is tried in the form first, then in a header
}

// Setting is one setting of a grant beside clientId, clientSecret and scopes.
type Setting struct {
	Name, Default string
	Form          Form
	Grants        []Grant // that need it; nil for none
	Unused        []Grant // that take it and do nothing with it
}

// Form says what a setting may be.
type Form int

// The forms.
const (
	Text  Form = iota // sent as a parameter
	Label             // a part of an address: letters, digits, dots and hyphens
	URL               // an address of an endpoint, or what one begins with
)

// Settings that every provider takes.
const (
	ClientID     = "clientId"
	ClientSecret = "clientSecret"
	Scopes       = "scopes"
)

// Find returns the provider of a name, in whatever casing.
func Find(name string) (Provider, bool) {
	at := slices.IndexFunc(providers, func(p Provider) bool { return strings.EqualFold(p.Name, name) })
	if at < 0 {
		return Provider{}, false
	}
	return providers[at], true
}

// Names are the names of all providers in order.
func Names() (out []string) {
	for _, p := range providers {
		out = append(out, p.Name)
	}
	slices.Sort(out)
	return out
}

// Problem is a setting that can't be used, and why.
type Problem struct{ Setting, Message string }

func (p *Problem) Error() string { return p.Setting + " " + p.Message }

func problem(setting, format string, args ...any) *Problem {
	return &Problem{setting, fmt.Sprintf(format, args...)}
}

const maxSetting = 4000

// Check says what is wrong with the settings of a grant, nil for nothing. The secret is not among them.
func (p Provider) Check(grant Grant, settings map[string]string) *Problem {
	if !slices.Contains(p.Grants, grant) {
		return problem(string(grant), "is not a grant of the identity provider '%s'.", p.Name)
	}
	for _, name := range sorted(settings) {
		if len(settings[name]) > maxSetting {
			return problem(name, "has more than %d characters.", maxSetting)
		}
		if p.setting(name) == nil && !common(name) {
			return problem(name, "is not a setting of the identity provider '%s'. It takes: %s.", p.Name, strings.Join(p.names(), ", "))
		}
	}
	if grant == AuthorizationCode && get(settings, ClientID) == "" {
		return problem(ClientID, "is required: the id of the client that is registered with the provider.")
	}
	for _, s := range p.Settings {
		value := get(settings, s.Name)
		switch {
		case value == "" && slices.Contains(s.Grants, grant):
			return problem(s.Name, "is required by the identity provider '%s'.", p.Name)
		case value == "" || slices.Contains(s.Unused, grant):
		case s.Form == Label && !label.MatchString(value):
			return problem(s.Name, "may hold letters, digits, dots and hyphens.")
		case s.Form == URL:
			if err := checkEndpoint(value); err != nil {
				return problem(s.Name, "is not an address that tokens may be asked of: %s.", err)
			}
		}
	}
	return nil
}

func common(name string) bool {
	return strings.EqualFold(name, ClientID) || strings.EqualFold(name, ClientSecret) || strings.EqualFold(name, Scopes)
}

func (p Provider) setting(name string) *Setting {
	at := slices.IndexFunc(p.Settings, func(s Setting) bool { return strings.EqualFold(s.Name, name) })
	if at < 0 {
		return nil
	}
	return &p.Settings[at]
}

func (p Provider) names() []string {
	out := []string{ClientID, ClientSecret, Scopes}
	for _, s := range p.Settings {
		out = append(out, s.Name)
	}
	return out
}

// label is a part of a host name or path that can't leave its place.
var label = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$`)

// host is a host name or an address: it is shown to people and stands in headers of pages.
var host = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,253}$`)

// checkEndpoint wants https, or http on this machine: secrets and tokens go there.
func checkEndpoint(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return errors.New("it is not a URL")
	case !host.MatchString(u.Hostname()):
		return errors.New("its host is not a host name or address")
	case u.User != nil || u.Fragment != "":
		return errors.New("it has a user name or a fragment")
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return errors.New("it must be https")
}

// loopback says whether a host is this machine, by what is written alone.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// CheckReturn says why a browser can't be sent to an address after a consent; nil when it can.
func CheckReturn(address string) error {
	if len(address) > 2000 {
		return errors.New("it has more than 2000 characters")
	}
	if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return errors.New("it holds blanks, backslashes or control characters")
	}
	return checkEndpoint(address)
}

// get is a setting in whatever casing it is written; "" when there is none.
func get(settings map[string]string, name string) string {
	if v, ok := settings[name]; ok {
		return strings.TrimSpace(v)
	}
	for _, k := range sorted(settings) {
		if strings.EqualFold(k, name) {
			return strings.TrimSpace(settings[k])
		}
	}
	return ""
}

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
