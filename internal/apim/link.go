package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Links join two entities: an API to a product, a tag to an operation. They go with either of the two.

// ProductAPILink puts an API into a product.
type ProductAPILink struct {
	APIID string `json:"apiId" rule:"required"`
}

func productAPILink() *kind.Kind {
	return kind.Entity[ProductAPILink]{
		Type: "apiLinks", Noun: "API link", Under: []string{"products"}, Names: named(80), PutOnly: true, Publish: true, Filters: "apiId",
		Validate: func(w *kind.Typed[ProductAPILink]) error { return linkable(w.Write, "apiId", w.New.APIID, "apis") },
		Refs: func(w *kind.Typed[ProductAPILink]) []kind.Ref {
			return []kind.Ref{{To: withoutRevision(idOf(w.New.APIID)), Field: "apiId", Cascade: true}}
		},
		Claims: func(w *kind.Typed[ProductAPILink]) []kind.Claim {
			return oneLink(w.Write, "apiId", withoutRevision(idOf(w.New.APIID)))
		},
	}.Kind()
}

// ProductGroupLink shows a product to a group.
type ProductGroupLink struct {
	GroupID string `json:"groupId" rule:"required"`
}

func productGroupLink() *kind.Kind {
	return kind.Entity[ProductGroupLink]{
		Type: "groupLinks", Noun: "Group link", Under: []string{"products"}, Names: named(80), PutOnly: true, Publish: true, Filters: "groupId",
		Validate: func(w *kind.Typed[ProductGroupLink]) error {
			// The built-in groups of the service may see products of workspaces in every profile (design 4).
			if g := idOf(w.New.GroupID); g.Parent().Equal(serviceOf(w.ID)) && isBuiltIn(g) {
				return nil
			}
			return linkable(w.Write, "groupId", w.New.GroupID, "groups")
		},
		Refs: func(w *kind.Typed[ProductGroupLink]) []kind.Ref {
			return []kind.Ref{{To: idOf(w.New.GroupID), Field: "groupId", Cascade: true}}
		},
		Claims: func(w *kind.Typed[ProductGroupLink]) []kind.Claim {
			return oneLink(w.Write, "groupId", idOf(w.New.GroupID))
		},
	}.Kind()
}

// TagAPILink, TagOperationLink and TagProductLink put a tag on something.
type (
	TagAPILink struct {
		APIID string `json:"apiId" rule:"required"`
	}
	TagOperationLink struct {
		OperationID string `json:"operationId" rule:"required"`
	}
	TagProductLink struct {
		ProductID string `json:"productId" rule:"required"`
	}
)

func tagAPILink() *kind.Kind {
	return tagLink("apiLinks", "API link", "apiId", "apis", func(v *TagAPILink) string { return v.APIID })
}

func tagOperationLink() *kind.Kind {
	return tagLink("operationLinks", "Operation link", "operationId", "operations", func(v *TagOperationLink) string { return v.OperationID })
}

func tagProductLink() *kind.Kind {
	return tagLink("productLinks", "Product link", "productId", "products", func(v *TagProductLink) string { return v.ProductID })
}

func tagLink[T any](typ, noun, field, target string, of func(*T) string) *kind.Kind {
	return kind.Entity[T]{
		Type: typ, Noun: noun, Under: []string{"tags"}, Names: named(80), PutOnly: true, Filters: field,
		Validate: func(w *kind.Typed[T]) error { return linkable(w.Write, field, of(w.New), target) },
		Refs: func(w *kind.Typed[T]) []kind.Ref {
			return []kind.Ref{{To: withoutRevision(idOf(of(w.New))), Field: field, Cascade: true}}
		},
		Claims: func(w *kind.Typed[T]) []kind.Claim { return oneLink(w.Write, field, withoutRevision(idOf(of(w.New)))) },
	}.Kind()
}

// linkable refuses a target that the link may not point at: it must be of the right type and lie in the link's own home; with the preview
// profile, service-level products, tags and groups may join things of workspaces too (design 4).
func linkable(w *kind.Write, field, text, typ string) error {
	to, err := arm.ParseID(text)
	if err != nil || !strings.EqualFold(lastWord(to.Type()), typ) {
		return arm.InvalidField(field, "%s must be the full resource id of one of the %s.", field, typ)
	}
	mine, theirs := homeOf(w.ID), homeOf(to)
	switch {
	case mine.Equal(theirs):
		return nil
	case theirs.Within(mine) && !isWorkspace(mine) && typ != "groups" && previewProfile(w.Lookup, w.ID):
		return nil
	case mine.Within(theirs) && typ == "groups" && previewProfile(w.Lookup, w.ID):
		return nil
	case theirs.Within(mine) || mine.Within(theirs):
		return arm.InvalidField(field, "%s points from a workspace to its service or back. Workspaces keep to themselves; the service's customProperties[%q] = \"preview\" brings the older rules back.", field, WorkspacesProfile)
	}
	return arm.InvalidField(field, "%s points at '%s', which does not exist.", field, to) // never tell of another workspace
}

// oneLink lets two entities be linked once.
func oneLink(w *kind.Write, field string, to arm.ID) []kind.Claim {
	return []kind.Claim{{Space: w.ID.Parent().Key() + "|" + w.Mount.Type, Value: to.Key(), Field: field, Message: field + ": these two are linked already."}}
}
