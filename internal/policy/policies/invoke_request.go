package policies

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/policy"
)

// invokeTime is how long the whole answer may take.
const invokeTime = 60 * time.Second

// InvokeRequest sends the request of the exchange, with changes, and answers with what comes back or keeps it. No documentation describes the policy; what
// it does where its attributes leave that open is written in docs/limits.md.
var InvokeRequest = policy.Spec{
	Name:     "invoke-request",
	Doc:      "Sends the request as it is now, with the changes described, to an address or a backend; answers with what comes back, or keeps it in a variable.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("method", policy.Text).Expr().Doc("The method; that of the request when left out."),
		policy.Attr("url", policy.Text).Expr().Doc("Absolute http or https address; with backend-id also a path that begins with a slash. Where the request itself would go when left out."),
		policy.Attr("backend-id", policy.Text).Expr().Doc("Name of a backend of the service or workspace that the policy lives in; its credentials are sent."),
		policy.Attr("response-variable-name", policy.Text).Doc("Variable that gets the answer, an IResponse; without it the answer is the response, and the request ends."),
		policy.Child("header",
			policy.Attr("name", policy.Text).Required().Expr().Doc("Name of the header; what the request has under it is replaced."),
			policy.Attr("value", policy.Text).Expr().Doc("Its value; empty when left out."),
		).Many().Doc("A header of what is sent; several of the same name are sent together."),
		policy.Child("body", policy.Content(policy.Object).Expr().Doc("Text, or an expression that gives a string or byte[].")).Doc("The body of what is sent; that of the request when left out."),
	),
	Compile: compileInvokeRequest,
}

// invocation is one use of the policy.
type invocation struct {
	method, url policy.TextValue
	backend     func(*policy.Exchange) (*policy.Backend, error) // nil without backend-id
	headers     []invokedHeader
	body        *policy.ObjectValue // nil for the request's own
	variable    string
}

type invokedHeader struct{ name, value policy.TextValue }

func compileInvokeRequest(a *policy.Args) (policy.Step, error) {
	v := &invocation{method: a.Text("method"), url: a.Text("url"), variable: a.Literal("response-variable-name")}
	if m, literal := v.method.Literal(); literal && m != "" {
		if err := checkMethod(m); err != nil {
			return nil, err
		}
	}
	var err error
	if a.Set("backend-id") {
		if v.backend, err = backendOf(a, "backend-id"); err != nil {
			return nil, err
		}
	}
	if u, literal := v.url.Literal(); literal {
		if err := checkInvokedURL(strings.TrimSpace(u), v.backend != nil); err != nil {
			return nil, err
		}
	}
	for _, h := range a.All("header") {
		one := invokedHeader{h.Text("name"), h.Text("value")}
		name, fixed := one.name.Literal()
		value, literal := one.value.Literal()
		if fixed && !policy.ValidHeaderName(name) {
			return nil, h.Errorf("the 'name' attribute is invalid - '%s' is not a header name", name)
		}
		if literal && !policy.ValidHeaderValue(value) {
			return nil, h.Errorf("the value of the header holds a line break or control character")
		}
		if fixed && framing[strings.ToLower(name)] {
			a.Warn("the header '%s' belongs to the gateway and can't be changed by a policy", name)
		}
		v.headers = append(v.headers, one)
	}
	if b := a.One("body"); b != nil {
		content := b.ContentObject()
		v.body = &content
	}
	return v.run, nil
}

func checkInvokedURL(text string, hasBackend bool) error {
	if text == "" || hasBackend && strings.HasPrefix(text, "/") {
		return nil
	}
	if checkOutgoingURL(text) == nil {
		return nil
	}
	if hasBackend {
		return errors.New("url needs an absolute http or https address without user name and password, or a path that begins with a slash")
	}
	return errors.New("url needs an absolute http or https address without user name and password; a path alone needs backend-id")
}

