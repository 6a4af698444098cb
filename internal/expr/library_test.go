package expr_test

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// TestLibraryExamples runs the example of every row of the library: what the
// reference page shows is what happens.
func TestLibraryExamples(t *testing.T) {
	std, err := lib.Standard()
	if err != nil {
		t.Fatal(err)
	}
	library := withContext(t, std)
	n := 0
	std.All(func(d types.Decl, methods []*types.Method) bool {
		for _, m := range methods {
			if m.Row.Ex == "" {
				continue
			}
			n++
			checkExample(t, library, d.Type.String()+": "+m.Row.Sig, m.Row.Ex)
		}
		return true
	})
	t.Logf("%d examples", n)
}

// checkExample runs "expression → canonical value" or "expression ! Exception".
func checkExample(t *testing.T, library *types.Library, row, example string) {
	t.Helper()
	source, want, throws := strings.Cut(example, " ! ")
	if !throws {
		var ok bool
		if source, want, ok = strings.Cut(example, " → "); !ok {
			t.Errorf("%s: the example %q has no → and no !", row, example)
			return
		}
	}
	if strings.HasPrefix(source, "{") {
		source = "@" + source
	} else {
		source = "@(" + source + ")"
	}
	o := evaluate(source, library)
	got := o.value
	if throws {
		got = o.err
	} else if o.null {
		got = "null"
	}
	if o.err != "" && !throws {
		got = o.err + " " + o.detail
	}
	if got != want {
		t.Errorf("%s\n  %s\n  got  %s\n  want %s", row, source, got, want)
	}
}
