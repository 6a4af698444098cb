// Package xmltree reads XML documents of strangers (WSDL, XSD, WADL) into trees that keep prefixes, so that a part of one can be written out again and
// still means the same, and whose names are resolved.
//
// It refuses document type declarations, entities and processing that they would bring, and bounds size, depth and the number of parts before it
// spends memory on them. It fetches nothing and knows no schema.
//
// Start with Read (read.go) and Node (node.go).
package xmltree
