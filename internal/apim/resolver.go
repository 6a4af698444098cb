package apim

import (
	"cmp"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Resolver says where the data of a field of a GraphQL API comes from; its policy says how.
type Resolver struct {
	DisplayName string `json:"displayName,omitempty" rule:"max=300"`
	Path        string `json:"path" rule:"required,max=300" pattern:"^[^/\\s]+/[^/\\s]+$" said:"Use the type and the field of the schema: Query/orders."`
	Description string `json:"description,omitempty" rule:"max=1000"`
}

func resolver() *kind.Kind {
	return kind.Entity[Resolver]{
		Type: "resolvers", Noun: "Resolver", Under: []string{"apis"}, Names: named(80), Publish: true, Filters: "name displayName path description",
		View: kind.View{One: "Resolver", Many: "Resolvers", Summary: "Where the data of a field of a GraphQL API comes from.", Columns: []string{"displayName", "path"}},
		Default: func(w *kind.Typed[Resolver]) error {
			w.New.DisplayName = cmp.Or(w.New.DisplayName, w.ID.Name())
			return nil
		},
		Validate: validateResolver,
		Claims: func(w *kind.Typed[Resolver]) []kind.Claim {
			return []kind.Claim{{
				Space: w.ID.Parent().Key() + "|resolvers|path", Value: w.New.Path, Field: "path",
				Message: "path: the API has a resolver for '" + w.New.Path + "' already.",
			}}
		},
	}.Kind()
}

// validateResolver checks that a resolver stands for a field of its API. A field that later leaves the schema leaves its resolver without use.
func validateResolver(w *kind.Typed[Resolver]) error {
	api := ResolveRevision(w.Lookup, w.ID.Parent())
	if a, ok := kind.Of[API](w.Lookup, api); !ok || !strings.EqualFold(a.Type, "graphql") {
		return arm.InvalidField("apiId", "Resolvers belong to GraphQL APIs; '%s' is not one.", w.ID.Parent().Name())
	}
	if s, ok := kind.Of[Service](w.Lookup, serviceOf(w.ID)); ok && azureLimits(s) && isWorkspace(homeOf(w.ID)) {
		return arm.InvalidField("apiId", "GraphQL APIs of workspaces have no resolvers here: the service keeps Azure's limits (customProperties[%q]).", LimitsProfile)
	}
	return checkField(w.Lookup, api, w.New.Path)
}

// resolverPolicy is the document of a resolver, whose root is a data source (policies.md 7.13).
func (c *Catalogue) resolverPolicy() *kind.Kind {
	return kind.Entity[Policy]{
		Type: "policies", Noun: "Policy", Under: []string{"resolvers"},
		Shape: kind.Single, Names: kind.Names{Fixed: "policy"}, PutOnly: true, Publish: true, Slow: true,
		Default: func(w *kind.Typed[Policy]) error {
			w.New.Format = cmp.Or(w.New.Format, "xml")
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
			if err := refuse(c.Policies.Check(doc, policy.ResolverScope, c.homeOf(w.Lookup, homeOf(w.ID), doc))); err != nil {
				return err
			}
			return checkTargets(w.Lookup, ResolveRevision(w.Lookup, w.ID.Parent().Parent()), doc)
		},
		Refs: func(w *kind.Typed[Policy]) []kind.Ref {
			return policyRefs(w.Lookup, homeOf(w.ID), w.New.Value, w.New.Format)
		},
		Render: func(r *kind.Rendering, v *Policy) {
			v.Value, v.Format = inFormat(v.Value, v.Format, r.Query.Get("format"))
		},
	}.Kind()
}
