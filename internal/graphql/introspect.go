package graphql

import (
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// meta is an object of introspection: it works out a field when it is asked for.
type meta func(field string, args map[string]any) any

// introspect is the data of __schema and __type.
func (s *Schema) introspect(field string, args map[string]any) any {
	if field == "__type" {
		name, _ := args["name"].(string)
		if def := s.ast.Types[name]; def != nil {
			return s.metaType(def)
		}
		return nil
	}
	return meta(func(field string, _ map[string]any) any {
		switch field {
		case "description":
			return textOrNull(s.ast.Description)
		case "types":
			var out []any
			for _, name := range slices.Sorted(maps.Keys(s.ast.Types)) {
				out = append(out, s.metaType(s.ast.Types[name]))
			}
			return out
		case "queryType":
			return s.metaType(s.ast.Query)
		case "mutationType":
			return s.metaType(s.ast.Mutation)
		case "subscriptionType":
			return s.metaType(s.ast.Subscription)
		case "directives":
			var out []any
			for _, name := range slices.Sorted(maps.Keys(s.ast.Directives)) {
				out = append(out, s.metaDirective(s.ast.Directives[name]))
			}
			return out
		}
		return nil
	})
}

func (s *Schema) metaDirective(d *ast.DirectiveDefinition) any {
	return meta(func(field string, args map[string]any) any {
		switch field {
		case "name":
			return d.Name
		case "description":
			return textOrNull(d.Description)
		case "isRepeatable":
			return d.IsRepeatable
		case "locations":
			out := make([]any, len(d.Locations))
			for i, l := range d.Locations {
				out[i] = string(l)
			}
			return out
		case "args":
			return s.metaArguments(d.Arguments, args)
		}
		return nil
	})
}

// metaType is a named type; nil for none.
func (s *Schema) metaType(def *ast.Definition) any {
	if def == nil {
		return nil
	}
	return meta(func(field string, args map[string]any) any {
		switch field {
		case "kind":
			return string(def.Kind)
		case "name":
			return def.Name
		case "description":
			return textOrNull(def.Description)
		case "specifiedByURL":
			if d := def.Directives.ForName("specifiedBy"); d != nil {
				if url := d.Arguments.ForName("url"); url != nil {
					return url.Value.Raw
				}
			}
			return nil
		case "isOneOf":
			return def.Directives.ForName("oneOf") != nil
		case "fields":
			return s.metaFields(def, args)
		case "interfaces":
			return s.metaInterfaces(def)
		case "possibleTypes":
			return s.metaPossible(def)
		case "enumValues":
			return metaEnumValues(def, args)
		case "inputFields":
			if def.Kind != ast.InputObject {
				return nil
			}
			out := []any{}
			for _, f := range def.Fields {
				if shown(f.Directives, args) {
					out = append(out, s.metaInput(f.Name, f.Description, f.Type, f.DefaultValue, f.Directives))
				}
			}
			return out
		}
		return nil
	})
}

func (s *Schema) metaFields(def *ast.Definition, args map[string]any) any {
	if def.Kind != ast.Object && def.Kind != ast.Interface {
		return nil
	}
	out := []any{}
	for _, f := range def.Fields {
		if strings.HasPrefix(f.Name, "__") || !shown(f.Directives, args) {
			continue
		}
		out = append(out, meta(func(field string, args map[string]any) any {
			switch field {
			case "name":
				return f.Name
			case "description":
				return textOrNull(f.Description)
			case "args":
				return s.metaArguments(f.Arguments, args)
			case "type":
				return s.metaOf(f.Type)
			}
			return deprecation(field, f.Directives)
		}))
	}
	return out
}

func (s *Schema) metaInterfaces(def *ast.Definition) any {
	if def.Kind != ast.Object && def.Kind != ast.Interface {
		return nil
	}
	out := []any{}
	for _, name := range def.Interfaces {
		out = append(out, s.metaType(s.ast.Types[name]))
	}
	return out
}

func (s *Schema) metaPossible(def *ast.Definition) any {
	if !def.IsAbstractType() {
		return nil
	}
	out := []any{}
	for _, p := range s.possible(def) {
		out = append(out, s.metaType(p))
	}
	return out
}

func metaEnumValues(def *ast.Definition, args map[string]any) any {
	if def.Kind != ast.Enum {
		return nil
	}
	out := []any{}
	for _, v := range def.EnumValues {
		if !shown(v.Directives, args) {
			continue
		}
		out = append(out, meta(func(field string, _ map[string]any) any {
			switch field {
			case "name":
				return v.Name
			case "description":
				return textOrNull(v.Description)
			}
			return deprecation(field, v.Directives)
		}))
	}
	return out
}

func (s *Schema) metaArguments(list ast.ArgumentDefinitionList, args map[string]any) any {
	out := []any{}
	for _, a := range list {
		if shown(a.Directives, args) {
			out = append(out, s.metaInput(a.Name, a.Description, a.Type, a.DefaultValue, a.Directives))
		}
	}
	return out
}

func (s *Schema) metaInput(name, description string, typ *ast.Type, standard *ast.Value, directives ast.DirectiveList) any {
	return meta(func(field string, _ map[string]any) any {
		switch field {
		case "name":
			return name
		case "description":
			return textOrNull(description)
		case "type":
			return s.metaOf(typ)
		case "defaultValue":
			if standard == nil {
				return nil
			}
			return standard.String()
		}
		return deprecation(field, directives)
	})
}

// metaOf is a type with its wrappers.
func (s *Schema) metaOf(t *ast.Type) any {
	wrapped := func(kind string, inner any) any {
		return meta(func(field string, _ map[string]any) any {
			return map[string]any{"kind": kind, "ofType": inner}[field]
		})
	}
	switch {
	case t.NonNull:
		bare := *t
		bare.NonNull = false
		return wrapped("NON_NULL", s.metaOf(&bare))
	case t.Elem != nil:
		return wrapped("LIST", s.metaOf(t.Elem))
	}
	return s.metaType(s.ast.Types[t.NamedType])
}

// shown says whether a deprecated thing is asked for.
func shown(d ast.DirectiveList, args map[string]any) bool {
	all, _ := args["includeDeprecated"].(bool)
	return all || d.ForName("deprecated") == nil
}

func deprecation(field string, directives ast.DirectiveList) any {
	d := directives.ForName("deprecated")
	switch field {
	case "isDeprecated":
		return d != nil
	case "deprecationReason":
		if d == nil {
			return nil
		}
		if reason := d.Arguments.ForName("reason"); reason != nil {
			return reason.Value.Raw
		}
		return "No longer supported"
	}
	return nil
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
