// Package wadl reads and writes WADL, the description of HTTP applications in XML (the W3C submission of August 2009), by way of the model of package oas.
//
// References lead to what is in the same document; nothing is fetched. Schemas inside the document are kept as they are, those that it names by
// their address are left out with a warning.
//
// Start with Read (read.go) and Write (write.go).
package wadl
