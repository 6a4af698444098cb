// Package cache is the contract of keeping values for a while: answers and values that policies store. It knows no policies and no HTTP.
//
// A Store belongs to one gateway. Implementations stand below this folder, their conformance suite in cachetest.
package cache
