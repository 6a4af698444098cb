// Package compat holds no code: its tests drive a started binary with the official Azure SDKs, as people's programs do. It is a module of its
// own, so that the SDKs never reach the product. Start with story_test.go.
package compat
