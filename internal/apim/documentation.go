package apim

import (
	"regexp"

	"github.com/atelier-apim/atelier/internal/kind"
)

// Documentation is a page in Markdown that wikis of APIs and products show.
type Documentation struct {
	Title   string `json:"title,omitempty" rule:"max=300"`
	Content string `json:"content,omitempty" rule:"max=1000000"`
}

func documentation() *kind.Kind {
	return kind.Entity[Documentation]{
		Type: "documentations", Noun: "Documentation", Under: []string{kind.Service}, Names: named(256), Filters: "name title",
		View: kind.View{One: "Documentation", Many: "Documentation", Summary: "Pages that wikis of APIs and products show.", Columns: []string{"title"}},
	}.Kind()
}

// Wiki is the list of pages of an API or a product, in the order in which they are shown.
type Wiki struct {
	Documents []WikiDocument `json:"documents,omitempty" rule:"max=200"`
}

// WikiDocument names a page.
type WikiDocument struct {
	DocumentationID string `json:"documentationId" rule:"required,max=1000"`
}

func wiki() *kind.Kind {
	return kind.Entity[Wiki]{
		Type: "wikis", Noun: "Wiki", Under: []string{kind.Service + "/apis", kind.Service + "/products"}, Shape: kind.Single, Filters: "name",
		Names: kind.Names{Fixed: "default", Pattern: regexp.MustCompile(`(?i)^default$`), Words: "The only wiki is 'default'."},
		Validate: func(w *kind.Typed[Wiki]) error {
			for _, d := range w.New.Documents {
				if err := inHome(w.Write, "documents", childID(homeOf(w.ID), "documentations", d.DocumentationID), "documentations"); err != nil {
					return err
				}
			}
			return nil
		},
		Refs: func(w *kind.Typed[Wiki]) []kind.Ref {
			var refs []kind.Ref
			for _, d := range w.New.Documents {
				refs = append(refs, kind.Ref{To: idOf(childID(homeOf(w.ID), "documentations", d.DocumentationID)), Field: "documents"})
			}
			return refs
		},
	}.Kind()
}
