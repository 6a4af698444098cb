package graphql

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// IntrospectionQuery asks a server for its schema.
const IntrospectionQuery = `query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name }
types { kind name description
fields(includeDeprecated: true) { name description args { ...I } type { ...T } isDeprecated deprecationReason }
inputFields { ...I } interfaces { name }
enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
possibleTypes { name } }
directives { name description locations args { ...I } } } }
fragment I on __InputValue { name description type { ...T } defaultValue }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } }`

// introspected is a schema as introspection tells it.
type introspected struct {
	QueryType, MutationType, SubscriptionType *struct{ Name string }
	Types                                     []struct {
		Kind, Name, Description string
		Fields                  []struct {
			inputField
			Args              []inputField
			IsDeprecated      bool
			DeprecationReason string
		}
		InputFields               []inputField
		Interfaces, PossibleTypes []struct{ Name string }
		EnumValues                []struct {
			Name, Description, DeprecationReason string
			IsDeprecated                         bool
		}
	}
	Directives []struct {
		Name, Description string
		Locations         []string
		Args              []inputField
	}
}

type inputField struct {
	Name, Description string
	Type              *typeRef
	DefaultValue      *string
}

type typeRef struct {
	Kind, Name string
	OfType     *typeRef
}

// IsIntrospection says whether a document is the answer to an introspection query rather than a schema in its own language.
func IsIntrospection(doc []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(doc, []byte("\ufeff"))), []byte("{"))
}

// FromIntrospection writes the schema that the answer to an introspection query tells of. The text is to be parsed like any other.
func FromIntrospection(doc []byte) (string, error) {
	var answer struct {
		Data *struct {
			Schema *introspected `json:"__schema"`
		}
		Schema *introspected `json:"__schema"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(doc, []byte("\ufeff")), &answer); err != nil {
		return "", &Error{Message: "the document is neither a schema in GraphQL's language nor the answer to an introspection query"}
	}
	s := answer.Schema
	if s == nil && answer.Data != nil {
		s = answer.Data.Schema
	}
	if s == nil || s.QueryType == nil {
		return "", &Error{Message: "the answer to the introspection query holds no schema; the server may have switched introspection off"}
	}
	var w sdlWriter
	w.schema(s)
	if w.Len() > MaxSchema {
		return "", &Error{Message: fmt.Sprintf("the schema has more than %d bytes", MaxSchema)}
	}
	return w.String(), nil
}

// sdlWriter writes a schema in GraphQL's language. Names are written as they are: the parser judges them.
type sdlWriter struct{ strings.Builder }

var builtInTypes = map[string]bool{"Int": true, "Float": true, "String": true, "Boolean": true, "ID": true}

var builtInDirectives = map[string]bool{"skip": true, "include": true, "deprecated": true, "specifiedBy": true, "oneOf": true, "defer": true}

func (w *sdlWriter) schema(s *introspected) {
	fmt.Fprintf(w, "schema {\n  query: %s\n", s.QueryType.Name)
	if s.MutationType != nil {
		fmt.Fprintf(w, "  mutation: %s\n", s.MutationType.Name)
	}
	if s.SubscriptionType != nil {
		fmt.Fprintf(w, "  subscription: %s\n", s.SubscriptionType.Name)
	}
	w.WriteString("}\n")
	for _, d := range s.Directives {
		if builtInDirectives[d.Name] || w.Len() > MaxSchema {
			continue
		}
		w.WriteString("\n")
		w.describe("", d.Description)
		w.WriteString("directive @" + d.Name)
		w.arguments(d.Args)
		w.WriteString(" on " + strings.Join(d.Locations, " | ") + "\n")
	}
	w.types(s)
}

func (w *sdlWriter) types(s *introspected) {
	for _, t := range s.Types {
		if strings.HasPrefix(t.Name, "__") || builtInTypes[t.Name] || w.Len() > MaxSchema {
			continue
		}
		w.WriteString("\n")
		w.describe("", t.Description)
		switch t.Kind {
		case "SCALAR":
			w.WriteString("scalar " + t.Name + "\n")
		case "UNION":
			w.WriteString("union " + t.Name + " = " + joinNames(t.PossibleTypes, " | ") + "\n")
		case "ENUM":
			w.WriteString("enum " + t.Name + " {\n")
			for _, v := range t.EnumValues {
				w.describe("  ", v.Description)
				w.WriteString("  " + v.Name + deprecated(v.IsDeprecated, v.DeprecationReason) + "\n")
			}
			w.WriteString("}\n")
		case "INPUT_OBJECT":
			w.WriteString("input " + t.Name + " {\n")
			for _, f := range t.InputFields {
				w.describe("  ", f.Description)
				w.WriteString("  " + f.text() + "\n")
			}
			w.WriteString("}\n")
		default:
			w.WriteString(map[string]string{"INTERFACE": "interface ", "OBJECT": "type "}[t.Kind] + t.Name)
			if len(t.Interfaces) > 0 {
				w.WriteString(" implements " + joinNames(t.Interfaces, " & "))
			}
			w.WriteString(" {\n")
			for _, f := range t.Fields {
				w.describe("  ", f.Description)
				w.WriteString("  " + f.Name)
				w.arguments(f.Args)
				w.WriteString(": " + f.Type.text() + deprecated(f.IsDeprecated, f.DeprecationReason) + "\n")
			}
			w.WriteString("}\n")
		}
	}
}

func (w *sdlWriter) arguments(args []inputField) {
	if len(args) == 0 {
		return
	}
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = a.text()
	}
	w.WriteString("(" + strings.Join(texts, ", ") + ")")
}

func (w *sdlWriter) describe(indent, text string) {
	if text != "" {
		w.WriteString(indent + quote(text) + "\n")
	}
}

func (f inputField) text() string {
	s := f.Name + ": " + f.Type.text()
	if f.DefaultValue != nil {
		s += " = " + *f.DefaultValue
	}
	return s
}

// text is the type as it is written; what has no name at its end is left for the parser to complain about.
func (t *typeRef) text() string {
	var before, after string
	for ; t != nil && t.OfType != nil; t = t.OfType {
		if t.Kind == "LIST" {
			before, after = before+"[", "]"+after
		} else {
			after = "!" + after
		}
	}
	if t == nil {
		return before + after
	}
	return before + t.Name + after
}

func deprecated(is bool, reason string) string {
	switch {
	case !is:
		return ""
	case reason == "":
		return " @deprecated"
	}
	return " @deprecated(reason: " + quote(reason) + ")"
}

// quote is a text as a string of GraphQL: the escapes of JSON are among its own.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}

func joinNames(list []struct{ Name string }, by string) string {
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = n.Name
	}
	return strings.Join(names, by)
}
