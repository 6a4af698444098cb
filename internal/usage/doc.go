// Package usage adds up what gateways served, for reports.
//
// A gateway records each finished call in a Meter, in memory: no call waits for more than one short lock of many, and in the steady state none allocates. A
// Collector empties the meters every few seconds, keeps the latest single calls of each home in a ring, and writes the sums to a Store, by five minutes. What
// is not written yet when the process dies is lost: at most a few seconds. The access log, not this, is the record of single calls.
//
// It knows no resources, no roles and no HTTP. Stores stand below this folder, their conformance suite in usagetest. Start with call.go, then meter.go and
// collector.go.
package usage
