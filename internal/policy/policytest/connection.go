package policytest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Tenant is the organisation of scripts.
const Tenant = "72f988bf-0000-4000-8000-2d7cd011db47"

// Connections are the credential manager of a script. It does the words connection, access, principal and issuer.
type Connections struct {
	Principal, Issuer string
	file              func(name string) (string, error)
	homes             map[string]map[string]*Connected // by id of the home, then by policy.ConnectionKey
}

// Connected is one connection.
type Connected struct {
	Provider, Name, Token, Claims, Fault string
	Expires                              time.Time
	Access                               []policy.Grantee
}

// NewConnections makes an empty set over the files of an archive.
func NewConnections(file func(name string) (string, error)) *Connections {
	return &Connections{file: file, homes: map[string]map[string]*Connected{}}
}

// All are the connections of a home.
func (c *Connections) All(home string) map[string]*Connected { return c.homes[home] }

// Connection is the word connection.
func (c *Connections) Connection(home string, now time.Time, a []string) error {
	provider, name, ok := strings.Cut(a[0], "/")
	if !ok || len(a) < 2 {
		return errors.New("connection needs PROVIDER/NAME and a token")
	}
	made := &Connected{Provider: provider, Name: name, Token: a[1]}
	if old := c.homes[home][policy.ConnectionKey(provider, name)]; old != nil {
		made.Access = old.Access
	}
	if made.Token == "-" {
		made.Token = ""
	}
	for _, more := range a[2:] {
		if fault, is := strings.CutPrefix(more, "fault="); is {
			made.Fault = fault
		} else if d, err := time.ParseDuration(more); err == nil {
			made.Expires = now.Add(d)
		} else if made.Claims, err = c.file(more); err != nil {
			return err
		}
	}
	if c.homes[home] == nil {
		c.homes[home] = map[string]*Connected{}
	}
	c.homes[home][policy.ConnectionKey(provider, name)] = made
	return nil
}

// Access is the word access.
func (c *Connections) Access(home string, a []string) error {
	provider, name, _ := strings.Cut(a[0], "/")
	to := c.homes[home][policy.ConnectionKey(provider, name)]
	if to == nil || len(a) < 2 {
		return fmt.Errorf("there is no connection %s, or access names nobody", a[0])
	}
	any := func(i int) string {
		if i < len(a) && a[i] != "-" {
			return a[i]
		}
		return ""
	}
	g := policy.Grantee{ObjectID: any(1), TenantID: any(2)}
	if len(a) > 3 {
		g.Apps = a[3:]
	}
	to.Access = append(to.Access, g)
	return nil
}

// connection is the word connection; documents of a workspace are held against those that it has.
func (c *Case) connection(_ bool, a []string) error {
	if err := c.connections.Connection(c.home.ID, c.now, a); err != nil {
		return err
	}
	if c.home.Connections != nil {
		c.home.Connections[strings.ToLower(a[0])] = true
	}
	return nil
}

// Fill gives a deployment the connections.
func (c *Connections) Fill(d *policy.Deployment) {
	d.Principal, d.Issuer, d.Tenant, d.Connections = c.Principal, c.Issuer, Tenant, map[string]map[string]*policy.Connection{}
	for home, all := range c.homes {
		d.Connections[home] = map[string]*policy.Connection{}
		for key, in := range all {
			out := &policy.Connection{Expires: in.Expires, Fault: in.Fault, Access: in.Access}
			if in.Token != "" {
				out.Authorization = policy.NewAuthorization(in.Token, in.Claims)
			}
			d.Connections[home][key] = out
		}
	}
}
