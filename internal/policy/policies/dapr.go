package policies

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/liquid"
	"github.com/atelier-apim/atelier/internal/policy"
)

// What the Dapr policies have in common: calls to the HTTP interface of the sidecar that runs beside the gateway (policies.md 7.10).

// daprSidecar is where a sidecar listens that nobody has told another address.
const daprSidecar = "http://localhost:3500"

// daprAt is the sidecar's address, and a warning for people who write policies where none is configured.
func daprAt(env Env, a *policy.Args) string {
	if env.Dapr != "" {
		return strings.TrimRight(env.Dapr, "/")
	}
	a.Warn("no Dapr sidecar is configured for the gateways of this installation (--dapr-url); they will look for one at %s", daprSidecar)
	return daprSidecar
}

// daprName is a name as a segment of the sidecar's addresses.
func daprName(what, name string) (string, error) {
	switch {
	case name == "":
		return "", fmt.Errorf("the %s is empty", what)
	case name == "." || name == ".." || len(name) > 500:
		return "", fmt.Errorf("'%s' can't be the %s", name[:min(len(name), 20)], what)
	}
	return url.PathEscape(name), nil
}

// daprParts are the parts of a shape that both calls have.
func daprParts(parts ...policy.Part) *policy.Shape {
	return policy.Element(append([]policy.Part{
		policy.Attr("ignore-error", policy.Bool).Default("false").Doc("Whether the request goes on when the sidecar answers with an error or not at all."),
		policy.Attr("response-variable-name", policy.Text).Doc("Variable that gets the sidecar's answer, an IResponse; null without one."),
		policy.Attr("timeout", policy.IntRange(1, 240)).Default("5").Expr().Doc("Seconds until the sidecar's whole answer has to be there."),
		policy.Attr("template", policy.OneOf("Liquid")).Doc("Liquid: the text is a template of Liquid, over body and context."),
		policy.Attr("content-type", policy.Text).Default("application/json").Doc("Content type of the text."),
	}, parts...)...)
}

// daprCall is one use of either.
type daprCall struct {
	timeout     policy.IntValue
	ignore      bool
	variable    string
	contentType string
}

func newDaprCall(a *policy.Args) (daprCall, error) {
	c := daprCall{timeout: a.Int("timeout"), ignore: a.Literal("ignore-error") == "true", variable: a.Literal("response-variable-name"), contentType: a.Literal("content-type")}
	if !policy.ValidHeaderValue(c.contentType) {
		return c, fmt.Errorf("'%s' is not a content type", c.contentType)
	}
	return c, nil
}

// send posts a body to the sidecar and deals with its answer.
func (c *daprCall) send(x *policy.Exchange, address, contentType string, body []byte) error {
	seconds, err := c.timeout.Get(x)
	if err != nil {
		return err
	}
	out := &policy.Outgoing{URL: address, Timeout: time.Duration(seconds) * time.Second, Request: policy.Request{Method: "POST", Body: policy.NewBody(body)}}
	out.Request.Header.Set("Content-Type", contentType)
	answer, err := x.Send(out)
	if err != nil && (errors.Is(err, policy.ErrOvertaken) || x.Context.Err() != nil) {
		return err // nobody is there to go on for
	}
	if c.variable != "" {
		if err != nil {
			x.SetVariable(c.variable, nil)
		} else {
			x.SetVariable(c.variable, answer)
		}
	}
	switch {
	case c.ignore:
		return nil
	case err != nil:
		return err
	case answer.Status >= 400:
		return &policy.Error{Reason: "DaprCallFailed", Message: fmt.Sprintf("the Dapr sidecar answered with status %d", answer.Status), Status: 500}
	}
	return nil
}

// daprText is the text of an element: an expression, a literal or a template.
type daprText struct {
	value    policy.TextValue
	template *liquid.Template
}

func compileDaprText(a *policy.Args, isTemplate bool) (t daprText, err error) {
	if isTemplate {
		t.template, err = compileLiquid(a)
		return t, err
	}
	t.value = a.Content()
	return t, nil
}

func (t *daprText) get(x *policy.Exchange) (string, error) {
	if t.template != nil {
		return renderLiquid(x, t.template, liquidOptions{dates: true})
	}
	return t.value.Get(x)
}
