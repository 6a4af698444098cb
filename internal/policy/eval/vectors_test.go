package eval_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/policy/eval"
)

// vector is what a real compiler and runtime made of an expression.
type vector struct {
	ID, Expression string
	OK             bool
	Type           string
	Value          *string
	Error, Stage   string
	Volatile       bool
	Unsettled      bool
	Refused        any
}

// result is one line of output.
type result struct {
	ID             string
	OK             bool
	Type           string
	Value          *string
	Error, Message string
}

// agreement is the least that the groups of vectors agree, in percent. It only ever rises.
const agreement = 100

// The vectors run through the batch form as a user would run them, and agree with the real runtime.
func TestVectorsAgree(t *testing.T) {
	t.Parallel()
	input, err := os.ReadFile(filepath.Join("..", "..", "expr", "testdata", "vectors.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var output bytes.Buffer
	if _, err := eval.Batch(bytes.NewReader(input), &output); err != nil {
		t.Fatal(err)
	}
	total, agreed := map[string]int{}, map[string]int{}
	results := bufio.NewScanner(&output)
	results.Buffer(nil, 64<<20)
	for line := range bytes.Lines(input) {
		var want vector
		var got result
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		if !results.Scan() {
			t.Fatalf("no result for %s", want.ID)
		}
		if err := json.Unmarshal(results.Bytes(), &got); err != nil || got.ID != want.ID && got.Error != "InvalidInput" {
			t.Fatalf("result %s for %s: %v", results.Text(), want.ID, err)
		}
		group := want.ID[:strings.LastIndexByte(want.ID, '-')]
		total[group]++
		if agrees(want, got) {
			agreed[group]++
			continue
		}
		t.Logf("%s %s: got %s", want.ID, want.Expression, results.Text())
	}
	report(t, total, agreed)
}

func report(t *testing.T, total, agreed map[string]int) {
	t.Helper()
	var groups []string
	all, good := 0, 0
	for g := range total {
		groups = append(groups, g)
		all, good = all+total[g], good+agreed[g]
	}
	slices.Sort(groups)
	for _, g := range groups {
		t.Logf("%-16s %3d of %3d", g, agreed[g], total[g])
	}
	t.Logf("%-16s %3d of %3d", "all", good, all)
	if good*100 < agreement*all {
		t.Errorf("%d of %d vectors agree, fewer than %d %%", good, all, agreement)
	}
}

// agrees applies the rule of the reference: the same value and type, or both refuse to compile, or both fail at run time.
func agrees(want vector, got result) bool {
	compileError := !got.OK && got.Error == "CompileError"
	switch {
	case want.Unsettled:
		return compileError || sameValue(want, got)
	case want.Refused != nil:
		return compileError
	case want.OK:
		return sameValue(want, got)
	case want.Stage == "compile" || want.Error == "CompileError":
		return compileError
	}
	return !got.OK && !compileError && got.Error != "InternalError"
}

func sameValue(want vector, got result) bool {
	if !got.OK || !want.OK || got.Type != want.Type {
		return !want.OK && !got.OK
	}
	return want.Volatile || (want.Value == nil) == (got.Value == nil) && (want.Value == nil || *want.Value == *got.Value)
}
