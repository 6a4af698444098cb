package gateway_test

import (
	"encoding/json"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// contract makes the API's contract, of which scripts tell the operation's part.
func (c *outside) contract() *snapshot.Contract {
	if c.api.Contract == nil {
		c.api.Contract = &snapshot.Contract{Operations: map[string]*snapshot.OperationContract{}}
	}
	c.changed = true
	return c.api.Contract
}

func (c *outside) schema(_ bool, a []string) error {
	c.schemas = append(c.schemas, &snapshot.Schema{Name: a[0], Kind: schemaKind(a), Text: []byte(c.files[a[1]])})
	c.changed = true
	return nil
}

func schemaKind(a []string) string {
	if len(a) > 2 {
		return a[2]
	}
	return "json"
}

func (c *outside) apiSchema(_ bool, a []string) error {
	made := c.contract()
	made.Schemas = append(made.Schemas, &snapshot.Schema{Name: a[0], Kind: schemaKind(a), Text: []byte(c.files[a[1]])})
	return nil
}

func (c *outside) operationContract(_ bool, a []string) error {
	var said policy.Contract
	if err := json.Unmarshal([]byte(c.files[a[0]]), &said); err != nil {
		return err
	}
	op := &snapshot.OperationContract{Template: parametersOf(said.Template), Query: parametersOf(said.Query), Headers: parametersOf(said.Headers), Bodies: mediaOf(said.Bodies)}
	for _, r := range said.Responses {
		op.Responses = append(op.Responses, snapshot.ResponseContract{Status: r.Status, Headers: parametersOf(r.Headers), Bodies: mediaOf(r.Bodies)})
	}
	c.contract().Operations["op"] = op
	return nil
}

func parametersOf(list []policy.Parameter) (out []snapshot.Parameter) {
	for _, p := range list {
		out = append(out, snapshot.Parameter{Name: p.Name, Type: p.Type, Required: p.Required, Values: p.Values, SchemaID: p.Schema.ID, TypeName: p.Schema.Type})
	}
	return out
}

func mediaOf(list []policy.Media) (out []snapshot.Media) {
	for _, m := range list {
		out = append(out, snapshot.Media{ContentType: m.ContentType, SchemaID: m.Schema.ID, TypeName: m.Schema.Type})
	}
	return out
}

// withVariables puts the variables of the script before what the service's policy does.
func (c *outside) withVariables(p *snapshot.Policy) *snapshot.Policy {
	if len(c.variables) == 0 {
		return p
	}
	text := policy.DefaultGlobal
	if p != nil {
		text = p.Text
	}
	var set strings.Builder
	for i := 0; i+1 < len(c.variables); i += 2 {
		value := strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace(c.variables[i+1])
		set.WriteString(`<set-variable name="` + c.variables[i] + `" value="` + value + `"/>`)
	}
	text = strings.Replace(strings.Replace(text, "<inbound />", "<inbound></inbound>", 1), "<inbound>", "<inbound>"+set.String(), 1)
	return &snapshot.Policy{ID: "/policies/global", Format: "rawxml", Text: text}
}
