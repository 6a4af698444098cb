// Package usagetest is the conformance suite of usage.Store: every implementation runs it.
package usagetest
