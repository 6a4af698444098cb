// Package cachetest is the conformance suite of caches: what every implementation of the contract in package cache must keep. An implementation's
// test calls Run. It is no cache itself.
package cachetest
