// Package wsdl reads WSDL 1.1 documents and makes APIs of them: of SOAP calls that go through as they are (PassThrough), or of calls in JSON with the
// policies that translate them (ToREST). It writes the WSDL of what it has read, as one document with the address that callers use.
//
// It takes the bindings of SOAP 1.1 and 1.2 with literal messages, of which one port of one service becomes the API, and follows imports and includes
// with the function that it is given, never on its own. It is tolerant of what the makers of services write, each in their way, and firm about
// messages that lead nowhere.
//
// Start with Read (read.go) and Service (service.go).
package wsdl
