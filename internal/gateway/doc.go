// Package gateway is the data plane: it takes snapshots, compiles them into a table and serves requests from it. It reads no database and
// calls no control plane while it serves; what it knows arrived as a snapshot.
//
// Start with gateway.go, which tells the story of one request in chapters (accept, match, preflight, identify, inbound, backend, outbound,
// deliver; a file each), then table.go, which says what is compiled when. A Set holds the gateways of a process and chooses by host name; a
// Server puts it on listeners. The policies themselves live elsewhere: a chapter runs sections of a plan and acts as the plan's host.
package gateway
