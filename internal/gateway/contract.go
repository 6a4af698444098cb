package gateway

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// schemasOf are the schemas of an API as policies ask for them; nothing is compiled before a request needs it.
func schemasOf(c *snapshot.Contract) *policy.Schemas {
	if c == nil {
		return nil
	}
	s := &policy.Schemas{Documents: make(map[string]policy.SchemaDocument, len(c.Schemas))}
	for _, d := range c.Schemas {
		s.Documents[strings.ToLower(d.Name)] = policy.SchemaDocument{Kind: d.Kind, Text: d.Text}
	}
	return s
}

// contractOf is what an operation defines.
func contractOf(c *snapshot.Contract, operation string) *policy.Contract {
	if c == nil || c.Operations[operation] == nil {
		return nil
	}
	o := c.Operations[operation]
	out := &policy.Contract{Template: parametersOf(o.Template), Query: parametersOf(o.Query), Headers: parametersOf(o.Headers), Bodies: mediaOf(o.Bodies)}
	for _, r := range o.Responses {
		out.Responses = append(out.Responses, policy.DefinedResponse{Status: r.Status, Headers: parametersOf(r.Headers), Bodies: mediaOf(r.Bodies)})
	}
	return out
}

func parametersOf(list []snapshot.Parameter) []policy.Parameter {
	out := make([]policy.Parameter, len(list))
	for i, p := range list {
		out[i] = policy.Parameter{Name: p.Name, Type: p.Type, Required: p.Required, Values: p.Values, Schema: policy.SchemaRef{ID: p.SchemaID, Type: p.TypeName}}
	}
	return out
}

func mediaOf(list []snapshot.Media) []policy.Media {
	out := make([]policy.Media, len(list))
	for i, m := range list {
		out[i] = policy.Media{ContentType: m.ContentType, Schema: policy.SchemaRef{ID: m.SchemaID, Type: m.TypeName}}
	}
	return out
}

// withSchemas is the home as a document sees it: with the schemas that it and the fragments of the home name.
func (h *home) withSchemas(facts *policy.Home, document *snapshot.Policy) *policy.Home {
	var all map[string]*policy.SchemaDocument
	add := func(list []*snapshot.Schema) {
		for _, s := range list {
			if all == nil {
				all = map[string]*policy.SchemaDocument{}
			}
			all[strings.ToLower(s.Name)] = &policy.SchemaDocument{Kind: s.Kind, Text: s.Text}
		}
	}
	add(document.Schemas)
	for _, f := range h.shard.Fragments {
		add(f.Schemas)
	}
	if all == nil {
		return facts
	}
	own := *facts
	own.Schemas = all
	return &own
}
