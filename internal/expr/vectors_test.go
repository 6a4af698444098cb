package expr_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// vector is a case of the differential vectors: an expression and what a real
// C# compiler and runtime made of it.
type vector struct {
	ID         string
	Expression string
	Context    map[string]any
	OK         bool
	Type       string
	Value      *string
	Error      string
	Code       string // of compile errors, all of them (oracle.jsonl)
	Volatile   bool
	Unsettled  bool
}

func (v vector) group() string { return v.ID[:strings.LastIndexByte(v.ID, '-')] }

func readVectors(t *testing.T, file string) []vector {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []vector
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// outcome is what an evaluation gave, in the form of the vectors.
type outcome struct {
	typ, value, err, detail string
	null                    bool
}

// batchNow is the instant of a case that names none.
var batchNow = time.Date(2024, 5, 6, 7, 8, 9, 123e6, time.UTC)

// now is the instant the case wants.
func (v vector) now(t *testing.T) time.Time {
	text, _ := v.Context["now"].(string)
	if text == "" {
		return batchNow
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatalf("%s: %v", v.ID, err)
	}
	return at
}

func evaluate(source string, library *types.Library) outcome {
	return evaluateAt(batchNow, source, library)
}

func evaluateAt(now time.Time, source string, library *types.Library) (o outcome) {
	env := &types.Env{Clock: func() time.Time { return now }}
	p, err := expr.Compile(source, expr.Options{Library: library, Context: contextType})
	if err != nil {
		_, name := expr.Classify(err)
		return outcome{err: name, detail: err.Error()}
	}
	v, err := p.Run(env, &testContext{})
	if err == nil {
		var text *string
		if o.typ, text, err = expr.Canonical(env, v); text != nil {
			o.value = *text
		} else {
			o.null = true
		}
	}
	if err != nil {
		_, name := expr.Classify(err)
		return outcome{err: name, detail: err.Error()}
	}
	return o
}

// agrees applies the rule of the vectors: the same type and value, or both a
// compile error, or both a run-time error.
func (v vector) agrees(o outcome) bool {
	switch {
	case v.Unsettled && o.err == "CompileError":
		return true
	case !v.OK:
		return o.err != "" && o.err != "InternalError" && (v.Error == "CompileError") == (o.err == "CompileError")
	case o.err != "" || o.typ != v.Type:
		return false
	case v.Volatile:
		return true
	}
	return o.null == (v.Value == nil) && (v.Value == nil || *v.Value == o.value)
}

// open are cases that need extension methods of policies, Encrypt and Decrypt by the name of an algorithm; internal/policy/eval runs them with all others.
var open = map[string]bool{"hash2-015": true, "hash2-018": true, "hash2-019": true}

// TestVectors runs the cases that do not use the context and reports agreement per group.
func TestVectors(t *testing.T) {
	std, err := lib.Standard()
	if err != nil {
		t.Fatal(err)
	}
	library := withContext(t, std)
	total, good := map[string]int{}, map[string]int{}
	only := os.Getenv("ATELIER_VECTOR_GROUP")
	for _, v := range readVectors(t, "vectors.jsonl") {
		if strings.Contains(v.Expression, "context") && (len(v.Context) > 0 || v.group() == "context") || only != "" && v.group() != only {
			continue
		}
		total[v.group()]++
		if o := evaluateAt(v.now(t), v.Expression, library); v.agrees(o) {
			good[v.group()]++
		} else if awaited := open[v.ID]; testing.Verbose() || !awaited {
			log := t.Errorf
			if awaited {
				log = t.Logf
			}
			log("%s %s\n   want %s %s %s\n   got  %s %q %s", v.ID, v.Expression, v.Type, text(v.Value), v.Error, o.typ, o.value, strings.SplitN(o.err+" "+o.detail, "\n", 2)[0])
		}
	}
	report(t, total, good)
}

func text(s *string) string {
	if s == nil {
		return "null"
	}
	return fmt.Sprintf("%q", *s)
}

func report(t *testing.T, total, good map[string]int) {
	t.Helper()
	var groups []string
	all, ok := 0, 0
	for g, n := range total {
		groups = append(groups, g)
		all, ok = all+n, ok+good[g]
	}
	sort.Strings(groups)
	for _, g := range groups {
		t.Logf("%-15s %d of %d", g, good[g], total[g])
	}
	t.Logf("%-15s %d of %d", "all", ok, all)
}
