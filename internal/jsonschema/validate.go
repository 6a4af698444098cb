package jsonschema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Violation is one thing in which a document doesn't conform.
type Violation struct {
	Message        string
	Line, Position int // of the value: its line from 1, and how many characters of the line end with it
}

// maxViolations is how many are told at once.
const maxViolations = 20

// ErrSyntax says that a document is no JSON.
type ErrSyntax struct {
	Message        string
	Line, Position int
}

func (e *ErrSyntax) Error() string { return e.Message }

// Validate checks a document: nil when it conforms. The error is an *ErrSyntax when it is no JSON.
func (s *Schema) Validate(document []byte) ([]Violation, error) {
	document = bytes.TrimPrefix(document, []byte("\ufeff"))
	if depth(document) > maxDepth {
		return nil, &ErrSyntax{fmt.Sprintf("The document is nested more than %d deep.", maxDepth), 1, 0}
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		at := len(document)
		var bad *json.SyntaxError
		if errors.As(err, &bad) {
			at = min(int(bad.Offset), at)
		}
		line, position := place(document, at)
		return nil, &ErrSyntax{"The document is no JSON: " + err.Error() + ".", line, position}
	}
	return s.check(v, document), nil
}

// ValidateValue checks a value that is no document: a string, bool, json.Number, nil, or lists and objects of them.
func (s *Schema) ValidateValue(v any) []Violation { return s.check(v, nil) }

func (s *Schema) check(v any, document []byte) []Violation {
	if s.fold {
		v = folded(v)
	}
	beyond, err := s.validate(v, len(document))
	switch {
	case beyond:
		return []Violation{{Message: "The document takes too many comparisons with its schema.", Line: 1}}
	case err == nil:
		return nil
	}
	var bad *jsonschema.ValidationError
	if !errors.As(err, &bad) {
		return []Violation{{Message: "The document can't be checked."}}
	}
	var out []Violation
	s.collect(bad, v, document, &out)
	return out
}

func folded(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = folded(v[i])
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[strings.ToLower(name)] = folded(member)
		}
		return out
	}
	return v
}

// collect gathers the innermost errors; a choice that failed is one error, whatever failed in its branches.
func (s *Schema) collect(e *jsonschema.ValidationError, root any, document []byte, out *[]Violation) {
	if len(*out) >= maxViolations {
		return
	}
	switch e.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		for _, c := range e.Causes {
			s.collect(c, root, document, out)
		}
		return
	}
	v := Violation{Message: messageOf(e, at(root, e.InstanceLocation)), Line: 1}
	if document != nil {
		v.Line, v.Position = locate(document, e.InstanceLocation, s.fold)
	}
	*out = append(*out, v)
}

// at is the value at a location.
func at(v any, location []string) any {
	for _, step := range location {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i < 0 || i >= len(in) {
				return nil
			}
			v = in[i]
		}
	}
	return v
}
