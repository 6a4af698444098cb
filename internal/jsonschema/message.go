package jsonschema

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// typeNames are the names of JSON types as the service writes them.
var typeNames = map[string]string{
	"string": "String", "number": "Number", "integer": "Integer", "boolean": "Boolean", "object": "Object", "array": "Array", "null": "Null",
}

// maxShown is how much of a value or of a list of names a message shows.
const maxShown = 200

func shown(s string) string {
	if len(s) > maxShown {
		return strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	return s
}

// messageOf is what the service's validator says of an error; v is the value that has it.
func messageOf(e *jsonschema.ValidationError, v any) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		return fmt.Sprintf("Invalid type. Expected %s but got %s.", typeList(k.Want), typeName(k.Got, v))
	case *kind.Required:
		return "Required properties are missing from object: " + shown(strings.Join(k.Missing, ", ")) + "."
	case *kind.AdditionalProperties:
		return fmt.Sprintf("Property '%s' has not been defined and the schema does not allow additional properties.", shown(strings.Join(k.Properties, "', '")))
	case *kind.Enum:
		return fmt.Sprintf("Value %s is not defined in enum.", literal(v))
	case *kind.Const:
		return fmt.Sprintf("Value %s does not match const.", literal(v))
	case *kind.MinLength:
		return fmt.Sprintf("String '%s' is less than minimum length of %d.", text(v), k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("String '%s' exceeds maximum length of %d.", text(v), k.Want)
	case *kind.Pattern:
		return fmt.Sprintf("String '%s' does not match regex pattern '%s'.", text(v), shown(k.Want))
	case *kind.Format:
		return fmt.Sprintf("String '%s' does not validate against format '%s'.", text(v), k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("Array item count %d is less than minimum count of %d.", k.Got, k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("Array item count %d exceeds maximum count of %d.", k.Got, k.Want)
	case *kind.UniqueItems:
		return fmt.Sprintf("Non-unique array item at index %d.", k.Duplicates[1])
	case *kind.MinProperties:
		return fmt.Sprintf("Object property count %d is less than minimum count of %d.", k.Got, k.Want)
	case *kind.MaxProperties:
		return fmt.Sprintf("Object property count %d exceeds maximum count of %d.", k.Got, k.Want)
	}
	return numberMessage(e, v)
}

func numberMessage(e *jsonschema.ValidationError, v any) string {
	kindOf := "Float"
	if n, ok := v.(json.Number); ok && !strings.ContainsAny(n.String(), ".eE") {
		kindOf = "Integer"
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Minimum:
		return fmt.Sprintf("%s %s is less than minimum value of %s.", kindOf, text(v), number(k.Want))
	case *kind.Maximum:
		return fmt.Sprintf("%s %s exceeds maximum value of %s.", kindOf, text(v), number(k.Want))
	case *kind.ExclusiveMinimum:
		if text(v) == number(k.Want) {
			return fmt.Sprintf("%s %s equals minimum value of %s and exclusive minimum is true.", kindOf, text(v), number(k.Want))
		}
		return fmt.Sprintf("%s %s is less than minimum value of %s.", kindOf, text(v), number(k.Want))
	case *kind.ExclusiveMaximum:
		if text(v) == number(k.Want) {
			return fmt.Sprintf("%s %s equals maximum value of %s and exclusive maximum is true.", kindOf, text(v), number(k.Want))
		}
		return fmt.Sprintf("%s %s exceeds maximum value of %s.", kindOf, text(v), number(k.Want))
	case *kind.MultipleOf:
		return fmt.Sprintf("%s %s is not a multiple of %s.", kindOf, text(v), number(k.Want))
	case *kind.AnyOf:
		return "JSON does not match any schemas from 'anyOf'."
	case *kind.OneOf:
		if len(k.Subschemas) == 0 {
			return "JSON is valid against no schemas from 'oneOf'."
		}
		return "JSON is valid against more than one schema from 'oneOf'."
	case *kind.Not:
		return "JSON is valid against schema from 'not'."
	case *kind.FalseSchema:
		return "Schema always fails validation."
	}
	return shown(e.ErrorKind.LocalizedString(message.NewPrinter(language.English))) + "."
}

// typeOrder is the order in which the service lists types.
var typeOrder = []string{"string", "number", "integer", "boolean", "object", "array", "null"}

func typeList(names []string) string {
	var out []string
	for _, n := range typeOrder {
		if slices.Contains(names, n) {
			out = append(out, typeNames[n])
		}
	}
	return strings.Join(out, ", ")
}

func typeName(got string, v any) string {
	if n, ok := v.(json.Number); ok && got == "number" && !strings.ContainsAny(n.String(), ".eE") {
		return "Integer"
	}
	return typeNames[got]
}

// text is a value without quotes.
func text(v any) string {
	if s, ok := v.(string); ok {
		return shown(s)
	}
	return literal(v)
}

// literal is a value as JSON.
func literal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return shown(string(b))
}

func number(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	f, _ := r.Float64()
	return fmt.Sprint(f)
}
