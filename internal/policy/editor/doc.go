// Package editor knows what may stand at a place of a policy document that is being written: completions, what a word under the cursor means, and what
// is wrong so far. It reads documents that are not finished, and takes all that it knows from the engine's catalogue. Start with complete.go.
package editor
