package graphql

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Problem is an error of a request or of a field, in the form that callers get.
type Problem struct {
	Message    string         `json:"message"`
	Locations  []Location     `json:"locations,omitempty"`
	Path       []any          `json:"path,omitempty"` // names and indexes
	Extensions map[string]any `json:"extensions,omitempty"`
}

// Sentence is an error as callers read it.
func Sentence(err error) string {
	text := err.Error()
	if first, size := utf8.DecodeRuneInString(text); size > 0 {
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// Location is a place in a request's document.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Limits bound what a request may ask. They hold for the document with its fragments written out.
type Limits struct {
	Depth  int // fields in one another, those of introspection aside
	Fields int
}

// Bounds on documents whatever the limits say.
const (
	MaxRequest       = 100 << 10 // bytes of a document, as in the service (policies.md 10)
	maxRequestTokens = 20_000
	maxProblems      = 20
)

// Operation is a request that a schema allows: one operation, its fragments and its variables.
type Operation struct {
	schema *Schema
	doc    *ast.QueryDocument
	op     *ast.OperationDefinition
	vars   map[string]any
	name   string
}

// Prepare parses a request and validates it. Without problems there is an operation.
func (s *Schema) Prepare(r *Request, l Limits) (op *Operation, problems []Problem) {
	defer func() {
		if recover() != nil { // see Parse
			op, problems = nil, []Problem{{Message: "The request can't be validated."}}
		}
	}()
	if len(r.Query) > MaxRequest {
		return nil, []Problem{{Message: fmt.Sprintf("The document has %d bytes; %d are allowed.", len(r.Query), MaxRequest)}}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: r.Query}, maxRequestTokens)
	if err != nil {
		return nil, problemsOf(err)
	}
	m := measure(doc)
	if p := m.beyond(l); p != nil {
		return nil, []Problem{*p}
	}
	if errs := validator.ValidateWithRules(s.ast, doc, quietRules()); len(errs) > 0 {
		return nil, problemsOf(errs)
	}
	o := &Operation{schema: s, doc: doc, name: r.Operation}
	if o.op = doc.Operations.ForName(r.Operation); o.op == nil || r.Operation == "" && len(doc.Operations) != 1 {
		return nil, []Problem{{Message: "operationName must name one of the operations of the document."}}
	}
	vars, err := validator.VariableValues(s.ast, o.op, r.Variables)
	if err != nil {
		return nil, problemsOf(err)
	}
	o.vars = vars
	return o, nil
}

// quietRules are the rules of the specification without hints at names that the schema has: whoever may not see it must not learn it by guessing.
func quietRules() *rules.Rules {
	r := rules.NewDefaultRules()
	for _, quiet := range []validator.Rule{
		rules.FieldsOnCorrectTypeRuleWithoutSuggestions, rules.KnownArgumentNamesRuleWithoutSuggestions, rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRuleWithoutSuggestions, rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		r.ReplaceRule(strings.TrimSuffix(quiet.Name, "WithoutSuggestions"), quiet.RuleFunc)
	}
	return r
}

// Kind is query, mutation or subscription.
func (o *Operation) Kind() string { return string(o.op.Operation) }

// problemsOf are the library's errors in our form.
func problemsOf(err error) []Problem {
	var list gqlerror.List
	if !errors.As(err, &list) {
		var one *gqlerror.Error
		if !errors.As(err, &one) {
			return []Problem{{Message: err.Error()}}
		}
		list = gqlerror.List{one}
	}
	out := make([]Problem, 0, min(len(list), maxProblems))
	for _, e := range list[:min(len(list), maxProblems)] {
		p := Problem{Message: clip(e.Message)}
		for _, l := range e.Locations {
			if l.Line > 0 {
				p.Locations = append(p.Locations, Location(l))
			}
		}
		if len(e.Path) > 0 { // of a variable, not of the answer
			p.Message = fmt.Sprintf("%s %s", e.Path, p.Message)
		}
		out = append(out, p)
	}
	return out
}
