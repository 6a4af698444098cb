package policies

import (
	"errors"
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Proxy sends the backend call, or the request that it is a child of, through an HTTP proxy (policies.md 7.6).
var Proxy = policy.Spec{
	Name:     "proxy",
	Doc:      "Sends the request to the backend through an HTTP proxy; inside of send-request and send-one-way-request that request alone.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("url", policy.Text).Required().Expr().Doc("Address of the proxy, http://host:port."),
		policy.Attr("username", policy.Text).Expr().Doc("User name at the proxy, for Basic authentication; it can't hold a colon."),
		policy.Attr("password", policy.Text).Expr().Doc("Password; keep it in a secret named value."),
	),
	Compile: compileProxy,
}

func compileProxy(a *policy.Args) (policy.Step, error) {
	address, user, password := a.Text("url"), a.Text("username"), a.Text("password")
	if text, literal := address.Literal(); literal {
		if _, err := proxyAddress(text); err != nil {
			return nil, err
		}
	}
	if name, literal := user.Literal(); literal && strings.Contains(name, ":") {
		return nil, errColonInUser
	}
	return func(x *policy.Exchange) error {
		text, err := address.Get(x)
		if err != nil {
			return err
		}
		p := &policy.Proxy{}
		if p.Address, err = proxyAddress(text); err != nil {
			return err
		}
		if p.User, err = user.Get(x); err != nil {
			return err
		}
		if strings.Contains(p.User, ":") {
			return errColonInUser
		}
		if p.Password, err = password.Get(x); err != nil {
			return err
		}
		x.Target().Proxy = p
		return nil
	}, nil
}

var errProxy = errors.New("the 'url' attribute is invalid - a proxy has an address such as http://proxy.example:3128; user name and password are attributes of their own")

// proxyAddress is scheme, host and port of a proxy.
func proxyAddress(text string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", errProxy
	}
	return u.Scheme + "://" + u.Host, nil
}
