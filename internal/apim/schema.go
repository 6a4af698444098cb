package apim

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Schema holds the types that operations of one API refer to. What was written in a member of document is read from the same member.
type Schema struct {
	ContentType       string          `json:"contentType" rule:"required,max=200"`
	Document          *SchemaDocument `json:"document" rule:"required"`
	ProvisioningState string          `json:"provisioningState,omitempty"`

	// Source is what the schema was imported with, so that an API that nobody has changed since is exported as it came; it isn't shown.
	Source *ImportSource `json:"atelierSource,omitempty"`
}

// SchemaDocument is a text, or the named types of an OpenAPI document: definitions of version 2, components of version 3.
type SchemaDocument struct {
	Value       string          `json:"value,omitempty"`
	Definitions json.RawMessage `json:"definitions,omitempty"`
	Components  json.RawMessage `json:"components,omitempty"`
}

func apiSchema() *kind.Kind {
	return kind.Entity[Schema]{
		Type: "schemas", Noun: "Schema", Under: []string{"apis"}, Names: named(80), PutOnly: true, Publish: true, Filters: "contentType",
		View: kind.View{One: "Schema", Many: "Schemas", Summary: "Types that the operations of an API refer to.", Columns: []string{"contentType"}},
		Default: func(w *kind.Typed[Schema]) error {
			w.New.ProvisioningState, w.New.Source = "Succeeded", nil
			if lower := strings.ToLower(w.New.ContentType); describing[lower].check != nil {
				w.New.ContentType = lower // which MayDescribe looks for
			}
			if d := w.New.Document; d != nil {
				d.Definitions, d.Components = given(d.Definitions), given(d.Components)
			}
			return nil
		},
		Render: func(_ *kind.Rendering, v *Schema) { v.Source = nil },
		Validate: func(w *kind.Typed[Schema]) error {
			if err := validateSchema(w.New.Document); err != nil {
				return err
			}
			if of, ok := describing[strings.ToLower(w.New.ContentType)]; ok {
				return of.check(w)
			}
			return nil
		},
		Claims: func(w *kind.Typed[Schema]) []kind.Claim {
			of, ok := describing[strings.ToLower(w.New.ContentType)]
			if !ok {
				return nil
			}
			return []kind.Claim{{
				Space: w.ID.Parent().Key() + "|schemas|" + of.name, Value: of.name, Field: "contentType",
				Message: "contentType: the API has a schema of this content type already; change that one.",
			}}
		},
		Remove: func(w *kind.Typed[Schema]) error {
			if strings.EqualFold(w.Query.Get("force"), "true") {
				return nil
			}
			for _, op := range w.Lookup.Children(w.ID.Parent(), "operations") {
				if v, ok := op.Value.(*Operation); ok && v.usesSchema(w.ID.Name()) {
					return arm.InvalidField("schemaId", "Schema '%s' is used by the operation '%s'. Change the operation first, or say force=true.", w.ID.Name(), op.ID.Name())
				}
			}
			return nil
		},
	}.Kind()
}

// describing are the content types of schemas that describe a whole API, each with its check. An API has one of them.
var describing = map[string]struct {
	name  string
	check func(w *kind.Typed[Schema]) error
}{
	graphQLContent: {"graphql", checkGraphQLSchema},
	odataContent:   {"odata", checkODataSchema},
}

// Describes says whether gateways need the schema: it describes the whole of its API.
func (s *Schema) Describes() bool {
	_, ok := describing[strings.ToLower(s.ContentType)]
	return ok && s.Document != nil
}

// MayDescribe says of the stored form of a schema whether Describes may be true of it. Most schemas are large and of no use to gateways; this spares
// reading them.
func MayDescribe(stored []byte) bool {
	for contentType := range describing {
		if bytes.Contains(stored, []byte(contentType)) {
			return true
		}
	}
	return false
}

// given is a JSON value, nil when it is null.
func given(v json.RawMessage) json.RawMessage {
	if string(bytes.TrimSpace(v)) == "null" {
		return nil
	}
	return v
}

func validateSchema(d *SchemaDocument) error {
	forms := 0
	for _, there := range []bool{d.Value != "", d.Definitions != nil, d.Components != nil} {
		if there {
			forms++
		}
	}
	if forms != 1 {
		return arm.InvalidField("document", "document must hold one of value, definitions and components.")
	}
	for field, v := range map[string]json.RawMessage{"definitions": d.Definitions, "components": d.Components} {
		if v != nil && !isObject(v) {
			return arm.InvalidField("document."+field, "document.%s must be a JSON object.", field)
		}
	}
	return nil
}

