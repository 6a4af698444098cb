package policy

import "sync"

// Schema is the document that describes an API of a type with one: GraphQL's schema language, OData's metadata. This room knows neither; who reads the
// text keeps what it has read here, so that it is read once.
type Schema struct {
	ContentType, Text string

	once sync.Once
	read any
	err  error
}

// Read gives what read makes of the text. Every reader of a schema passes the same function.
func (s *Schema) Read(read func(text string) (any, error)) (any, error) {
	s.once.Do(func() { s.read, s.err = read(s.Text) })
	return s.read, s.err
}
