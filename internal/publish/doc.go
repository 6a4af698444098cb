// Package publish turns what is stored into what gateways serve: it follows the change log, keeps the published part of the state as a tree,
// translates what a change touched into the plain data of room snapshot, and hands each gateway that is concerned its new snapshot.
//
// Translation is free of I/O. What a change did not touch is handed out as the same pointers again, so the cost of a change is that of what it
// touched. Start with publisher.go.
package publish
