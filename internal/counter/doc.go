// Package counter is the contract of counting: rate limits and quotas ask a Store whether something may happen once more.
//
// It knows no policies and no gateways. A Store belongs to one gateway, so gateways never share counts by accident; an adapter to a shared
// server adds the gateway's identity itself. Implementations stand below this folder, their conformance suite in countertest. Start with counter.go.
package counter
