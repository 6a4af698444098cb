// Package libxml is XSLT 1.0, XML Schema 1.0 and XPath 1.0 for documents that nobody vouches for: libxml2 and libxslt, compiled to WebAssembly and
// run by wazero. Stylesheet and Schema are compiled when configuration changes and used when requests come.
//
// The libraries are C, so they run where their mistakes can't matter. The module imports nothing, neither files nor network, clock or environment;
// its memory and time are bounded; and each call begins from the same saved memory and leaves nothing for the next, whoever asks. Document types,
// and with them entities, are refused; imports are resolved within the documents that were given.
//
// It is a leaf: it knows neither policies nor gateways. Nothing of it is loaded before somebody compiles a first stylesheet or schema. It is not the
// reader of policy documents, which are no XML (policy), nor the XML of expressions (expr/lib).
//
// Start with Engine (engine.go); machine.go is the door to the module, whose side of it is module/module.c. tools/xml builds the module.
package libxml
