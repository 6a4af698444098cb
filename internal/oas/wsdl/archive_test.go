package wsdl

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/policy"
)

var update = flag.Bool("update", false, "rewrite what archives want")

// TestArchives runs testdata/*.txtar: what is made of a document, with the others that it imports. Lines of the comment are options of Read.
//
//	main.wsdl      the document
//	ADDRESS        what is found there
//	passthrough    the operations of calls that go through
//	rest           the operations of calls in JSON, or why there are none
//	policy of ID   what translates the calls of one
//	export.wsdl    the document that is written of it
func TestArchives(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := readArchive(t, a)
			address := "https://gateway.example/shop"
			export := Write(s, address, nil)
			check(t, a, "passthrough", describe(PassThrough(s)))
			check(t, a, "export.wsdl", string(export))
			if rest, policies, err := ToREST(s); err != nil {
				check(t, a, "rest", err.Error()+"\n")
			} else {
				check(t, a, "rest", describe(rest))
				for i, p := range policies {
					check(t, a, "policy of "+rest.Operations[i].ID, p)
					if _, err := policy.Parse(p, policy.FormatRaw); err != nil {
						t.Errorf("the policy of %s is none: %v", rest.Operations[i].ID, err)
					}
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			again, err := Read(export, Options{})
			if err != nil {
				t.Fatalf("what was written can't be read: %v", err)
			}
			if again.Address != address {
				t.Errorf("what was written has the address %s", again.Address)
			}
			if diff := cmp.Diff(s.Operations, again.Operations); diff != "" {
				t.Errorf("what was written says something else:\n%s", diff)
			}
			if second := Write(again, address, nil); string(second) != string(export) {
				t.Errorf("written again it differs:\n%s", cmp.Diff(string(export), string(second)))
			}
		})
	}
}

func readArchive(t *testing.T, a *txtar.Archive) *Service {
	t.Helper()
	o := Options{Fetch: func(address string) ([]byte, error) {
		if b := part(a, address); b != nil {
			return b, nil
		}
		return nil, errors.New("it answers 404")
	}}
	for line := range strings.Lines(string(a.Comment)) {
		switch word, rest, _ := strings.Cut(strings.TrimSpace(line), " "); word {
		case "from":
			o.From = rest
		case "service":
			o.Service = rest
		case "port":
			o.Port = rest
		}
	}
	s, err := Read(part(a, "main.wsdl"), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func part(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// check compares with a part of the archive, or puts it there.
func check(t *testing.T, a *txtar.Archive, name, got string) {
	t.Helper()
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
	if *update {
		if i < 0 {
			a.Files = append(a.Files, txtar.File{Name: name})
			i = len(a.Files) - 1
		}
		a.Files[i].Data = []byte(got)
		return
	}
	if i < 0 {
		t.Fatalf("the archive has no %s", name)
	}
	if diff := cmp.Diff(string(a.Files[i].Data), got); diff != "" {
		t.Errorf("%s differs:\n%s", name, diff)
	}
}

// describe is an API as text that people can check.
func describe(a *oas.API) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", a.Title, a.Description)
	fmt.Fprintf(&b, "at %s\n", strings.Join(a.Servers, " "))
	for _, w := range a.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	for _, x := range a.XML {
		fmt.Fprintf(&b, "schema %s of %q\n", x.Name, x.Space)
	}
	for _, s := range a.Schemas {
		fmt.Fprintf(&b, "schema %s %s\n", s.Name, s.JSON)
	}
	for _, o := range a.Operations {
		fmt.Fprintf(&b, "\n%s: %s %s (%s) %s\n", o.ID, o.Method, o.URLTemplate, o.DisplayName, o.Description)
		for _, p := range o.TemplateParameters {
			fmt.Fprintf(&b, "  parameter %s %s %v\n", p.Name, p.Type, p.Values)
		}
		bodies(&b, "  takes", o.Request.Representations)
		for _, r := range o.Responses {
			fmt.Fprintf(&b, "  answers %d %s\n", r.StatusCode, r.Description)
			bodies(&b, "    with", r.Representations)
		}
	}
	return b.String()
}

func bodies(b *strings.Builder, word string, list []oas.Representation) {
	for _, r := range list {
		fmt.Fprintf(b, "%s %s %s %s\n", word, r.ContentType, r.TypeName, r.Schema)
		for _, e := range r.Examples {
			for line := range strings.Lines(string(e.Value)) {
				fmt.Fprintf(b, "      %s\n", strings.TrimRight(line, "\n"))
			}
		}
	}
}
