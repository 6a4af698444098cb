package apim

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// apiType is one row of apiTypes: what the type of an API changes.
type apiType struct {
	name    string
	formats map[string]format // documents that APIs of the type are made from, by the word of the body
	// validate checks what is peculiar to the type; nil for what holds for APIs over HTTP.
	validate func(*API) error
	// protocols are those of an API that names none; https when nil (design 5).
	protocols []string
	// ownless APIs have no operations of their own: what they offer is in their schema.
	ownless string // why, for whoever tries to make one; "" for APIs with operations
	// export writes an API of the type; nil, or an answer of nil, for the forms of OpenAPI, WADL and WSDL.
	export func(r *kind.Rendering, a *API, format string) (*kind.Export, error)
}

// apiTypes is the table of the types of APIs. The order decides whose reader takes a format that several have, when the body names no type.
var apiTypes = []*apiType{
	{name: "http", formats: together(openAPIFormats, wsdlToREST, wadlFormats)},
	{name: "soap", formats: wsdlFormats},
	{name: websocketType, validate: validateWebSocket, protocols: []string{"wss"}},
	{name: grpcType, formats: grpcFormats, export: exportProto},
	{name: "graphql", formats: graphQLFormats, validate: validateGraphQL, ownless: "a GraphQL API has no operations of its own; its fields have resolvers", export: exportGraphQL},
	{name: "odata", formats: odataFormats, export: exportOData},
}

// format is a form of document that an API is made from.
type format struct {
	link bool // the value is where the document is
	read reader
	// fetch gets the document from its link; nil for a plain download.
	fetch func(ctx context.Context, c *Catalogue, w *kind.Typed[API], link string) (source, error)
}

// reader reads a document before the transaction and fills what the body leaves out. Its errors are for the person who sent the document.
type reader func(doc source, a *API) (reading, error)

// source is the text of a document and where it came from: "" when it came in the body.
type source struct {
	text  []byte
	from  string
	asked bool // it is a server's answer to a question, and no document that lies there

	fetch func(address string) ([]byte, error) // gets what the document imports, within maxFollowing
}

// maxFollowing bounds how long all that a document imports may take to get.
const maxFollowing = time.Minute

// follow lets the reader of the document get what it imports, until stop is called.
func (s *source) follow(ctx context.Context, fetch func(context.Context, string) ([]byte, error)) (stop func()) {
	ctx, stop = context.WithTimeout(ctx, maxFollowing)
	s.fetch = func(address string) ([]byte, error) { return fetch(ctx, address) }
	return stop
}

// together are the formats of several maps.
func together(maps ...map[string]format) map[string]format {
	all := map[string]format{}
	for _, m := range maps {
		for word, f := range m {
			all[word] = f
		}
	}
	return all
}

// reading is what a reader made, on its way to the transaction.
type reading interface {
	// expand makes what the API gets of the document. existing is the API whose operations count as there: itself, or the source of a copy.
	expand(w *kind.Typed[API], existing arm.ID) ([]kind.Extra, error)
}

// typeOfAPI finds the row of a type; nil for one that is not there.
func typeOfAPI(name string) *apiType {
	for _, t := range apiTypes {
		if strings.EqualFold(t.name, name) {
			return t
		}
	}
	return nil
}

// typeNames are the types there are, for errors.
func typeNames() string {
	names := make([]string, len(apiTypes))
	for i, t := range apiTypes {
		names[i] = t.name
	}
	return strings.Join(names, ", ")
}

// formatOf finds the reader of a format: that of the type which the body names, else that of the first type that has it, which then is the API's.
func formatOf(a *API) (format, error) {
	word := strings.ToLower(a.Format)
	asked := cmp.Or(a.Type, a.APIType)
	for _, t := range apiTypes {
		if asked != "" && !strings.EqualFold(t.name, asked) {
			continue
		}
		if f, ok := t.formats[word]; ok {
			a.Type = t.name
			return f, nil
		}
	}
	if asked != "" && typeOfAPI(asked) == nil {
		return format{}, refuseType(asked)
	}
	words := formatWords(asked)
	if len(words) == 0 {
		return format{}, arm.InvalidField("format", "format: APIs of type '%s' are made from no document.", asked)
	}
	return format{}, arm.InvalidField("format", "format: '%s' can't be imported%s; use %s.", a.Format, forType(asked), strings.Join(words, ", "))
}

func refuseType(name string) error {
	return arm.InvalidField("type", "type: APIs of type '%s' are not supported yet; use one of %s.", name, typeNames())
}

func forType(name string) string {
	if name == "" {
		return ""
	}
	return " into APIs of type '" + name + "'"
}

// formatWords are the formats of a type, of all when it is "".
func formatWords(typ string) []string {
	all := map[string]bool{}
	for _, t := range apiTypes {
		if typ == "" || strings.EqualFold(t.name, typ) {
			for word := range t.formats {
				all[word] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// validateType checks an API against its type, which stays as it is.
func validateType(w *kind.Typed[API]) error {
	t := typeOfAPI(w.New.Type)
	switch {
	case t == nil:
		return refuseType(w.New.Type)
	case w.Old != nil && w.Old.Type != "" && !strings.EqualFold(w.Old.Type, w.New.Type):
		return arm.InvalidField("type", "type: the API is of type '%s', which can't be changed. Make another API.", w.Old.Type)
	}
	if t.validate != nil {
		return t.validate(w.New)
	}
	return validateRequests(w.New)
}

// validateRequests checks an API whose calls are requests with an answer each.
func validateRequests(a *API) error {
	for _, p := range a.Protocols {
		if strings.EqualFold(p, "ws") || strings.EqualFold(p, "wss") {
			return arm.InvalidField("protocols", "protocols: '%s' is for APIs of type websocket; use http and https.", p)
		}
	}
	if scheme, _, _ := strings.Cut(strings.ToLower(a.ServiceURL), "://"); scheme == "ws" || scheme == "wss" {
		return arm.InvalidField("serviceUrl", "serviceUrl: '%s' is for APIs of type websocket; use an http or https address.", a.ServiceURL)
	}
	return nil
}

// defaultProtocols are those of an API that names none.
func defaultProtocols(a *API) []string {
	if t := typeOfAPI(a.Type); t != nil && t.protocols != nil {
		return t.protocols
	}
	return []string{"https"}
}
