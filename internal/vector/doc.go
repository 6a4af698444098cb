// Package vector keeps values under vectors and finds the value whose vector is nearest: the memory of semantic caches.
//
// Store is the contract; Memory keeps everything in the process, bounded, and compares one by one. It knows no models and no policies. Start with
// vector.go.
package vector
