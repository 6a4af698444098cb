package apim

import "github.com/atelier-apim/atelier/internal/kind"

// TagDescription says what a tag means for one API. It is named like the tag.
type TagDescription struct {
	Description             string `json:"description,omitempty"`
	ExternalDocsURL         string `json:"externalDocsUrl,omitempty" rule:"max=2000,url"`
	ExternalDocsDescription string `json:"externalDocsDescription,omitempty"`

	// The members below are the tag's.
	DisplayName string `json:"displayName,omitempty"`
	TagID       string `json:"tagId,omitempty"`
}

func tagDescription() *kind.Kind {
	return kind.Entity[TagDescription]{
		Type: "tagDescriptions", Noun: "Tag description", Under: []string{kind.Service + "/apis"}, Names: named(80), PutOnly: true, Filters: "name displayName",
		View: kind.View{One: "Tag description", Many: "Tag descriptions", Summary: "What a tag means for one API.", Columns: []string{"displayName", "description"}},
		Default: func(w *kind.Typed[TagDescription]) error {
			w.New.DisplayName, w.New.TagID = "", "" // not for callers to say
			return nil
		},
		Refs: func(w *kind.Typed[TagDescription]) []kind.Ref {
			return []kind.Ref{{To: homeOf(w.ID).Child("tags", w.ID.Name()), Field: "tagId", Cascade: true}}
		},
		Render: func(r *kind.Rendering, v *TagDescription) {
			id := homeOf(r.ID).Child("tags", r.ID.Name())
			if t, ok := r.Lookup.Get(id); ok {
				v.TagID = t.ID.String()
				if tag, ok := t.Value.(*Tag); ok {
					v.DisplayName = tag.DisplayName
				}
			}
		},
	}.Kind()
}
