package oas

import "strconv"

// Version is the generation of a document.
type Version string

// The generations that can be imported.
const (
	Swagger2  Version = "2.0"
	OpenAPI30 Version = "3.0"
	OpenAPI31 Version = "3.1"
)

// The other forms of document that the model is made of; rooms below read them.
const (
	WSDL Version = "wsdl"
	WADL Version = "wadl"
)

// API is what a document says, in its own order.
type API struct {
	Version     Version // of the document's format
	Title       string
	Description string
	APIVersion  string   // info.version
	Terms       string   // URL of the terms of service
	Contact     Contact  // who answers for the API
	License     License  // under which it is offered
	Servers     []string // base URLs with variables replaced by their defaults; one without scheme and host is relative to where the document came from
	Tags        []Tag    // those that the document declares, then others that operations name
	Operations  []Operation
	Schemas     []Schema    // named ones, then those that operations spell out in place
	XML         []XMLSchema // of documents that are XML
	Warnings    []string    // what was left out or adapted, for the person who imports
}

// XMLSchema is a schema in XML.
type XMLSchema struct {
	Name     string // that representations refer to it by
	Space    string // its namespace
	Document string
}

// XMLSchemaName names the schemas of a document, counted from 0.
func XMLSchemaName(i int) string {
	if i == 0 {
		return "imported"
	}
	return "imported-" + strconv.Itoa(i+1)
}

// Contact and License are those of the document's info; empty fields are absent ones.
type (
	Contact struct{ Name, URL, Email string }
	License struct{ Name, URL string }
)

// Tag is a label of operations.
type Tag struct{ Name, Description string }

// Operation is one method at one path.
type Operation struct {
	ID                 string // unique in the API: lower-case letters, digits and single hyphens, 80 characters at most
	DisplayName        string // 300 characters at most
	Description        string
	Method             string // upper case
	URLTemplate        string // /orders/{id}?expand={expand}
	TemplateParameters []Parameter
	Request            Request
	Responses          []Response
	Tags               []string
	Deprecated         bool
}

// Parameter is a named value in a template, a query, a header or a form.
type Parameter struct {
	Name        string
	Description string
	Type        string // of JSON schema: string, integer, number, boolean, array, object
	Required    bool
	Default     string
	Values      []string // the only values allowed, when the document lists them
	Examples    []Example
}

// Request is what an operation takes besides the parameters of its template.
type Request struct {
	Description     string
	QueryParameters []Parameter
	Headers         []Parameter
	Representations []Representation
}

// Response is one answer of an operation.
type Response struct {
	StatusCode      int
	Description     string
	Headers         []Parameter
	Representations []Representation
}

// Representation is a body in one content type.
type Representation struct {
	ContentType    string
	TypeName       string // name of its schema in API.Schemas, or of an element in a schema of API.XML; "" when it has none
	Schema         string // name of the schema in API.XML, NoSchema for none; "" when TypeName is in API.Schemas
	FormParameters []Parameter
	// Examples has those of the document; when there are none and there is a schema, one made from the schema.
	Examples []Example
}

// NoSchema is the schema of a body whose type is in no schema: TypeName then is the element of the body.
const NoSchema = "-"

// Example is a body or value as it would travel.
type Example struct {
	Name        string // "default" when the document gives no name
	Summary     string
	Description string
	External    string // URL of an example kept elsewhere; Value is then empty
	Value       []byte // shared between examples of one source: do not change it
	Generated   bool   // made from the schema
}

// Schema is a named type. JSON is its definition, with references as they stand in the document.
type Schema struct {
	Name string
	JSON []byte
}

// SchemaContentType is how Azure calls a document of an API's schemas, by the generation of the document they came from.
func (v Version) SchemaContentType() string {
	switch v {
	case Swagger2:
		return "application/vnd.ms-azure-apim.swagger.definitions+json"
	case WSDL:
		return "application/vnd.ms-azure-apim.xsd+xml"
	case WADL:
		return "application/vnd.ms-azure-apim.wadl.grammars+xml"
	}
	return "application/vnd.oai.openapi.components+json"
}

// SchemaDocument is all schemas as one object of JSON by name, in order: what stands under definitions (2.0) or components.schemas (3.x), so
// that references in them lead to where they are.
func (a *API) SchemaDocument() []byte {
	b := []byte("{")
	for i, s := range a.Schemas {
		b = separate(b, i, false, 0)
		b = append(appendText(b, s.Name), ':')
		b = append(b, s.JSON...)
	}
	return append(b, '}')
}

// Named reads schemas back from such an object, in order.
func Named(object []byte) ([]Schema, error) {
	root, err := readJSON(object)
	if err != nil {
		return nil, err
	}
	var out []Schema
	for _, m := range root.members {
		out = append(out, Schema{m.key, appendJSON(nil, m.value, false, 0)})
	}
	return out, nil
}
