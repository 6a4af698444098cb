package policytest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// schema puts a schema into the home, as JSON unless xml is said.
func (c *Case) schema(a []string) error {
	text, err := c.file(a[1])
	if err != nil {
		return err
	}
	c.home.Schemas[strings.ToLower(a[0])] = &policy.SchemaDocument{Kind: kindOf(a), Text: []byte(text)}
	return nil
}

// kindOf is the third word, "json" without one.
func kindOf(a []string) string {
	if len(a) > 2 {
		return a[2]
	}
	return "json"
}

// apiSchema gives the API a schema, of JSON unless xml is said.
func (c *Case) apiSchema(a []string) error {
	text, err := c.file(a[1])
	if err != nil {
		return err
	}
	documents := map[string]policy.SchemaDocument{}
	if c.exchange.schemas != nil {
		documents = c.exchange.schemas.Documents
	}
	documents[strings.ToLower(a[0])] = policy.SchemaDocument{Kind: kindOf(a), Text: []byte(text)}
	c.exchange.schemas = &policy.Schemas{Documents: documents}
	return nil
}

// contract reads what is defined of the operation from JSON.
func (c *Case) contract(file string) error {
	text, err := c.file(file)
	if err != nil {
		return err
	}
	c.exchange.contract = &policy.Contract{}
	if err := json.Unmarshal([]byte(text), c.exchange.contract); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
