package apim

import (
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// ExternalCache is a Redis that a service's responses may be cached in.
type ExternalCache struct {
	Description      string `json:"description,omitempty" rule:"max=2000"`
	ConnectionString string `json:"connectionString,omitempty" rule:"max=300"`
	UseFromLocation  string `json:"useFromLocation" rule:"required,max=256"`
	ResourceID       string `json:"resourceId,omitempty" rule:"max=2000"`
}

func externalCache() *kind.Kind {
	return kind.Entity[ExternalCache]{
		Type: "caches", Noun: "Cache", Under: []string{kind.Service}, Names: named(80),
		View:    kind.View{One: "Cache", Many: "Caches", Summary: "A Redis for cached responses.", Columns: []string{"description", "useFromLocation"}},
		Secrets: func(v *ExternalCache) []*string { return []*string{&v.ConnectionString} },
		Default: func(w *kind.Typed[ExternalCache]) error {
			if w.Old != nil && !w.Supplied["connectionString"] {
				w.New.ConnectionString = w.Old.ConnectionString
			}
			return nil
		},
		Validate: func(w *kind.Typed[ExternalCache]) error {
			if w.New.ConnectionString == "" {
				return arm.InvalidField("connectionString", "connectionString is required.")
			}
			return nil
		},
	}.Kind()
}
