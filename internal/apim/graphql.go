package apim

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/graphql"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// graphQLContent is the content type of schemas of GraphQL APIs, graphQLSchema the name that an import gives to one.
const (
	graphQLContent    = "application/vnd.ms-azure-apim.graphql.schema"
	graphQLSchemaName = "graphql"
)

var graphQLFormats = map[string]format{"graphql-link": {link: true, read: readGraphQL, fetch: fetchGraphQL}}

// fetchGraphQL gets a schema from where it is: a document in GraphQL's language, or a server that answers introspection.
func fetchGraphQL(ctx context.Context, c *Catalogue, w *kind.Typed[API], link string) (source, error) {
	text, err := w.Fetch(ctx, link)
	if err == nil {
		if _, err = schemaText(text); err == nil {
			return source{text: text, from: link}, nil
		}
		err = fmt.Errorf("it is no GraphQL schema: %w", err)
	}
	if c.Ask == nil {
		return source{}, err
	}
	question, marshalErr := json.Marshal(map[string]string{"query": graphql.IntrospectionQuery, "operationName": "IntrospectionQuery"})
	if marshalErr != nil {
		return source{}, marshalErr
	}
	answer, askErr := c.Ask(ctx, link, question)
	if askErr != nil {
		return source{}, fmt.Errorf("%w; asked for its schema by introspection: %w", err, askErr)
	}
	if !graphql.IsIntrospection(answer) {
		return source{}, fmt.Errorf("%w; asked for its schema by introspection, it answers something else", err)
	}
	return source{text: answer, from: link, asked: true}, nil
}

// schemaText is a document as a schema in GraphQL's language, checked.
func schemaText(doc []byte) (string, error) {
	text := string(doc)
	if graphql.IsIntrospection(doc) {
		var err error
		if text, err = graphql.FromIntrospection(doc); err != nil {
			return "", err
		}
	}
	if _, err := graphql.Parse(text); err != nil {
		return "", err
	}
	return text, nil
}

// graphReading is a schema on its way to the API that is made of it.
type graphReading struct{ text string }

func readGraphQL(doc source, a *API) (reading, error) {
	text, err := schemaText(doc.text)
	if err != nil {
		return nil, arm.InvalidField("value", "value: %s.", err)
	}
	if doc.asked {
		a.ServiceURL = cmp.Or(a.ServiceURL, doc.from) // who tells its schema is the server itself
	}
	return graphReading{text}, nil
}

func (g graphReading) expand(w *kind.Typed[API], existing arm.ID) ([]kind.Extra, error) {
	name := nameOfSchema(w.Lookup, existing, graphQLContent, graphQLSchemaName)
	s := &Schema{ContentType: graphQLContent, Document: &SchemaDocument{Value: g.text}, ProvisioningState: "Succeeded"}
	return []kind.Extra{{ID: w.ID.Child("schemas", name), Value: s, Kept: true}}, nil
}

// validateGraphQL checks an API that answers requests and takes connections: ws and wss say over which schemes it does the latter.
func validateGraphQL(a *API) error {
	if scheme, _, _ := strings.Cut(strings.ToLower(a.ServiceURL), "://"); scheme == "ws" || scheme == "wss" {
		return arm.InvalidField("serviceUrl", "serviceUrl: the server of a GraphQL API has an http or https address; connections for subscriptions go there, too.")
	}
	return nil
}

// checkGraphQLSchema refuses a schema that can't be one of its API.
func checkGraphQLSchema(w *kind.Typed[Schema]) error {
	if a, ok := kind.Of[API](w.Lookup, ResolveRevision(w.Lookup, w.ID.Parent())); !ok || !strings.EqualFold(a.Type, "graphql") {
		return arm.InvalidField("contentType", "contentType: '%s' is for APIs of type graphql; '%s' is not one.", w.New.ContentType, w.ID.Parent().Name())
	}
	if w.New.Document.Value == "" {
		return arm.InvalidField("document.value", "document.value must be the text of the GraphQL schema.")
	}
	if _, err := graphql.Parse(w.New.Document.Value); err != nil {
		return arm.InvalidField("document.value", "document.value: %s.", err)
	}
	return nil
}

