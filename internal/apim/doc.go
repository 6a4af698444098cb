// Package apim is the catalogue: one file per resource kind, from wire shape to rules, and the table of all of them (catalogue.go).
//
// A kind is declared once as a kind.Entity and mounted where the service has it: at service level, in workspaces, or both. What the verbs do
// with a declaration is control's; what a gateway needs of the stored values is publish's. To add a kind, write one file like
// named_value.go and one line in catalogue.go.
package apim
