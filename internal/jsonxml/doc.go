// Package jsonxml turns JSON into XML and back, as the policies json-to-xml and xml-to-json do: attributes are properties that begin with @, text
// beside them is #text, elements of one name are an array. It is no schema mapping and keeps no order between elements of different names.
//
// Start at ToXML and ToJSON.
package jsonxml
