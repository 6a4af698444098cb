// Package countertest is what every counter.Store promises, as a suite that each implementation's test runs.
package countertest
