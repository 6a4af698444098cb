package expr_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var update = flag.Bool("update", false, "rewrite the expected parts of the archives")

// TestArchives runs testdata/*.txtar: every file of an archive is one promise,
// named in words; above the line of dashes stands an expression, below it what
// it gives: the type and the canonical value, the exception, or the compile
// error with its caret.
func TestArchives(t *testing.T) {
	std, err := lib.Standard()
	if err != nil {
		t.Fatal(err)
	}
	library := withContext(t, std)
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives in testdata: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range a.Files {
				source, want, _ := strings.Cut(string(f.Data), "\n----\n")
				got := describe(strings.TrimRight(source, "\n"), library)
				if *update {
					a.Files[i].Data = []byte(strings.TrimRight(source, "\n") + "\n----\n" + got + "\n")
					continue
				}
				if diff := cmp.Diff(strings.TrimRight(want, "\n"), got); diff != "" {
					t.Errorf("%s\n%s\n(-want +got)\n%s", f.Name, source, diff)
				}
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// describe evaluates and says what came out, in the words of the archives.
func describe(source string, library *types.Library) string {
	p, err := expr.Compile(source, expr.Options{Library: library, Context: contextType})
	if err != nil {
		return err.Error()
	}
	env := &types.Env{}
	v, err := p.Run(env, &testContext{request: testRequest{method: "GET", headers: testHeaders{"x-a": {"one"}, "x-many": {"1", "2"}}}})
	if err == nil {
		var typ string
		var text *string
		if typ, text, err = expr.Canonical(env, v); err == nil {
			if text == nil {
				return typ
			}
			return typ + " " + *text
		}
	}
	_, name := expr.Classify(err)
	if exc, ok := err.(*types.Exception); ok {
		return "throws " + name + ": " + exc.Message
	}
	return "throws " + err.Error()
}
