package apim

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Resolver says where the data of a field of a GraphQL API comes from; its policy says how.
type Resolver struct {
	DisplayName string `json:"displayName,omitempty" rule:"max=300"`
	Path        string `json:"path" rule:"required,max=300" pattern:"^[^/\\s]+/[^/\\s]+$" said:"Use the type and the field of the schema: Query/orders."`
	Description string `json:"description,omitempty" rule:"max=1000"`
}

func resolver() *kind.Kind {
	return kind.Entity[Resolver]{
		Type: "resolvers", Noun: "Resolver", Under: []string{kind.Service + "/apis"}, Names: named(80), Filters: "name displayName path description",
		View: kind.View{One: "Resolver", Many: "Resolvers", Summary: "Where the data of a field of a GraphQL API comes from.", Columns: []string{"displayName", "path"}},
		Default: func(w *kind.Typed[Resolver]) error {
			w.New.DisplayName = either(w.New.DisplayName, w.ID.Name())
			return nil
		},
		Validate: func(w *kind.Typed[Resolver]) error {
			if a, ok := kind.Of[API](w.Lookup, ResolveRevision(w.Lookup, w.ID.Parent())); !ok || !strings.EqualFold(a.Type, "graphql") {
				return arm.InvalidField("apiId", "Resolvers belong to GraphQL APIs; '%s' is not one.", w.ID.Parent().Name())
			}
			return nil
		},
		Claims: func(w *kind.Typed[Resolver]) []kind.Claim {
			return []kind.Claim{{
				Space: w.ID.Parent().Key() + "|resolvers|path", Value: w.New.Path, Field: "path",
				Message: "path: the API has a resolver for '" + w.New.Path + "' already.",
			}}
		},
	}.Kind()
}

// resolverRoots are the root elements of a resolver's policy: the kinds of data sources.
var resolverRoots = []string{"http-data-source", "cosmosdb-data-source", "sql-data-source"}

func resolverPolicy() *kind.Kind {
	return kind.Entity[Policy]{
		Type: "policies", Noun: "Policy", Under: []string{kind.Service + "/apis/resolvers"},
		Shape: kind.Single, Names: kind.Names{Fixed: "policy"}, PutOnly: true,
		Default: func(w *kind.Typed[Policy]) error {
			w.New.Format = either(w.New.Format, "xml")
			return nil
		},
		Validate: func(w *kind.Typed[Policy]) error {
			if strings.HasSuffix(strings.ToLower(w.New.Format), "-link") {
				return arm.InvalidField("format", "format: policies of resolvers must be given as text; use xml or rawxml.")
			}
			doc, err := parsePolicy(w.New.Value, w.New.Format)
			if err != nil {
				return err
			}
			if !slices.Contains(resolverRoots, doc.Root.Name) {
				return arm.InvalidField(doc.Root.Name, "The root element of a resolver's policy must be one of %s.", strings.Join(resolverRoots, ", "))
			}
			return nil
		},
		Render: func(r *kind.Rendering, v *Policy) {
			v.Value, v.Format = inFormat(v.Value, v.Format, r.Query.Get("format"))
		},
	}.Kind()
}
