package kind

import "github.com/atelier-apim/atelier/internal/arm"

// Alias declares a kind whose resources are another look at rows of other kinds: products/{p}/apis/{a} is the product's link to an API. Reads go
// through the kind's Virtual; PUT has no body to speak of and is idempotent; DELETE answers 200, and 204 when there was nothing.
type Alias struct {
	// Row is the row that the resource stands on, false when there is none: then there is no such resource.
	Row func(l Lookup, id arm.ID) (arm.ID, bool)
	// Make is the row that a PUT makes when there is none; control stores it under the rules of its own kind.
	Make func(l Lookup, id arm.ID) (Extra, error)
}
