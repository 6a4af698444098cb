package policies

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// HTTPDataSource is the policy of a GraphQL resolver whose data comes over HTTP (policies.md 7.13). Its request is its own: nothing of the caller's
// goes on unless a child puts it there, and expressions see the arguments of the field as its body.
var HTTPDataSource = policy.Spec{
	Name:     "http-data-source",
	Doc:      "Gets the data of a field of a GraphQL API over HTTP.",
	Resolves: true,
	Shape: policy.Element(
		policy.Child("http-request",
			policy.Slot("get-authorization-context", 1),
			policy.Slot("set-backend-service", 1),
			policy.Slot("include-fragment", 0),
			policy.Slot("set-method", 1),
			policy.Child("set-url", policy.Content(policy.Text).Required().Expr().Doc("Absolute address; with set-backend-service also a path that begins with a slash.")).Required(),
			policy.Slot("set-header", 0),
			policy.Slot("set-body", 1),
			policy.Slot("authentication-certificate", 1),
		).Required().Doc("The request for the data."),
		policy.Child("backend", policy.Slot("forward-request", 1)).Doc("How the request is sent; as usual when left out."),
		policy.Child("http-response",
			policy.Slot("set-body", 1),
			policy.Slot("xml-to-json", 1),
			policy.Slot("find-and-replace", 1),
			policy.Slot("publish-event", 1),
			policy.Slot("include-fragment", 0),
		).Doc("What makes data of the answer; the answer's body is the data when left out."),
	),
	Compile: compileHTTPDataSource,
}

type dataSource struct {
	url              policy.TextValue
	request, backend policy.Block
	response         dataResponse
}

func compileHTTPDataSource(a *policy.Args) (policy.Step, error) {
	request := a.One("http-request")
	s := dataSource{request: request.Slots()}
	if !slices.ContainsFunc(s.request, func(in policy.Instruction) bool { return in.Place.Element == "set-method" }) {
		return nil, request.Errorf("The element 'http-request' is incomplete; a child element 'set-method' is required")
	}
	relative := slices.ContainsFunc(s.request, func(in policy.Instruction) bool { return in.Place.Element == "set-backend-service" })
	at := request.One("set-url")
	s.url = at.Content()
	if text, literal := s.url.Literal(); literal {
		if _, err := dataURL(text, relative); err != nil {
			return nil, at.Errorf("%s", err)
		}
	}
	if b := a.One("backend"); b != nil {
		s.backend = b.Slots()
	}
	s.response = compileDataResponse(a.One("http-response"))
	return s.run, nil
}

func (s *dataSource) run(x *policy.Exchange) error {
	x.Section = policy.Inbound
	arguments := x.Request.Body
	text, err := s.url.Get(x)
	if err != nil {
		return err
	}
	if err := s.request.Run(x); err != nil {
		return err
	}
	if x.Request.Body == arguments { // for expressions to read, not to send
		x.Request.Body = nil
	}
	if err := aim(x, text); err != nil {
		return err
	}
	x.Section = policy.BackendSection
	if len(s.backend) > 0 {
		err = s.backend.Run(x)
	} else {
		err = x.Host.Forward(x, policy.ForwardOptions{BufferResponse: true, HTTPVersion: "1"})
	}
	if err != nil {
		return err
	}
	x.Section = policy.Outbound
	if r := x.EnsureResponse(); r.Status >= 400 && !s.response.shapes {
		return &policy.Error{Reason: "BackendResponseError", Message: fmt.Sprintf("the data source answered with status %d", r.Status), Public: fmt.Sprintf("The data source answered with status %d.", r.Status)}
	}
	return s.response.policies.Run(x)
}

// aim points the request to an address. A backend's credentials go to that backend alone: an absolute address leaves it behind.
func aim(x *policy.Exchange, text string) error {
	u, err := dataURL(text, x.Backend.Base != "")
	if err != nil {
		return err
	}
	if u.Host != "" {
		x.Backend.Backend, x.Backend.Base = nil, u.Scheme+"://"+u.Host
	}
	x.Backend.Path, x.Backend.Query, x.Backend.Rewritten = u.EscapedPath(), u.RawQuery, true
	if u.Path == "" {
		x.Backend.Path = "/"
	}
	return nil
}

func dataURL(text string, relative bool) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil:
	case u.User != nil || u.Fragment != "" || u.Opaque != "":
	case relative && u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/"):
		return u, nil
	case u.Host != "" && (u.Scheme == "http" || u.Scheme == "https"):
		return u, nil
	}
	if relative {
		return nil, errors.New("set-url needs an absolute http or https address, or a path that begins with a slash")
	}
	return nil, errors.New("set-url needs an absolute http or https address; a path alone needs set-backend-service before it")
}
