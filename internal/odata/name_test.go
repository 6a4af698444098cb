package odata

import (
	"strings"
	"testing"
)

// A simple identifier of OData's CSDL (section 15.2) begins with a letter or an underscore, and has 128 characters at most.
func TestSimpleNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"a": true, "_": true, "_a1": true, "Größe": true, "名前": true, "ⅷa": true, "a\u0301": true, "a‿b": true, strings.Repeat("ä", 128): true,
		"": false, "1a": false, "\u0301a": false, "a b": false, "a.b": false, "a-b": false, "a\xff": false, strings.Repeat("a", 129): false,
	} {
		if got := isSimpleName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
