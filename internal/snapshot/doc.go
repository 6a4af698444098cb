// Package snapshot is what a gateway needs to know, as plain immutable data: no pointers into the control plane, no behaviour beyond hashing.
//
// A snapshot is a selection of shards: the service's own, and one for each workspace that the gateway serves. The control plane makes them
// (publish), a gateway takes them through a Source and compiles them (gateway). Nobody changes one after it is made; parts that did not
// change between two snapshots are the same pointers, so a gateway can keep what it compiled from them.
package snapshot
