package jsonschema_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/jsonschema"
)

func compile(t *testing.T, source, pointer string, o jsonschema.Options) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.Compile([]byte(source), pointer, o)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return s
}

func TestViolationsSayWhatAndWhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, schema, document, want string }{
		{"required", `{"type":"object","required":["a","b"]}`, `{"a":1}`, "Required properties are missing from object: b. 1 1"},
		{"type", `{"properties":{"a":{"type":"integer"}}}`, "{\n  \"a\": \"x\"}", "Invalid type. Expected Integer but got String. 2 10"},
		{"types", `{"type":["string","null"]}`, `7`, "Invalid type. Expected String, Null but got Integer. 1 1"},
		{"additional", `{"properties":{"a":{}},"additionalProperties":false}`, `{"b":1}`, "Property 'b' has not been defined and the schema does not allow additional properties. 1 1"},
		{"enum", `{"enum":["a"]}`, `"b"`, `Value "b" is not defined in enum. 1 3`},
		{"minLength", `{"minLength":3}`, `"ab"`, "String 'ab' is less than minimum length of 3. 1 4"},
		{"maxLength", `{"maxLength":1}`, `"ab"`, "String 'ab' exceeds maximum length of 1. 1 4"},
		{"pattern of .NET", `{"pattern":"^(?<n>a)\\k<n>$"}`, `"ab"`, "String 'ab' does not match regex pattern '^(?<n>a)\\k<n>$'. 1 4"},
		{"format", `{"format":"date"}`, `"ab"`, "String 'ab' does not validate against format 'date'. 1 4"},
		{"minimum", `{"minimum":5}`, `1`, "Integer 1 is less than minimum value of 5. 1 1"},
		{"maximum", `{"maximum":5}`, `7.5`, "Float 7.5 exceeds maximum value of 5. 1 3"},
		{"exclusive minimum of draft 4", `{"minimum":5,"exclusiveMinimum":true}`, `5`, "Integer 5 equals minimum value of 5 and exclusive minimum is true. 1 1"},
		{"multipleOf", `{"multipleOf":2}`, `7`, "Integer 7 is not a multiple of 2. 1 1"},
		{"minItems", `{"minItems":1}`, `[]`, "Array item count 0 is less than minimum count of 1. 1 1"},
		{"maxItems", `{"maxItems":1}`, `[1,2]`, "Array item count 2 exceeds maximum count of 1. 1 1"},
		{"uniqueItems", `{"uniqueItems":true}`, `[1,1]`, "Non-unique array item at index 1. 1 1"},
		{"anyOf is one error", `{"anyOf":[{"type":"string"},{"type":"null"}]}`, `1`, "JSON does not match any schemas from 'anyOf'. 1 1"},
		{"oneOf", `{"oneOf":[{"type":"integer"},{"minimum":1}]}`, `1`, "JSON is valid against more than one schema from 'oneOf'. 1 1"},
		{"inside of a list", `{"items":{"type":"string"}}`, "[\"a\",\n 1]", "Invalid type. Expected String but got Integer. 2 2"},
		{"a reference within", `{"$ref":"#/definitions/a","definitions":{"a":{"type":"string"}}}`, `1`, "Invalid type. Expected String but got Integer. 1 1"},
		{"nullable", `{"type":"string","nullable":true}`, `1`, "Invalid type. Expected String, Null but got Integer. 1 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := compile(t, c.schema, "", jsonschema.Options{}).Validate([]byte(c.document))
			if err != nil || len(got) != 1 {
				t.Fatalf("%v, %v", got, err)
			}
			line, position := strings.Fields(c.want)[len(strings.Fields(c.want))-2], strings.Fields(c.want)[len(strings.Fields(c.want))-1]
			if text := strings.TrimSuffix(c.want, " "+line+" "+position); got[0].Message != text || itoa(got[0].Line) != line || itoa(got[0].Position) != position {
				t.Errorf("%+v; want %s", got[0], c.want)
			}
		})
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func TestWhatConformsHasNoViolations(t *testing.T) {
	t.Parallel()
	for schema, document := range map[string]string{
		`{"type":"object","properties":{"a":{"type":"string","nullable":true,"enum":["x"]}}}`: `{"a":null}`,
		`{"properties":{"nullable":{"type":"string"}}}`:                                       `{"nullable":"x"}`,
		`true`: `{}`,
	} {
		if got, err := compile(t, schema, "", jsonschema.Options{}).Validate([]byte(document)); err != nil || got != nil {
			t.Errorf("%s with %s: %v, %v", schema, document, got, err)
		}
	}
}

