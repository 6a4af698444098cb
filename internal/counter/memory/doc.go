// Package memory counts in the process: the counters of one gateway, gone when it stops. Sliding windows with limits of at most 64 are
// exact; larger ones never let more through than their limit in any window, and forgive at most 1/64 of the window late.
//
// Start with store.go; sliding.go and aligned.go are the two kinds of window.
package memory
