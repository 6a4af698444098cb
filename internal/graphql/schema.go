package graphql

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// Bounds on schemas. 4 MiB is the service's own limit of schemas (policies.md 10).
const (
	MaxSchema       = 4 << 20 // bytes
	maxSchemaTokens = 400_000
	maxPositions    = 200 // columns of an error that are worth telling
)

// Schema is a schema in the schema definition language, parsed and checked. It is immutable.
type Schema struct {
	ast  *ast.Schema
	text string
}

// Error is what is wrong with a schema, with its place.
type Error struct {
	Line, Column int // from 1; 0 when the whole document is at fault
	Message      string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Parse reads a schema. Every error is an *Error; the schema is then unusable as a whole.
func Parse(text string) (s *Schema, err error) {
	defer func() {
		if recover() != nil { // the library's own guard is the first; this one keeps a defect of it from ending the process
			s, err = nil, &Error{Message: "the schema can't be read"}
		}
	}()
	text = strings.TrimPrefix(text, "\ufeff")
	switch {
	case len(text) > MaxSchema:
		return nil, &Error{Message: fmt.Sprintf("the schema has %d bytes; %d are allowed", len(text), MaxSchema)}
	case !utf8.ValidString(text):
		return nil, &Error{Message: "the schema is not encoded in UTF-8"}
	case strings.TrimSpace(text) == "":
		return nil, &Error{Message: "the schema is empty"}
	}
	own, err := parser.ParseSchemaWithLimit(&ast.Source{Input: text}, maxSchemaTokens)
	if err != nil {
		return nil, schemaError(err)
	}
	if err := modest(own); err != nil {
		return nil, err
	}
	all := validator.PreludeDocument()
	all.Merge(own)
	checked, err := validator.ValidateSchemaDocument(all)
	if err != nil {
		return nil, schemaError(err)
	}
	if checked.Query == nil {
		return nil, &Error{Message: "the schema has no query type: declare type Query with at least one field"}
	}
	return &Schema{ast: checked, text: text}, nil
}

// Bounds on what one type may hold: checks compare members of a type with each other, and interfaces with those that they implement.
const (
	maxMembers    = 5000
	maxInterfaces = 100
)

// modest refuses types whose checks would take longer than their text suggests.
func modest(d *ast.SchemaDocument) error {
	members, interfaces := map[string]int{}, map[string]int{}
	for _, list := range []ast.DefinitionList{d.Definitions, d.Extensions} {
		for _, t := range list {
			n := members[t.Name] + len(t.Fields) + len(t.EnumValues) + len(t.Types) + len(t.Interfaces) + len(t.Directives)
			for _, f := range t.Fields {
				n += len(f.Arguments)
			}
			if interfaces[t.Name] += len(t.Interfaces); interfaces[t.Name] > maxInterfaces {
				return at(t.Position, fmt.Sprintf("type %s implements more than %d interfaces", t.Name, maxInterfaces))
			}
			if members[t.Name] = n; n > maxMembers {
				return at(t.Position, fmt.Sprintf("type %s has more than %d fields, arguments and values", t.Name, maxMembers))
			}
		}
	}
	return nil
}

func at(p *ast.Position, message string) *Error {
	e := &Error{Message: message}
	if p != nil {
		e.Line, e.Column = p.Line, p.Column
	}
	return e
}

// schemaError is an error of the library in our form.
func schemaError(err error) *Error {
	var g *gqlerror.Error
	if !errors.As(err, &g) {
		return &Error{Message: err.Error()}
	}
	e := &Error{Message: clip(g.Message)}
	if len(g.Locations) > 0 && g.Locations[0].Line > 0 {
		e.Line, e.Column = g.Locations[0].Line, g.Locations[0].Column
	}
	return e
}

// clip keeps a message that quotes its document short.
func clip(s string) string {
	if len(s) <= maxPositions {
		return s
	}
	return strings.ToValidUTF8(s[:maxPositions], "") + "…"
}

// Text is the schema as it came.
func (s *Schema) Text() string { return s.text }

// CheckField says why a resolver can't stand for "Type/field"; nil when it can.
func (s *Schema) CheckField(path string) error {
	typ, name, ok := strings.Cut(path, "/")
	def := s.ast.Types[typ]
	switch {
	case !ok:
		return fmt.Errorf("'%s' is not of the form Type/field", path)
	case def == nil || def.BuiltIn:
		return fmt.Errorf("the schema has no type '%s'", typ)
	case def.Kind != ast.Object:
		return fmt.Errorf("'%s' is no object type; a resolver stands for a field of an object type", typ)
	case def == s.ast.Subscription:
		return fmt.Errorf("'%s' is the subscription type; its fields are not resolved but published to", typ)
	case fieldOf(def, name) == nil:
		return fmt.Errorf("the type '%s' has no field '%s'", typ, name)
	}
	return nil
}

func fieldOf(def *ast.Definition, name string) *ast.FieldDefinition {
	if strings.HasPrefix(name, "__") {
		return nil
	}
	return def.Fields.ForName(name)
}
