// Package sample is the two backends of the sample organisation: payments and a product catalogue, as samples/payments.yaml and
// samples/catalog.yaml describe them. They keep a little data in memory, answer the same to the same questions, and echo requests so that
// the work of policies can be seen.
//
// It is no example of a service to run: nothing is stored, nobody is asked who they are. Start with Handler (handler.go).
package sample
