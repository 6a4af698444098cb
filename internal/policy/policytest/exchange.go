package policytest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// exchangeFacts are what a script says about the requests to come.
type exchangeFacts struct {
	subscription, caller, method, template string
	params, variables                      []policy.Param
	responses                              []policy.MockResponse
	identityFor                            string
	workspace                              *policy.Workspace
	schema                                 *policy.Schema
	contract                               *policy.Contract
	schemas                                *policy.Schemas
	sent                                   [][]byte // certificates of the caller, its own first
	trust                                  *policy.Trust
}

func defaultFacts() exchangeFacts {
	return exchangeFacts{subscription: "master", caller: "203.0.113.7", method: "GET", template: "/*"}
}

// message is a request or response as a file holds it.
type message struct {
	line   string
	header policy.Header
	body   string
}

func readMessage(text string) (m message, err error) {
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimRight(head, "\n"), "\n")
	m.line, m.body = lines[0], body
	for _, l := range lines[1:] {
		name, value, ok := strings.Cut(l, ":")
		if !ok {
			return m, fmt.Errorf("%q is not a header line", l)
		}
		m.header.Add(name, strings.TrimSpace(value))
	}
	return m, nil
}

// begin makes the exchange of a request.
func (c *Case) begin(m message) (*policy.Exchange, error) {
	fields := strings.Fields(m.line)
	if len(fields) < 2 {
		return nil, fmt.Errorf("%q is not a request line", m.line)
	}
	host := m.header.Get("Host")
	if host == "" {
		host = "gateway.example"
	}
	path, query, _ := strings.Cut(fields[1], "?")
	f := &c.exchange
	api := &policy.API{ID: "/service/apis/echo", Name: "Echo", Revision: "1", IsCurrentRevision: true, ServiceURL: "https://backend.example/base", Workspace: f.workspace, Schema: f.schema, Schemas: f.schemas}
	x := &policy.Exchange{
		Context: context.Background(), Received: c.now, Host: c, ID: [16]byte{15: 1}, API: api, Workspace: f.workspace,
		Deployment: &policy.Deployment{Region: "local", ServiceName: "contoso", GatewayID: "managed", InstanceID: "managed", Managed: true, IdentityFor: f.identityFor},
		Operation:  &policy.Operation{ID: "/service/apis/echo/operations/op", Name: "Op", Method: f.method, URLTemplate: f.template, Responses: f.responses, Contract: f.contract},
		Request: policy.Request{
			Method: fields[0], OriginalMethod: fields[0], Header: m.header, RemoteIP: f.caller, Params: f.params, Proto: "HTTP/1.1",
			URL: policy.URL{Scheme: "https", Host: host, Port: 443, Path: path, Query: query},
		},
		Backend: policy.Target{Base: api.ServiceURL, Path: path, Query: query},
	}
	x.Request.OriginalURL = x.Request.URL
	c.connections.Fill(x.Deployment)
	x.Deployment.Trust, x.Request.Trust = f.trust, f.trust
	if len(f.sent) > 0 {
		x.Request.Certificate, x.Request.Authorities = f.sent[0], f.sent[1:]
	}
	if m.body != "" {
		x.Request.Body = policy.NewBody([]byte(m.body))
	}
	if f.subscription != "-" {
		x.Subscription = &policy.Subscription{ID: f.subscription, Name: f.subscription}
	}
	for _, v := range f.variables {
		x.SetVariable(v.Name, v.Value)
	}
	return x, nil
}

// send runs a request through the plan as a gateway does.
func (c *Case) send(fileName string, preflight bool) error {
	text, err := c.file(fileName)
	if err != nil {
		return err
	}
	m, err := readMessage(c.tokens.Fill(text))
	if err != nil {
		return err
	}
	plan, err := c.compiled()
	if err != nil {
		return err
	}
	x, err := c.begin(m)
	if err != nil {
		return err
	}
	c.last = x
	if preflight {
		err = plan.Preflight(x)
		if err == nil {
			x.Response = &policy.Response{Status: 200}
		}
	} else {
		err = pipeline(plan, x)
	}
	if err != nil && !errors.Is(err, policy.ErrReplied) {
		fail(plan, x, err)
	}
	for _, f := range x.AtEnd {
		f(x)
	}
	x.EnsureResponse()
	x.Finish()
	x.Traffic = policy.Traffic{In: int64(len(m.body)), Out: int64(len(bodyText(x.Response.Body)))}
	for _, f := range x.Afterwards {
		f(x)
	}
	return nil
}

