package control

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// Call is who asks and how, apart from what: one request to the management API.
type Call struct {
	ObjectID string   // of the principal; empty for the product itself
	Name     string   // client id or user name, for refusals
	Groups   []string // beside those that the directory knows: what the groups of an external issuer stand for
	IP       string
	Request  string // correlation id
	Query    url.Values
	IfMatch  string
	// System calls are the product's own (first start, portal on behalf of a user): they pass authorization.
	System bool
	// BaseURL is what absolute links in answers begin with, as the caller wrote it: "https://127.0.0.1:8443".
	BaseURL string
	// Path is the request's path, for links.
	Path string
}

// System is a call by the product itself; name says which part.
func System(name string) *Call {
	return &Call{Name: name, System: true, Query: url.Values{}}
}

func (c *Call) actor() store.Actor {
	return store.Actor{ObjectID: c.ObjectID, Name: c.Name, IP: c.IP, Request: c.Request}
}

func (c *Call) caller() kind.Caller {
	return kind.Caller{ObjectID: c.ObjectID, Name: c.Name, Groups: c.Groups}
}

// Answer is what a verb returns: a status, and a body and tag when there are some.
type Answer struct {
	Status int
	Head   int         // status of a HEAD; 0 for Status
	Body   []byte      // JSON; nil for none
	ETag   string      // without quotes
	Header http.Header // more header lines, nil for none
}

// allow refuses unless the caller may perform the action at the scope.
func (c *Control) allow(call *Call, action string, scope arm.ID) error {
	return c.decide(call, action, scope, false)
}

// Allow refuses, in Resource Manager's words, unless the caller may perform the action at the scope: for endpoints beside the kinds.
func (c *Control) Allow(call *Call, action string, scope arm.ID) error {
	return c.allow(call, action, scope)
}

func (c *Control) decide(call *Call, action string, scope arm.ID, own bool) error {
	if call.System {
		return nil
	}
	p := c.principal(call)
	x := c.Access.Load()
	d := x.Decide(p, action, scope)
	if !d.Allowed && own {
		d = x.DecideOwn(p, action, scope)
	}
	if d.Allowed {
		return nil
	}
	return d.Refusal(call.Name, p, action, scope)
}

// decideOn is decide with facts about the write. Facts that come Later leave conditions open: then there is no refusal, and the caller must ask again
// with those that are final.
func (c *Control) decideOn(call *Call, action string, scope arm.ID, f authz.Facts) (open bool, err error) {
	if call.System {
		return false, nil
	}
	p := c.principal(call)
	f.Now = c.Now
	p.Facts = &f
	d := c.Access.Load().Decide(p, action, scope)
	if d.Allowed || d.Open {
		return d.Open, nil
	}
	return false, d.Refusal(call.Name, p, action, scope)
}

func (c *Control) principal(call *Call) authz.Principal {
	p := authz.Principal{ID: call.ObjectID, Groups: c.Directory.Groups(call.ObjectID), Facts: &authz.Facts{Now: c.Now}}
	if len(call.Groups) > 0 {
		p.Groups = slices.Concat(p.Groups, call.Groups)
	}
	return p
}
