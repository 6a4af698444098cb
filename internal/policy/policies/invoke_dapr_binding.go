package policies

import (
	"encoding/json"

	"github.com/atelier-apim/atelier/internal/policy"
)

// InvokeDaprBinding triggers an output binding through the Dapr sidecar (policies.md 7.10).
func InvokeDaprBinding(env Env) policy.Spec {
	return policy.Spec{
		Name:     "invoke-dapr-binding",
		Doc:      "Triggers an output binding through the Dapr sidecar of the gateway.",
		Sections: policy.In(policy.Inbound, policy.Outbound, policy.OnError),
		Scopes:   policy.At(policy.Global, policy.ProductScope, policy.APIScope, policy.OperationScope),
		Shape: daprParts(
			policy.Attr("name", policy.Text).Required().Expr().Doc("Name of the binding."),
			policy.Attr("operation", policy.Text).Doc("Operation of the binding, where it has several."),
			policy.Child("metadata", policy.Children("item", policy.Text, policy.Attr("key", policy.Text).Required().Doc("Name of the entry.")).Expr()).Doc("What the binding wants to know besides the data."),
			policy.Child("data", policy.Content(policy.Text).Expr().Template("template", "Liquid").Doc("The data: JSON as it is, anything else as a text.")),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileInvokeDaprBinding(a, daprAt(env, a)) },
	}
}

// binding is the body that the sidecar takes.
type binding struct {
	Data      json.RawMessage   `json:"data,omitempty"`
	Metadata  map[string]string `json:"metadata,omitempty"`
	Operation string            `json:"operation,omitempty"`
}

func compileInvokeDaprBinding(a *policy.Args, sidecar string) (policy.Step, error) {
	call, err := newDaprCall(a)
	if err != nil {
		return nil, err
	}
	name, operation, data := a.Text("name"), a.Literal("operation"), a.One("data")
	var text daprText
	if data != nil {
		if text, err = compileDaprText(data, a.Literal("template") != ""); err != nil {
			return nil, err
		}
	}
	var keys []string
	var values []policy.TextValue
	if m := a.One("metadata"); m != nil {
		for _, item := range m.All("item") {
			keys, values = append(keys, item.Literal("key")), append(values, item.Content())
		}
	}
	return func(x *policy.Exchange) error {
		id, err := name.Get(x)
		if err != nil {
			return err
		}
		if id, err = daprName("binding", id); err != nil {
			return err
		}
		b := binding{Operation: operation, Metadata: make(map[string]string, len(keys))}
		for i, v := range values {
			if b.Metadata[keys[i]], err = v.Get(x); err != nil {
				return err
			}
		}
		if data != nil {
			s, err := text.get(x)
			if err != nil {
				return err
			}
			if b.Data, err = daprData(s, call.contentType); err != nil {
				return err
			}
		}
		body, err := json.Marshal(b)
		if err != nil {
			return err
		}
		return call.send(x, sidecar+"/v1.0/bindings/"+id, "application/json", body)
	}, nil
}

// daprData is a text as a value of JSON.
func daprData(text, contentType string) (json.RawMessage, error) {
	if isJSON(contentType) && json.Valid([]byte(text)) {
		return json.RawMessage(text), nil
	}
	return json.Marshal(text)
}
