package wsdl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/oas"
)

// PassThrough makes of every call an operation that gets the envelope as it is, at POST /?soapAction=…, where gateways find it by the action of the
// request or by what its body holds. A call without an action of its own goes by its name.
func PassThrough(s *Service) *oas.API {
	a := s.api()
	actions, left := s.actions(), maxAllFields
	ids := ids{}
	for i := range s.Operations {
		o := &s.Operations[i]
		op := oas.Operation{
			ID: ids.unique(o.Name), DisplayName: xmlDisplay(o.Name), Description: o.Documentation, Method: "POST",
			URLTemplate: "/?soapAction=" + escapeAction(actions[i]),
			Request:     oas.Request{Description: o.Input.Name, Representations: []oas.Representation{s.representation(o, &o.Input, &left)}},
		}
		out := oas.Response{StatusCode: 200}
		if o.Output != nil {
			out.Description = o.Output.Name
			out.Representations = []oas.Representation{s.representation(o, o.Output, &left)}
		} else {
			out.StatusCode = 202
		}
		op.Responses = []oas.Response{out}
		for _, f := range o.Faults {
			if len(op.Responses) == 1 {
				op.Responses = append(op.Responses, oas.Response{StatusCode: 500, Description: f.Name, Representations: []oas.Representation{{ContentType: s.contentType()}}})
			}
		}
		a.Operations = append(a.Operations, op)
	}
	return a
}

// api is what both ways of import have in common.
func (s *Service) api() *oas.API {
	a := &oas.API{Version: oas.WSDL, Title: s.Name, Description: s.Documentation, Warnings: s.Warnings}
	if s.Address != "" {
		a.Servers = []string{s.Address}
	}
	for i, d := range s.Schemas() {
		a.XML = append(a.XML, oas.XMLSchema{Name: oas.XMLSchemaName(i), Space: d.Space, Document: d.Document})
	}
	return a
}

// actions are what operations are found by: each its own. One that several calls share tells nothing.
func (s *Service) actions() []string {
	shared, taken := map[string]int{}, map[string]bool{}
	for _, o := range s.Operations {
		shared[o.Action]++
	}
	for _, o := range s.Operations {
		if o.Action != "" && shared[o.Action] == 1 {
			taken[o.Action] = true
		}
	}
	out := make([]string, len(s.Operations))
	for i, o := range s.Operations {
		if out[i] = o.Action; o.Action != "" && shared[o.Action] == 1 {
			continue
		}
		name := o.Name
		for n := 2; taken[name]; n++ {
			name = o.Name + strconv.Itoa(n)
		}
		out[i], taken[name] = name, true
	}
	return out
}

// escapeAction is an action as the value of a query parameter in a template. Actions are addresses: what needs no escape there stays readable.
func escapeAction(action string) string {
	var b strings.Builder
	for i := range len(action) {
		if c := action[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`%&+#{}<>"`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// representation is a message as the body of a request or an answer, with a sample of its envelope.
func (s *Service) representation(o *Operation, m *Message, left *int) oas.Representation {
	r := oas.Representation{ContentType: s.contentType()}
	name, ok := o.element(m)
	if ok {
		r.TypeName, r.Schema = name.Local, oas.NoSchema
		if !o.RPC {
			r.Schema = s.schemaOf(name.Space)
		}
	}
	if f, err := s.shape(o, m, left); err == nil {
		r.Examples = []oas.Example{{Name: "default", Value: s.sample(f), Generated: true}}
	}
	return r
}

// schemaOf is the schema of a namespace that declares something.
func (s *Service) schemaOf(space string) string {
	for i, d := range s.types.schemas {
		if d.space == space && d.declares {
			return oas.XMLSchemaName(i)
		}
	}
	return oas.NoSchema
}

// ids gives out the ids of operations as Azure makes them.
type ids map[string]bool

func (t ids) unique(name string) string {
	id := oas.Slug(name)
	if id == "" {
		id = "operation"
	}
	free := id
	for n := 1; t[free]; n++ {
		free = fmt.Sprintf("%s-%d", strings.TrimRight(id[:min(len(id), 72)], "-"), n)
	}
	t[free] = true
	return free
}

func xmlDisplay(name string) string {
	if r := []rune(name); len(r) > 300 {
		return string(r[:299]) + "…"
	}
	return name
}
