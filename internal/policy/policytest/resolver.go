package policytest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/atelier-apim/atelier/internal/policy"
)

// definition gives the API a document that describes it.
func (c *Case) definition(_ bool, a []string) error {
	text, err := c.file(a[1])
	c.exchange.schema = &policy.Schema{ContentType: a[0], Text: text}
	return err
}

// resolver checks the document of a resolver and keeps it.
func (c *Case) resolver(_ bool, a []string) error {
	doc, err := c.parse(a[0], "rawxml")
	if err != nil || doc == nil {
		return err
	}
	doc.ID = "/policies/resolver"
	c.problems = append(c.problems, c.engine.Check(doc, policy.ResolverScope, c.home)...)
	c.source, _ = c.engine.PrepareResolver(doc, c.home) //nolint:errcheck // the problems say it
	return nil
}

// resolve runs the resolver as a gateway does for one field.
func (c *Case) resolve(_ bool, a []string) error {
	if c.source == nil {
		return errors.New("there is no resolver that can run")
	}
	x, err := c.begin(message{line: "POST /echo"})
	if err != nil {
		return err
	}
	x.GraphQL = &policy.GraphQL{Arguments: &policy.DataObject{JSON: []byte(a[0])}, Parent: &policy.DataObject{JSON: []byte(a[1])}, List: len(a) > 2 && a[2] == "list"}
	x.Request.Header, x.Request.Body, x.Backend = nil, policy.NewBody([]byte(`{"arguments":`+a[0]+`}`)), policy.Target{}
	c.last = x
	if err := c.source.Run(x); err != nil {
		var e *policy.Error
		if !errors.As(err, &e) {
			return err
		}
		x.LastError, x.Response = e, e.Answer(x.ID)
	}
	return nil
}

// published asserts who is told of what the resolver got.
func (c *Case) published(yes bool, a []string) error {
	if c.last == nil {
		return errors.New("nothing was resolved")
	}
	if slices.Equal(c.last.Published, a) != yes {
		return fmt.Errorf("it was published to %q", c.last.Published)
	}
	return nil
}
