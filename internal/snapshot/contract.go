package snapshot

// Contract is what an API defines, for the policies that compare with it.
type Contract struct {
	Schemas    []*Schema
	Operations map[string]*OperationContract // by name
}

// OperationContract is what an operation takes and answers.
type OperationContract struct {
	Template, Query, Headers []Parameter
	Bodies                   []Media
	Responses                []ResponseContract
}

// ResponseContract is one status that an operation answers with.
type ResponseContract struct {
	Status  int
	Headers []Parameter
	Bodies  []Media
}

// Parameter is a parameter or header.
type Parameter struct {
	Name, Type         string
	Required           bool
	Values             []string
	SchemaID, TypeName string
}

// Media is a content type of a body, and the type in a schema of the API that it has.
type Media struct{ ContentType, SchemaID, TypeName string }
