// Package eval evaluates policy expressions from the command line: one, or a batch of JSON lines. The engine, the allow-list and the limits are
// the gateway's; there is no server, no store and no network. Start with batch.go.
package eval
