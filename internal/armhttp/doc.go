// Package armhttp is the HTTP face of control: it reads a request of the management API, finds out who asks, hands it to the verb that it
// means, and writes the answer with the headers and error bodies of Resource Manager.
//
// It decides nothing: rights, rules and storage are control's. Start with handler.go.
package armhttp
