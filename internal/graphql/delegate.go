package graphql

import (
	"bytes"
	"errors"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

// Root is the type whose fields the operation begins with.
func (o *Operation) Root() string {
	if def := o.root(); def != nil {
		return def.Name
	}
	return ""
}

func (o *Operation) root() *ast.Definition {
	return map[ast.Operation]*ast.Definition{ast.Query: o.schema.ast.Query, ast.Mutation: o.schema.ast.Mutation}[o.op.Operation]
}

// shaped is data that another server has given for the same request: its names are those of the request rather than of fields.
type shaped map[string]any

// Delegate is the request that asks a server of the same schema for the field alone, without the fields below it that have resolvers.
func (f *Field) Delegate() *Request {
	d := &delegating{op: f.of.op, find: f.of.find, fragments: map[string]*ast.FragmentDefinition{}}
	op := &ast.OperationDefinition{Operation: d.op.op.Operation, Name: d.op.op.Name}
	for _, n := range f.group.nodes {
		op.SelectionSet = append(op.SelectionSet, d.field(n))
	}
	doc := &ast.QueryDocument{Operations: ast.OperationList{op}}
	for _, def := range d.op.doc.Fragments {
		if made := d.fragments[def.Name]; made != nil {
			doc.Fragments = append(doc.Fragments, made)
		}
	}
	used := uses{doc: doc, fragments: map[string]bool{}, variables: map[string]bool{}}
	used.set(op.SelectionSet)
	r := &Request{Operation: op.Name, Variables: map[string]any{}}
	for _, v := range d.op.op.VariableDefinitions {
		if !used.variables[v.Variable] {
			continue
		}
		op.VariableDefinitions = append(op.VariableDefinitions, v)
		if value, there := d.op.vars[v.Variable]; there {
			r.Variables[v.Variable] = value
		}
	}
	var b bytes.Buffer
	formatter.NewFormatter(&b, formatter.WithIndent(" ")).FormatQueryDocument(doc)
	r.Query = b.String()
	return r
}

// Given is the data of the field that its parent has already.
func (f *Field) Given() any { return property(f.Parent, f.group) }

// delegating copies selections: the document belongs to everybody.
type delegating struct {
	op        *Operation
	find      Resolvers
	fragments map[string]*ast.FragmentDefinition
}

func (d *delegating) field(f *ast.Field) *ast.Field {
	made := *f
	if len(f.SelectionSet) > 0 {
		made.SelectionSet = d.set(f.SelectionSet)
		if of := d.op.schema.ast.Types[f.Definition.Type.Name()]; len(made.SelectionSet) == 0 || of != nil && of.IsAbstractType() {
			made.SelectionSet = append(made.SelectionSet, &ast.Field{Name: "__typename", Alias: "__typename"})
		}
	}
	return &made
}

func (d *delegating) set(in ast.SelectionSet) (out ast.SelectionSet) {
	for _, sel := range in {
		switch sel := sel.(type) {
		case *ast.Field:
			if !d.resolved(sel) {
				out = append(out, d.field(sel))
			}
		case *ast.InlineFragment:
			made := *sel
			if made.SelectionSet = d.set(sel.SelectionSet); len(made.SelectionSet) > 0 {
				out = append(out, &made)
			}
		case *ast.FragmentSpread:
			if d.fragment(sel.Definition) {
				out = append(out, sel)
			}
		}
	}
	return out
}

// fragment copies a fragment once, and says whether anything is left of it.
func (d *delegating) fragment(def *ast.FragmentDefinition) bool {
	made, done := d.fragments[def.Name]
	if !done {
		copied := *def
		if copied.SelectionSet = d.set(def.SelectionSet); len(copied.SelectionSet) > 0 {
			made = &copied
		}
		d.fragments[def.Name] = made
	}
	return made != nil
}

// resolved says whether the field has a resolver in one of the types that it may be of.
func (d *delegating) resolved(f *ast.Field) bool {
	if f.ObjectDefinition == nil {
		return false
	}
	for _, t := range d.op.schema.possible(f.ObjectDefinition) {
		if d.find(t.Name, f.Name) != nil {
			return true
		}
	}
	return false
}

// Delegated reads the answer of a server that was asked with Delegate. Errors of fields below become errors of the answer.
func (f *Field) Delegated(body []byte) (any, error) {
	var answer struct {
		Data   map[string]any
		Errors []struct {
			Message    string
			Path       []any
			Extensions map[string]any
		}
	}
	if err := decode(body, &answer); err != nil || answer.Data == nil && len(answer.Errors) == 0 {
		return nil, errors.New("the server's answer is none of GraphQL")
	}
	value := answer.Data[f.group.key]
	for _, e := range answer.Errors {
		if len(e.Path) > 1 && value != nil {
			f.of.report(Problem{Message: e.Message, Path: e.Path, Extensions: e.Extensions})
			continue
		}
		if value == nil {
			return nil, errors.New(e.Message)
		}
		f.of.report(Problem{Message: e.Message, Path: e.Path, Extensions: e.Extensions})
	}
	return shape(value), nil
}

func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(shaped, len(v))
		for name, value := range v {
			out[name] = shape(value)
		}
		return out
	case []any:
		for i := range v {
			v[i] = shape(v[i])
		}
	}
	return v
}