func pipeline(plan *policy.Plan, x *policy.Exchange) error {
	for _, s := range []policy.Section{policy.Inbound, policy.BackendSection, policy.Outbound} {
		if err := plan.Run(x, s); err != nil {
			return err
		}
	}
	return nil
}

// fail gives the error its answer and lets on-error change it.
func fail(plan *policy.Plan, x *policy.Exchange, err error) {
	var e *policy.Error
	if !errors.As(err, &e) {
		e = &policy.Error{Message: err.Error()}
	}
	x.LastError, x.Response = e, e.Answer(x.ID)
	err = plan.Run(x, policy.OnError)
	if err != nil && !errors.Is(err, policy.ErrReplied) {
		x.Response = (&policy.Error{}).Answer(x.ID)
	}
}

func bodyText(b *policy.Body) string {
	if b == nil {
		return ""
	}
	data, err := b.Bytes(true)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// fakeBackend answers every request alike and remembers them.
type fakeBackend struct {
	reply    string
	fails    string
	proxy    string // of the last request
	requests []message
	traces   []policy.TraceRecord
	// certificate is what the last request would have been sent with.
	certificate *policy.ClientCertificate
	metrics     []policies.Metric
	services    Services
}

// seen is the last request.
func (b *fakeBackend) seen() message {
	if len(b.requests) == 0 {
		return message{}
	}
	return b.requests[len(b.requests)-1]
}

// Now implements policy.Host.
func (c *Case) Now() time.Time {
	c.clocks.Lock()
	defer c.clocks.Unlock()
	return c.now
}

// Trace implements policy.Host.
func (c *Case) Trace(_ *policy.Exchange, t policy.TraceRecord) {
	c.backend.traces = append(c.backend.traces, t)
}

// BackendByID implements policy.Host.
func (c *Case) BackendByID(_ *policy.Exchange, _, id string) (*policy.Backend, bool) {
	b, ok := c.home.Backends[id]
	return b, ok
}

// Forward implements policy.Host: it records the request and takes the reply from the script.
func (c *Case) Forward(x *policy.Exchange, _ policy.ForwardOptions) error {
	url := x.Backend.Base + x.Backend.Path
	if x.Backend.Query != "" {
		url += "?" + x.Backend.Query
	}
	c.backend.requests = append(c.backend.requests, message{x.Request.Method + " " + url, x.Request.Header, bodyText(x.Request.Body)})
	c.backend.proxy = proxyLine(x.Backend.Proxy)
	c.backend.certificate = x.Backend.Certificate
	if c.backend.fails != "" {
		return &policy.Error{Source: "forward-request", Reason: c.backend.fails, Message: "the backend can't be reached", Status: 500}
	}
	var err error
	x.Response, err = readAnswer(c.backend.reply)
	return err
}

// readAnswer reads an answer as a file holds it.
func readAnswer(text string) (*policy.Response, error) {
	m, err := readMessage(text)
	if err != nil {
		return nil, err
	}
	fields := strings.SplitN(m.line, " ", 3)
	if len(fields) < 2 {
		return nil, fmt.Errorf("%q is not a status line", m.line)
	}
	r := &policy.Response{Header: m.header, Body: policy.NewBody([]byte(m.body))}
	if strings.HasPrefix(m.header.Get("Content-Type"), "text/event-stream") {
		r.Body = policy.StreamBody(io.NopCloser(strings.NewReader(m.body)), -1)
	}
	r.Status, err = strconv.Atoi(fields[1])
	if len(fields) > 2 {
		r.Reason = fields[2]
	}
	return r, err
}
