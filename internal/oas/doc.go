// Package oas reads and writes OpenAPI documents (2.0, 3.0 and 3.1, in JSON or YAML) by way of a neutral model of an API: operations in the order of the
// document, with what each takes and answers, and the schemas they use.
//
// It is tolerant where the documents of the real world are loose (no operation ids, examples that do not fit their schemas, formats nobody
// knows) and firm where a mistake would surface later: a reference that leads nowhere, a path that is not an object, a document too large
// or too deep. It fetches nothing: everything must be in the document.
//
// The readers of JSON and YAML are our own. A general library loses the order of paths and methods or the place of a mistake, costs more
// time than a whole import may take, and recurses or copies without bound on documents made for that purpose.
//
// Start with Import (import.go), API (api.go) and Write (write.go).
package oas
