package jsonschema

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Limits of schemas and of what is checked with them.
const (
	MaxSchema = 4 << 20 // bytes (policies.md 7.5)
	maxDepth  = 200
)

// Options change what a schema says.
type Options struct {
	// Additional, when not nil, says whether objects may have properties that their schema doesn't name, whatever it says itself.
	Additional *bool
	// FoldNames compares names of properties without regard to case.
	FoldNames bool
}

// Schema is a compiled schema. It is safe for concurrent use.
type Schema struct {
	copies chan *compiled // see compiled; nil for one that is yet to be made
	make   func() (*compiled, error)
	fold   bool
}

// base is where a document stands; nothing is ever fetched from it.
const base = "schema:///document.json"

// noLoader refuses every reference to another document.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("it refers to %s; a schema may only refer to itself", url)
}

// Compile compiles the schema that stands at pointer in a document, "" or "#" for the document itself. The error is for the schema's author.
func Compile(document []byte, pointer string, o Options) (*Schema, error) {
	if len(document) > MaxSchema {
		return nil, fmt.Errorf("the schema is larger than %d bytes", MaxSchema)
	}
	if depth(document) > maxDepth {
		return nil, fmt.Errorf("the schema is nested more than %d deep", maxDepth)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(bytes.TrimPrefix(document, []byte("\ufeff"))))
	if err != nil {
		return nil, fmt.Errorf("the schema is no JSON: %w", err)
	}
	if dynamic(v) {
		return nil, errors.New("the schema uses $dynamicRef, which is not supported; refer with $ref")
	}
	v = adapt(v, o)
	slow := &allowance{}
	s := &Schema{copies: make(chan *compiled, runtime.GOMAXPROCS(0)), fold: o.FoldNames}
	s.make = func() (*compiled, error) { return compile(v, pointer, slow) }
	first, err := s.make()
	if err != nil {
		return nil, short(err)
	}
	s.copies <- first
	for len(s.copies) < cap(s.copies) {
		s.copies <- nil
	}
	return s, nil
}

func compile(v any, pointer string, slow *allowance) (*compiled, error) {
	made := &compiled{}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	c.AssertFormat()
	c.UseLoader(noLoader{})
	c.UseRegexpEngine(newEngine(made, slow))
	if err := c.AddResource(base, v); err != nil {
		return nil, err
	}
	var err error
	if made.schema, err = c.Compile(base + "#" + strings.TrimPrefix(pointer, "#")); err != nil {
		return nil, err
	}
	made.watch(reflect.ValueOf(made.schema), map[*jsonschema.Schema]bool{})
	return made, nil
}

// dynamic says whether a schema refers to what is found only while a value is compared: what that leads to can't be watched.
func dynamic(v any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, dynamic)
	case map[string]any:
		if _, refers := v["$dynamicRef"].(string); refers {
			return true
		}
		for _, member := range v {
			if dynamic(member) {
				return true
			}
		}
	}
	return false
}

// short is the first cause of an error, without the address that only we know.
func short(err error) error {
	var bad *jsonschema.SchemaValidationError
	if errors.As(err, &bad) {
		err = bad.Err
	}
	var load *jsonschema.LoadURLError
	if errors.As(err, &load) {
		err = load.Err
	}
	text := strings.ReplaceAll(err.Error(), base, "")
	if lines := strings.SplitN(text, "\n", 3); len(lines) > 1 {
		text = lines[0] + ": " + strings.TrimLeft(lines[1], "- ")
	}
	if len(text) > 400 {
		text = text[:400]
	}
	return errors.New(strings.ToValidUTF8(text, ""))
}

// depth is how deep brackets nest.
func depth(document []byte) int {
	most, now, quoted := 0, 0, false
	for i := 0; i < len(document); i++ {
		switch c := document[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			most = max(most, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return most
}

// adapt makes a plain schema of one of OpenAPI, and does what the options ask: nullable becomes the type null, a true exclusiveMinimum takes over
// the minimum.
func adapt(v any, o Options) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = adapt(v[i], o)
		}
	case map[string]any:
		for name, member := range v {
			v[name] = adapt(member, o)
		}
		exclusive(v, "exclusiveMinimum", "minimum")
		exclusive(v, "exclusiveMaximum", "maximum")
		if v["nullable"] == true {
			nullable(v)
		}
		if properties, ok := v["properties"].(map[string]any); ok && schemas(properties) {
			options(v, properties, o)
		}
	}
	return v
}

func exclusive(v map[string]any, keyword, bound string) {
	is, ok := v[keyword].(bool)
	if !ok {
		return
	}
	delete(v, keyword)
	if limit, there := v[bound]; is && there {
		delete(v, bound)
		v[keyword] = limit
	}
}

func nullable(v map[string]any) {
	if t, ok := v["type"].(string); ok {
		v["type"] = []any{t, "null"}
	}
	if values, ok := v["enum"].([]any); ok {
		v["enum"] = append(values, nil)
	}
}

// schemas says whether all members are schemas, so that what holds them is the keyword properties and no property of that name.
func schemas(properties map[string]any) bool {
	for _, p := range properties {
		switch p.(type) {
		case map[string]any, bool:
		default:
			return false
		}
	}
	return true
}

func options(v, properties map[string]any, o Options) {
	if o.Additional != nil && *o.Additional && v["additionalProperties"] == false {
		delete(v, "additionalProperties")
	}
	if o.Additional != nil && !*o.Additional {
		v["additionalProperties"] = false
	}
	if !o.FoldNames {
		return
	}
	folded := make(map[string]any, len(properties))
	for name, p := range properties {
		folded[strings.ToLower(name)] = p
	}
	v["properties"] = folded
	if names, ok := v["required"].([]any); ok {
		for i, n := range names {
			if s, ok := n.(string); ok {
				names[i] = strings.ToLower(s)
			}
		}
	}
}
