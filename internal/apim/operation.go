package apim

import (
	"fmt"
	"regexp"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/route"
)

// Operation is one method on one path template of an API.
type Operation struct {
	DisplayName        string      `json:"displayName" rule:"required,max=300"`
	Method             string      `json:"method" rule:"required,max=64"`
	URLTemplate        string      `json:"urlTemplate" rule:"required,max=1000"`
	Description        string      `json:"description,omitempty"`
	TemplateParameters []Parameter `json:"templateParameters"`
	Request            *Request    `json:"request,omitempty"`
	Responses          []Response  `json:"responses"`
	Policies           string      `json:"policies,omitempty"`
}

// Parameter is a template, query, header or form parameter.
type Parameter struct {
	Name         string             `json:"name" rule:"required"`
	Type         string             `json:"type" rule:"required"`
	Description  string             `json:"description,omitempty"`
	DefaultValue string             `json:"defaultValue,omitempty"`
	Required     bool               `json:"required,omitempty"`
	Values       []string           `json:"values,omitempty"`
	SchemaID     string             `json:"schemaId,omitempty"`
	TypeName     string             `json:"typeName,omitempty"`
	Examples     map[string]Example `json:"examples,omitempty"`
}

// Example is a sample value.
type Example struct {
	Summary       string `json:"summary,omitempty"`
	Description   string `json:"description,omitempty"`
	Value         any    `json:"value,omitempty"`
	ExternalValue string `json:"externalValue,omitempty"`
}

// Request describes what an operation takes beside its template.
type Request struct {
	Description     string           `json:"description,omitempty"`
	QueryParameters []Parameter      `json:"queryParameters,omitempty"`
	Headers         []Parameter      `json:"headers,omitempty"`
	Representations []Representation `json:"representations,omitempty"`
}

// Response describes one answer.
type Response struct {
	StatusCode      int              `json:"statusCode" rule:"required,min=100,max=599"`
	Description     string           `json:"description,omitempty"`
	Headers         []Parameter      `json:"headers,omitempty"`
	Representations []Representation `json:"representations,omitempty"`
}

// Representation is one content type of a body.
type Representation struct {
	ContentType    string             `json:"contentType" rule:"required"`
	SchemaID       string             `json:"schemaId,omitempty"`
	TypeName       string             `json:"typeName,omitempty"`
	FormParameters []Parameter        `json:"formParameters,omitempty"`
	Examples       map[string]Example `json:"examples,omitempty"`
	// Generated is a sample made from the schema at import, for mock-response; it isn't shown.
	Generated string `json:"atelierSample,omitempty"`
}

var methodName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

func operation() *kind.Kind {
	return kind.Entity[Operation]{
		Type: "operations", Noun: "Operation", Under: []string{"apis"}, Names: named(80), Publish: true,
		Filters: "name displayName method description urlTemplate",
		View:    kind.View{One: "Operation", Many: "Operations", Summary: "One method on one path of an API.", Columns: []string{"displayName", "method", "urlTemplate"}},
		Default: func(w *kind.Typed[Operation]) error {
			if w.New.TemplateParameters == nil {
				w.New.TemplateParameters = []Parameter{}
			}
			if w.New.Responses == nil {
				w.New.Responses = []Response{}
			}
			return nil
		},
		Validate: func(w *kind.Typed[Operation]) error {
			if err := keepHandshake(w); err != nil {
				return err
			}
			if a, ok := kind.Of[API](w.Lookup, ResolveRevision(w.Lookup, w.ID.Parent())); ok {
				if t := typeOfAPI(a.Type); t != nil && t.ownless != "" {
					return arm.InvalidField("apiId", "API '%s': %s.", w.ID.Parent().Name(), t.ownless)
				}
			}
			if !methodName.MatchString(w.New.Method) {
				return arm.InvalidField("method", "method must be an HTTP method such as GET.")
			}
			if _, err := route.OperationKey(w.New.Method, w.New.URLTemplate); err != nil {
				return arm.InvalidField("urlTemplate", "urlTemplate: %s.", err)
			}
			return nil
		},
		Remove: keepHandshake,
		Claims: func(w *kind.Typed[Operation]) []kind.Claim {
			key, err := route.OperationKey(w.New.Method, w.New.URLTemplate)
			if err != nil {
				return nil // Validate has refused it
			}
			return []kind.Claim{{
				Space: w.ID.Parent().Key() + "|operations|route", Value: key, Field: "urlTemplate",
				Message: fmt.Sprintf("urlTemplate: the API has an operation %s %s already.", w.New.Method, w.New.URLTemplate),
			}}
		},
		Render: func(_ *kind.Rendering, v *Operation) { hideSamples(v) },
	}.Kind()
}

func hideSamples(v *Operation) {
	for i := range v.Responses {
		for j := range v.Responses[i].Representations {
			v.Responses[i].Representations[j].Generated = ""
		}
	}
	if v.Request != nil {
		for j := range v.Request.Representations {
			v.Request.Representations[j].Generated = ""
		}
	}
}
