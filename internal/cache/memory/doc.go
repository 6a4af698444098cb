// Package memory keeps cached values in the process, within a limit of bytes; the value that was not asked for the longest goes first.
package memory
