// Package odata reads the metadata of OData services (CSDL in XML, OData 4) and checks requests against it: the path, the version, the system query
// options with their expressions.
//
// It knows nothing of HTTP or of policies, and it executes nothing. Start with model.go and request.go.
package odata