func TestPointersAndOptions(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	const doc = `{"components":{"schemas":{"Order":{"type":"object","required":["Id"],"properties":{"Id":{"type":"integer"},"Line":{"$ref":"#/components/schemas/Line"}}},
"Line":{"type":"object","properties":{"sku":{"type":"string"}},"additionalProperties":false}}}}`
	for _, c := range []struct {
		o        jsonschema.Options
		document string
		good     bool
	}{
		{jsonschema.Options{}, `{"Id":1,"x":2}`, true},
		{jsonschema.Options{}, `{"Id":1,"Line":{"y":1}}`, false},
		{jsonschema.Options{}, `{"id":1}`, false},
		{jsonschema.Options{FoldNames: true}, `{"id":1,"LINE":{"SKU":"x"}}`, true},
		{jsonschema.Options{FoldNames: true}, `{"id":"x"}`, false},
		{jsonschema.Options{Additional: &yes}, `{"Id":1,"Line":{"y":1}}`, true},
		{jsonschema.Options{Additional: &no}, `{"Id":1,"x":2}`, false},
	} {
		got, err := compile(t, doc, "#/components/schemas/Order", c.o).Validate([]byte(c.document))
		if err != nil || (got == nil) != c.good {
			t.Errorf("%+v %s: %v, %v", c.o, c.document, got, err)
		}
	}
}

func TestSchemasThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		`{`:                                    "no JSON",
		`{"type":"nothing"}`:                   "",
		`{"$ref":"http://example.com/a.json"}`: "a schema may only refer to itself",
		`{"$ref":"file:///etc/passwd"}`:        "a schema may only refer to itself",
		`{"$ref":"#/definitions/none"}`:        "not found",
		`{"pattern":"("}`:                      "",
		strings.Repeat(`{"not":`, 300) + `{}` + strings.Repeat(`}`, 300): "nested more than 200 deep",
		`"` + strings.Repeat("x", jsonschema.MaxSchema) + `"`:            "larger than",
	} {
		if _, err := jsonschema.Compile([]byte(source), "", jsonschema.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v; want %s", source, err, want)
		}
	}
}

func TestWhatIsNoJSONSaysWhere(t *testing.T) {
	t.Parallel()
	s := compile(t, `{}`, "", jsonschema.Options{})
	for document, line := range map[string]int{"{\n\"a\": x}": 2, "": 1, `{"a":1} 2`: 1, strings.Repeat("[", 300): 1} {
		_, err := s.Validate([]byte(document))
		var bad *jsonschema.ErrSyntax
		if !errors.As(err, &bad) || bad.Line != line {
			t.Errorf("%.20q: %v %+v", document, err, bad)
		}
	}
}

func TestSlowPatternsRefuseAndEnd(t *testing.T) {
	t.Parallel()
	s := compile(t, `{"items":{"pattern":"^(a+)+$"}}`, "", jsonschema.Options{})
	document := `["` + strings.Repeat(strings.Repeat("a", 40)+`!","`, 2000) + `b"]`
	begun := time.Now()
	got, err := s.Validate([]byte(document))
	if err != nil || len(got) == 0 {
		t.Errorf("%v, %v", got, err)
	}
	if took := time.Since(begun); took > 6*time.Second {
		t.Errorf("it takes %v", took)
	}
}
