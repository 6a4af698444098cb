package policy

import "testing"

func TestContextTablesResolve(t *testing.T) {
	t.Parallel()
	if _, err := contextLibrary(); err != nil {
		t.Fatal(err)
	}
}