func (v *invocation) run(x *policy.Exchange) error {
	out, err := x.Copy()
	if err != nil {
		return err
	}
	out.Timeout = invokeTime
	for _, change := range [...]func(*policy.Exchange, *policy.Outgoing) error{v.setMethod, v.setTarget, v.setHeaders, v.setBody} {
		if err := change(x, out); err != nil {
			return err
		}
	}
	answer, err := x.Send(out)
	if err != nil {
		return err
	}
	if v.variable != "" {
		x.SetVariable(v.variable, answer)
		return nil
	}
	if x.Response != nil {
		x.Response.Body.Close()
	}
	return x.Reply(answer)
}

func (v *invocation) setMethod(x *policy.Exchange, out *policy.Outgoing) error {
	m, err := v.method.Get(x)
	if err != nil || m == "" {
		return err
	}
	out.Request.Method = m
	return checkMethod(m)
}

// setTarget says where the request goes. A backend's credentials go to that backend alone.
func (v *invocation) setTarget(x *policy.Exchange, out *policy.Outgoing) error {
	address, err := v.url.Get(x)
	if err != nil {
		return err
	}
	if address = strings.TrimSpace(address); address != "" || v.backend != nil {
		err = checkInvokedURL(address, v.backend != nil)
	}
	switch {
	case err != nil || address == "" && v.backend == nil:
		return err
	case v.backend == nil:
		out.URL, out.Target = address, policy.Target{}
		return nil
	}
	b, err := v.backend(x)
	if err != nil {
		return err
	}
	t := policy.Target{Base: strings.TrimRight(b.URL, "/"), Backend: b, Path: out.Target.Path, Query: out.Target.Query, Rewritten: out.Target.Rewritten}
	if address != "" {
		if t.Path, t.Query, err = below(t.Base, address); err != nil {
			return err
		}
		t.Rewritten = true
	}
	out.Target = t
	return nil
}

// below is what an address adds to the base of a backend: path and query.
func below(base, address string) (path, query string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Fragment != "" {
		return "", "", errors.New("url can't be read as an address without fragment")
	}
	path = u.EscapedPath()
	if u.Host != "" {
		b, err := url.Parse(base)
		rest, inside := "", false
		if err == nil && u.Scheme == b.Scheme && strings.EqualFold(u.Host, b.Host) {
			rest, inside = strings.CutPrefix(path, b.EscapedPath())
		}
		if !inside || rest != "" && rest[0] != '/' {
			return "", "", fmt.Errorf("url must be below the address of the backend, %s, whose credentials are sent", base)
		}
		path = rest
	}
	if path == "" {
		path = "/"
	}
	return path, u.RawQuery, nil
}

func (v *invocation) setHeaders(x *policy.Exchange, out *policy.Outgoing) error {
	replaced := make(map[string]bool, len(v.headers))
	for _, h := range v.headers {
		name, err := h.name.Get(x)
		if err != nil {
			return err
		}
		value, err := h.value.Get(x)
		switch lower := strings.ToLower(name); {
		case err != nil:
			return err
		case !policy.ValidHeaderName(name):
			return fmt.Errorf("'%s' is not a header name", name)
		case !policy.ValidHeaderValue(value):
			return fmt.Errorf("the value of header '%s' holds a line break or control character", name)
		case framing[lower]:
			continue
		case !replaced[lower]:
			replaced[lower] = true
			out.Request.Header.Del(name)
		}
		out.Request.Header.Add(name, value)
	}
	return nil
}

func (v *invocation) setBody(x *policy.Exchange, out *policy.Outgoing) error {
	if v.body == nil {
		return nil
	}
	value, err := v.body.Get(x)
	if err != nil {
		return err
	}
	switch b := value.(type) {
	case nil:
		out.Request.Body = nil
	case string:
		out.Request.Body = policy.NewBody([]byte(b))
	case *types.ByteArray:
		out.Request.Body = policy.NewBody(b.B)
	default:
		return fmt.Errorf("body takes a string or byte[]; the expression gave %s, call ToString() on it", policy.TypeName(value))
	}
	out.Request.Header.Del("Content-Length")
	out.Request.Header.Del("Transfer-Encoding")
	return nil
}
