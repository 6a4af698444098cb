package policies

import (
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// CheckHeader refuses requests without a header or with a value of it that isn't listed.
var CheckHeader = policy.Spec{
	Name:     "check-header",
	Doc:      "Refuses requests that lack a header, or whose value of it is none of the listed ones.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("name", policy.Text).Required().Expr().Doc("Name of the header."),
		policy.Attr("failed-check-httpcode", policy.IntRange(100, 999)).Required().Expr().Doc("Status of a refusal."),
		policy.Attr("failed-check-error-message", policy.Text).Required().Expr().Doc("Message of a refusal."),
		policy.Attr("ignore-case", policy.Bool).Required().Expr().Doc("Whether values are compared without case."),
		policy.Children("value", policy.Text).Expr().Doc("An allowed value; without any only presence counts."),
	),
	Compile: compileCheckHeader,
}

// headerCheck is one use of check-header.
type headerCheck struct {
	name, message policy.TextValue
	code          policy.IntValue
	ignoreCase    policy.BoolValue
	values        []policy.TextValue
}

func compileCheckHeader(a *policy.Args) (policy.Step, error) {
	c := &headerCheck{name: a.Text("name"), message: a.Text("failed-check-error-message"), code: a.Int("failed-check-httpcode"), ignoreCase: a.Bool("ignore-case")}
	for _, v := range a.All("value") {
		c.values = append(c.values, v.Content())
	}
	return c.step, nil
}

func (c *headerCheck) step(x *policy.Exchange) error {
	name, err := c.name.Get(x)
	if err != nil {
		return err
	}
	lines := x.Request.Header.Values(name)
	if len(lines) == 0 {
		return c.refuse(x, "HeaderNotFound", fmt.Sprintf("Header %s was not found in the request. Access denied.", name))
	}
	if len(c.values) == 0 {
		return nil
	}
	ignoreCase, err := c.ignoreCase.Get(x)
	if err != nil {
		return err
	}
	// Several lines are several values: one that isn't allowed must not hide behind one that is.
	for i := range c.values {
		allowed, err := c.values[i].Get(x)
		if err != nil {
			return err
		}
		if len(lines) == 1 && (lines[0] == allowed || ignoreCase && strings.EqualFold(lines[0], allowed)) {
			return nil
		}
	}
	return c.refuse(x, "HeaderValueNotAllowed", fmt.Sprintf("Header %s value of %s is not allowed. Access denied.", name, strings.Join(lines, ",")))
}

func (c *headerCheck) refuse(x *policy.Exchange, reason, message string) error {
	status, err := c.code.Get(x)
	if err != nil {
		return err
	}
	public, err := c.message.Get(x)
	if err != nil {
		return err
	}
	return &policy.Error{Reason: reason, Message: message, Status: int(status), Public: public}
}