// nameOfSchema is the name of an API's schema of a content type, usual while it has none.
func nameOfSchema(l kind.Lookup, api arm.ID, contentType, usual string) string {
	for _, r := range l.Children(api, "schemas") {
		if s, ok := r.Value.(*Schema); ok && strings.EqualFold(s.ContentType, contentType) {
			return r.ID.Name()
		}
	}
	return usual
}

// schemaOfType finds the schema of an API that has the content type; nil without one.
func schemaOfType(l kind.Lookup, api arm.ID, contentType string) *Schema {
	for _, r := range l.Children(api, "schemas") {
		if s, ok := r.Value.(*Schema); ok && s.Document != nil && strings.EqualFold(s.ContentType, contentType) {
			return s
		}
	}
	return nil
}

var errNoGraphQL = errors.New("the API has no GraphQL schema yet; put it at schemas/" + graphQLSchemaName + " first")

// checkField refuses a resolver for a field that the API's schema doesn't have.
func checkField(l kind.Lookup, api arm.ID, path string) error {
	s := schemaOfType(l, api, graphQLContent)
	if s == nil {
		return arm.InvalidField("path", "path: %s.", errNoGraphQL)
	}
	schema, err := graphql.Parse(s.Document.Value)
	if err == nil {
		err = schema.CheckField(path)
	}
	if err != nil {
		return arm.InvalidField("path", "path: %s.", err)
	}
	return nil
}

// checkTargets refuses a document of a resolver that publishes to what the API's schema has no subscription for.
func checkTargets(l kind.Lookup, api arm.ID, doc *policy.Document) error {
	targets := elements(doc.Root, "graphql-subscription", nil)
	if len(targets) == 0 {
		return nil
	}
	s := schemaOfType(l, api, graphQLContent)
	if s == nil {
		return arm.InvalidField("value", "value: %s.", errNoGraphQL)
	}
	schema, err := graphql.Parse(s.Document.Value)
	if err != nil {
		return arm.InvalidField("value", "value: the API's GraphQL schema can't be read: %s.", err)
	}
	var problems []policy.Problem
	for _, t := range targets {
		id := t.Attr("id")
		if id == nil {
			continue // its shape has said so
		}
		if err := schema.CheckSubscription(id.Value.Text()); err != nil {
			problems = append(problems, policy.Problem{Line: t.Line, Column: t.Column, Element: t.Name, Message: err.Error(), Severity: policy.SeverityError})
		}
	}
	return refuse(problems)
}

// elements are the elements of a name below one.
func elements(n *policy.Node, name string, found []*policy.Node) []*policy.Node {
	for _, child := range n.Children {
		if child.Name == name {
			found = append(found, child)
		}
		found = elements(child, name, found)
	}
	return found
}

// exportGraphQL gives out the schema as it is stored.
func exportGraphQL(r *kind.Rendering, a *API, format string) (*kind.Export, error) {
	plain, link := strings.CutSuffix(strings.ToLower(format), "-link")
	if plain != "graphql" && plain != "sdl" {
		return nil, arm.InvalidField("format", "format: APIs of type '%s' can't be exported as '%s'; use graphql-link, or graphql for the schema itself.", a.Type, format)
	}
	s := schemaOfType(r.Lookup, r.ID, graphQLContent)
	if s == nil {
		return nil, arm.InvalidField("format", "format: %s.", errNoGraphQL)
	}
	return &kind.Export{Format: strings.ToLower(format), Link: link, Body: []byte(s.Document.Value), Type: "application/graphql", File: withoutRevision(r.ID).Name() + ".graphql"}, nil
}
