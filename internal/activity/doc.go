// Package activity is the activity log: who did what, when, from where, with before and after.
//
// It is not a log of its own. Every change stands in the store's change log, chained by hash; this room reads that log in the shape of Azure Monitor's
// (log.go, event.go), and has written into it what changes nothing: refused writes and sign-ins (recorder.go). It decides no rights: who may read
// which entry is asked of the caller of Log.Page.
package activity
