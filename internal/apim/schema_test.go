package apim

import (
	"encoding/json"
	"testing"
)

func TestXMLSchemasMustBeOneWellFormedElement(t *testing.T) {
	t.Parallel()
	for text, good := range map[string]bool{
		`<a/>`: true, `<?xml version="1.0" encoding="utf-16"?><!-- c --><a><b x="1"/></a>`: true,
		``: false, `a`: false, `<a>`: false, `<a></b>`: false, `<a/><b/>`: false, `<a`: false, `<a>&nothing;</a>`: false,
	} {
		if got := wellFormed(text) == nil; got != good {
			t.Errorf("%q is well-formed: %v, want %v", text, got, good)
		}
	}
}

func TestAGlobalSchemaHoldsOneDocumentOfItsType(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name            string
		typ, value, doc string
		good            bool
	}{
		{"an object", "json", "", `{"type":"object"}`, true},
		{"an object as a text", "json", `"{\"type\":\"object\"}"`, "", true},
		{"an object in value", "json", `{"type":"object"}`, "", true},
		{"a list", "json", "", `[1]`, false},
		{"a list as a text", "json", `"[1]"`, "", false},
		{"an empty text", "json", `""`, "", false},
		{"both members", "json", `"{}"`, `{}`, false},
		{"XML", "XML", `"<a/>"`, "", true},
		{"XML as an object", "xml", `{}`, "", false},
		{"XML in the wrong member", "xml", "", `"<a/>"`, false},
	} {
		s := &GlobalSchema{SchemaType: c.typ}
		if c.value != "" {
			s.Value = json.RawMessage(c.value)
		}
		if c.doc != "" {
			s.Document = json.RawMessage(c.doc)
		}
		if got := validateGlobalSchema(s) == nil; got != c.good {
			t.Errorf("%s is accepted: %v, want %v", c.name, got, c.good)
		}
	}
}

func TestEveryPlaceOfAnOperationThatNamesASchemaCounts(t *testing.T) {
	t.Parallel()
	ref := []Parameter{{Name: "p", SchemaID: "S"}}
	body := []Representation{{ContentType: "application/json", SchemaID: "S"}}
	form := []Representation{{ContentType: "application/x-www-form-urlencoded", FormParameters: ref}}
	for name, op := range map[string]*Operation{
		"template parameter": {TemplateParameters: ref},
		"query parameter":    {Request: &Request{QueryParameters: ref}},
		"request header":     {Request: &Request{Headers: ref}},
		"request body":       {Request: &Request{Representations: body}},
		"form":               {Request: &Request{Representations: form}},
		"response header":    {Responses: []Response{{StatusCode: 200, Headers: ref}}},
		"response body":      {Responses: []Response{{StatusCode: 200, Representations: body}}},
	} {
		if !op.usesSchema("s") {
			t.Errorf("a %s that names the schema isn't seen", name)
		}
		if op.usesSchema("other") {
			t.Errorf("a %s that names another schema is taken for this one", name)
		}
	}
}
