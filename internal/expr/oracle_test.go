package expr_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// verdict is what the engine made of an expression, with the code of the compile error.
type verdict struct {
	outcome
	code string
}

func judge(source string, library *types.Library) verdict {
	v := verdict{outcome: evaluate(source, library)}
	var failed *expr.Error
	if v.err == "CompileError" {
		_, err := expr.Compile(source, expr.Options{Library: library, Context: contextType})
		if errors.As(err, &failed) {
			v.code = failed.Code
		}
	}
	return v
}

// agreesToTheLetter is stricter than agrees: the same exception, and a compile error that the compiler reports, too.
func (v vector) agreesToTheLetter(got verdict) bool {
	switch {
	case !v.agrees(got.outcome):
		return false
	case v.OK:
		return true
	case v.Error == "CompileError":
		return slices.Contains(strings.Fields(v.Code), got.code)
	}
	return v.Error == got.err
}

// TestOracle says that an expression gives what Microsoft's C# compiler and a .NET runtime give, down to which compile error and which exception
// (tools/oracle asks them). What differs is in the table of differences with its reason, and nothing else is.
//
// It is not parallel: tests that measure time are, and begin when it is over.
func TestOracle(t *testing.T) {
	std, err := lib.Standard()
	if err != nil {
		t.Fatal(err)
	}
	library := withContext(t, std)
	vectors := readVectors(t, "oracle.jsonl")
	got := judgeAll(vectors, library)
	known := knownDifferences(t)
	total, good := map[string]int{}, map[string]int{}
	only := os.Getenv("ATELIER_VECTOR_GROUP")
	for i, v := range vectors {
		why, listed := known[v.ID]
		delete(known, v.ID)
		if only != "" && v.group() != only {
			continue
		}
		total[v.group()]++
		agrees := v.agreesToTheLetter(got[i])
		if agrees {
			good[v.group()]++
		}
		switch {
		case agrees && listed:
			t.Errorf("%s agrees by now: take it out of the differences (%s)", v.ID, why)
		case !agrees && !listed:
			g := got[i]
			t.Errorf("%s %s\n   want %s %s %s %s\n   got  %s %q %s", v.ID, v.Expression, v.Type, text(v.Value), v.Error, v.Code, g.typ, g.value, strings.SplitN(g.err+" "+g.detail, "\n", 2)[0])
		}
	}
	for id := range known {
		t.Errorf("%s is a difference of no vector", id)
	}
	report(t, total, good)
}

// judgeAll works on several vectors at once: there are many.
func judgeAll(vectors []vector, library *types.Library) []verdict {
	got := make([]verdict, len(vectors))
	var wait sync.WaitGroup
	for part := range 4 {
		wait.Go(func() {
			for i := part; i < len(vectors); i += 4 {
				got[i] = judge(vectors[i].Expression, library)
			}
		})
	}
	wait.Wait()
	return got
}

// knownDifferences gives the reason for each vector that differs.
func knownDifferences(t *testing.T) map[string]string {
	t.Helper()
	known := map[string]string{}
	for _, d := range differences {
		for _, id := range strings.Fields(d.ids) {
			if _, twice := known[id]; twice {
				t.Errorf("%s is listed twice", id)
			}
			known[id] = d.why
		}
	}
	return known
}
