package apim

import (
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Tag is a label for APIs, operations and products.
type Tag struct {
	DisplayName string `json:"displayName" rule:"required,max=160"`
}

func tag() *kind.Kind {
	return kind.Entity[Tag]{
		Type: "tags", Noun: "Tag", Under: serviceAndWorkspaces, Names: named(80), Publish: false, Filters: "name displayName", Keep: tagScope,
		View: kind.View{One: "Tag", Many: "Tags", Summary: "Labels APIs, operations and products for search.", Columns: []string{"displayName"}},
		Claims: func(w *kind.Typed[Tag]) []kind.Claim {
			return []kind.Claim{uniqueName(w.ID, "tags", "Tag"), uniqueText(w.ID, "tags", "displayName", w.New.DisplayName)}
		},
	}.Kind()
}

// tagScope is the query for tags by what carries them: "apis", "operations", "products", or "apis/{id}" for those of an API and its operations.
func tagScope(l kind.Lookup, home arm.ID, q url.Values) func(*kind.Resource) bool {
	scope := strings.ToLower(strings.Trim(q.Get("scope"), "/"))
	if scope == "" {
		return nil
	}
	word, name, one := strings.Cut(scope, "/")
	words := []string{word}
	if one && word == "apis" {
		words = append(words, "operations")
	}
	return func(tag *kind.Resource) bool {
		for _, w := range words {
			for _, link := range l.Children(tag.ID, linksOf[w]) {
				if !one || linkTarget(link.Value).Within(home.Child(word, name)) {
					return true
				}
			}
		}
		return false
	}
}
