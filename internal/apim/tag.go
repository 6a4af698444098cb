package apim

import "github.com/atelier-apim/atelier/internal/kind"

// Tag is a label for APIs, operations and products.
type Tag struct {
	DisplayName string `json:"displayName" rule:"required,max=160"`
}

func tag() *kind.Kind {
	return kind.Entity[Tag]{
		Type: "tags", Noun: "Tag", Under: serviceAndWorkspaces, Names: named(80), Publish: false, Filters: "name displayName",
		View: kind.View{One: "Tag", Many: "Tags", Summary: "Labels APIs, operations and products for search.", Columns: []string{"displayName"}},
		Claims: func(w *kind.Typed[Tag]) []kind.Claim {
			return []kind.Claim{uniqueName(w.ID, "tags", "Tag"), uniqueText(w.ID, "tags", "displayName", w.New.DisplayName)}
		},
	}.Kind()
}
