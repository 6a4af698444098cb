// Package kind is the machinery by which a resource kind is declared once: from the declaration come its routes, the role actions that guard
// it, its storage, what it claims to be unique and what it refers to, its secrets, and what clients see.
//
// Start with Entity (entity.go): a declaration is one value of it, in one file of the catalogue (room apim). Registry (registry.go) mounts
// declarations under each other. The room performs nothing: the verbs are control's.
package kind