func isObject(v json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(v), []byte("{")) }

// usesSchema says whether a parameter or a representation of the operation refers to the schema.
func (o *Operation) usesSchema(name string) bool {
	lists := [][]Parameter{o.TemplateParameters}
	var bodies []Representation
	if o.Request != nil {
		lists = append(lists, o.Request.QueryParameters, o.Request.Headers)
		bodies = append(bodies, o.Request.Representations...)
	}
	for _, r := range o.Responses {
		lists = append(lists, r.Headers)
		bodies = append(bodies, r.Representations...)
	}
	for _, b := range bodies {
		if strings.EqualFold(b.SchemaID, name) {
			return true
		}
		lists = append(lists, b.FormParameters)
	}
	for _, list := range lists {
		for _, p := range list {
			if strings.EqualFold(p.SchemaID, name) {
				return true
			}
		}
	}
	return false
}

// GlobalSchema is a JSON or XML schema that policies validate content with.
type GlobalSchema struct {
	SchemaType        string          `json:"schemaType" rule:"required,enum=json|xml"`
	Description       string          `json:"description,omitempty"`
	Value             json.RawMessage `json:"value,omitempty"`
	Document          json.RawMessage `json:"document,omitempty"`
	ProvisioningState string          `json:"provisioningState,omitempty"`
}

func (c *Catalogue) globalSchema() *kind.Kind {
	return kind.Entity[GlobalSchema]{
		Type: "schemas", Noun: "Schema", Under: serviceAndWorkspaces, Names: named(80), PutOnly: true, Filters: "name",
		View: kind.View{One: "Schema", Many: "Schemas", Summary: "Schemas that policies validate content with.", Columns: []string{"schemaType", "description"}},
		Default: func(w *kind.Typed[GlobalSchema]) error {
			w.New.ProvisioningState = "Succeeded"
			w.New.Value, w.New.Document = given(w.New.Value), given(w.New.Document)
			return nil
		},
		Validate: func(w *kind.Typed[GlobalSchema]) error {
			if err := validateGlobalSchema(w.New); err != nil {
				return err
			}
			change := func(h *policy.Home) {
				typ, text := w.New.Text()
				h.Schemas[strings.ToLower(w.ID.Name())] = &policy.SchemaDocument{Kind: typ, Text: text}
			}
			return c.recheck(w.Lookup, w.ID.Parent(), w.ID, change, func(problem string) error {
				return arm.InvalidField("document", "With this schema a policy that validates with it no longer compiles: %s", problem)
			})
		},
		Claims: func(w *kind.Typed[GlobalSchema]) []kind.Claim {
			return []kind.Claim{uniqueName(w.ID, "schemas", "Schema")}
		},
	}.Kind()
}

func validateGlobalSchema(s *GlobalSchema) error {
	if (s.Value == nil) == (s.Document == nil) {
		return arm.InvalidField("value", "A schema needs one of value (XML, as a text) and document (JSON, as an object).")
	}
	if strings.EqualFold(s.SchemaType, "xml") {
		var text string
		if json.Unmarshal(s.Value, &text) != nil || text == "" {
			return arm.InvalidField("value", "value must be the text of the XML schema.")
		}
		if err := wellFormed(text); err != nil {
			return arm.InvalidField("value", "value is not well-formed XML: %s.", err)
		}
		return nil
	}
	field, doc := "document", s.Document
	if doc == nil {
		field, doc = "value", s.Value
		var text string
		if json.Unmarshal(doc, &text) == nil { // a document in a text
			if err := arm.CheckJSON([]byte(text)); err != nil || strings.TrimSpace(text) == "" {
				return arm.InvalidField(field, "value must be a JSON schema: an object.")
			}
			return nil
		}
	}
	if !isObject(doc) {
		return arm.InvalidField(field, "%s must be a JSON schema: an object.", field)
	}
	return nil
}

// wellFormed refuses a text that is not one XML element.
func wellFormed(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // JSON has made it UTF-8 already
	depth, roots := 0, 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch tok.(type) {
		case xml.StartElement:
			if depth++; depth == 1 {
				roots++
			}
			if depth > 200 {
				return errors.New("it nests deeper than 200 elements")
			}
		case xml.EndElement:
			depth--
		}
	}
	if roots != 1 || depth != 0 {
		return errors.New("it must be one element")
	}
	return nil
}
