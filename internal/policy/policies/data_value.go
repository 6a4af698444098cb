package policies

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/liquid"
	"github.com/atelier-apim/atelier/internal/policy"
)

// What data sources have in common.

// dataResponse is the part of a data source that makes data of the answer.
type dataResponse struct {
	policies policy.Block
	shapes   bool // they say what the answer means; without them, or with publish-event alone, the answer is the data
}

// compileDataResponse reads that part; a is nil when it isn't there.
func compileDataResponse(a *policy.Args) (r dataResponse) {
	if a != nil {
		r.policies = a.Slots()
		r.shapes = slices.ContainsFunc(r.policies, func(in policy.Instruction) bool { return in.Place.Element != "publish-event" })
	}
	return r
}

// asJSON is a value of expressions as JSON, for a parameter of a query: what an argument of a field is in JSON, it stays. A literal is a text.
func asJSON(x *policy.Exchange, value policy.ObjectValue) (json.RawMessage, error) {
	v, err := value.Get(x)
	if err != nil {
		return nil, err
	}
	if _, literal := value.Literal(); literal {
		v = strings.TrimSpace(types.ToString(v))
	}
	env := x.Evaluation()
	env.Begin()
	defer env.End()
	switch v := v.(type) {
	case nil:
		return json.RawMessage("null"), nil
	case *lib.JToken:
		return json.RawMessage(v.JSON(false)), nil
	}
	t, err := lib.ToJToken(env, v)
	if err != nil {
		return nil, err
	}
	return json.RawMessage(t.JSON(false)), nil
}

// beginData makes the arguments of the field the request's body, as JSON, for expressions and templates to read. Nothing of the request is sent.
func beginData(x *policy.Exchange) {
	x.Section = policy.Inbound
	x.Request.Header.Set("Content-Type", "application/json")
}

// answerData makes the data the response, with a header for expressions to read, which the policies of the element response can change.
func answerData(x *policy.Exchange, status int, header policy.Header, data []byte, response dataResponse) error {
	if err := x.Hold(len(data)); err != nil {
		return err
	}
	x.Section = policy.Outbound
	r := &policy.Response{Status: status, Header: header, Body: policy.NewBody(data)}
	r.Header.Del("Content-Length")
	r.Header.Set("Content-Type", "application/json")
	x.Response = r
	return response.policies.Run(x)
}

// itemsOf are items as the data of a field: the list itself for a field that takes one, unless policies make something of it; else they are the property
// items of an object, as in the examples of Azure's pages.
func itemsOf(x *policy.Exchange, items []byte, response dataResponse) []byte {
	if !response.shapes && x.GraphQL != nil && x.GraphQL.List {
		return items
	}
	out := append(make([]byte, 0, len(items)+len(`{"items":}`)), `{"items":`...)
	return append(append(out, items...), '}')
}

// dataText is the text of an element: a literal, an expression, or a template over the arguments.
type dataText struct {
	value    policy.TextValue
	template *liquid.Template
}

// templated is the attribute of elements whose text may be a template.
func templated() *policy.AttrShape {
	return policy.Attr("template", policy.OneOf("liquid")).Doc("liquid: the text is a template of Liquid, over body.arguments and context.")
}

// compileDataText reads an element with that attribute; nil when it isn't there.
func compileDataText(a *policy.Args) (*dataText, error) {
	if a == nil {
		return nil, nil
	}
	if a.Literal("template") != "liquid" {
		return &dataText{value: a.Content()}, nil
	}
	t, err := compileLiquid(a)
	return &dataText{template: t}, err
}

func (t *dataText) get(x *policy.Exchange) (string, error) {
	if t.template == nil {
		return t.value.Get(x)
	}
	text, err := renderLiquid(x, t.template, liquidOptions{})
	return strings.TrimSpace(text), err
}
