// Package samples carries the two OpenAPI documents of the sample organisation, which its APIs are imported from and its users see.
package samples

import _ "embed"

// Payments and Catalog are OpenAPI 3 documents in YAML.
var (
	//go:embed payments.yaml
	Payments []byte
	//go:embed catalog.yaml
	Catalog []byte
)
