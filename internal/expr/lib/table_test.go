package lib

import "testing"

// TestEveryRowResolves is what lets Standard's error be ignored elsewhere:
// signatures parse, types are declared, Go functions match.
func TestEveryRowResolves(t *testing.T) {
	t.Parallel()
	if _, err := Standard(); err != nil {
		t.Fatal(err)
	}
}
