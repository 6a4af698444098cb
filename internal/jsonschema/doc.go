// Package jsonschema checks JSON against schemas: compiled once, without ever loading anything, with regular expressions of .NET and the error texts
// that the service's validation policies show. Schemas of OpenAPI are understood where they differ.
//
// Start at Compile and Schema.Validate.
package jsonschema
