// Package ascii writes JSON that a header can hold. It is no encoder: it takes texts that are JSON already. Start with JSON.
package ascii
