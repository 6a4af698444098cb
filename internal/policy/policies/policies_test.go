package policies_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/policy/policytest"
)

// Every archive below testdata is one promise, in the words of its first line.
func TestArchives(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimPrefix(strings.TrimSuffix(file, ".txtar"), "testdata/"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(archive.Comment), "# ") {
				t.Error("the first line has to say in words what is promised")
			}
			if err := policytest.Run(archive); err != nil {
				t.Error(err)
			}
		})
	}
}

// A policy without an archive promises nothing.
func TestEveryPolicyHasArchives(t *testing.T) {
	t.Parallel()
	for _, spec := range policies.Table(policies.Env{}) {
		files, _ := filepath.Glob(filepath.Join("testdata", spec.Name, "*.txtar"))
		if len(files) == 0 {
			t.Errorf("policy %s has no archive in testdata/%s", spec.Name, spec.Name)
		}
	}
}
