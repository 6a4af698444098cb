package apim

import "github.com/atelier-apim/atelier/internal/kind"

// revisionsKinds are what an API is beside its current form: versions, revisions and releases. Version sets come before the APIs that join them.
func (c *Catalogue) revisionsKinds() []*kind.Kind {
	return []*kind.Kind{versionSet(), revisions(), release()}
}
