// Package store is the contract of durable state: resources as rows, what they claim and refer to, and the change log that every write
// adds one entry to. Implementations live below (sqlite); all pass storetest. It knows no kind and checks no schema: rules are control's.
//
// The change log is three things at once: the feed that indexes and gateways follow, the activity log, and the past. Its entries are
// chained by hash (chain.go), so that a removed, altered or reordered entry shows.
//
// Start with Store, then Tx (store.go).
package store
