package policy

import (
	"strings"
	"sync"
)

// Contract is what the definition of an API says of one operation. The policies that validate compare with it; it is there only for APIs on which
// one of them may run.
type Contract struct {
	Template, Query, Headers []Parameter
	Bodies                   []Media
	Responses                []DefinedResponse
}

// DefinedResponse is a status that an operation may answer with.
type DefinedResponse struct {
	Status  int
	Headers []Parameter
	Bodies  []Media
}

// Parameter is a parameter of a template or query, or a header.
type Parameter struct {
	Name, Type string
	Required   bool
	Values     []string // the only ones, nil for any
	Schema     SchemaRef
}

// Media is a content type of a body.
type Media struct {
	ContentType string
	Schema      SchemaRef
}

// SchemaRef names a type of one of the API's schemas.
type SchemaRef struct{ ID, Type string }

// SchemaDocument is the text of a schema. Kind is "json" or "xml".
type SchemaDocument struct {
	Kind string
	Text []byte
}

// Schemas are the schemas of an API by their ids in lower case, with what was compiled of them.
type Schemas struct {
	Documents map[string]SchemaDocument

	made sync.Map // key to func() any
}

// Document finds a schema by its id, which ignores case.
func (s *Schemas) Document(id string) (SchemaDocument, bool) {
	if s == nil {
		return SchemaDocument{}, false
	}
	d, ok := s.Documents[strings.ToLower(id)]
	return d, ok
}

// Once returns what was made for the key, a comparable value, and makes it at the first call; others wait.
func (s *Schemas) Once(key any, make func() any) any {
	f, ok := s.made.Load(key)
	if !ok {
		f, _ = s.made.LoadOrStore(key, sync.OnceValue(make))
	}
	return f.(func() any)()
}

// Defined is the response that is defined for a status, nil without one.
func (c *Contract) Defined(status int) *DefinedResponse {
	if c == nil {
		return nil
	}
	for i := range c.Responses {
		if c.Responses[i].Status == status {
			return &c.Responses[i]
		}
	}
	return nil
}
