package policies_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

var update = flag.Bool("update", false, "rewrite the reference pages of policies")

const pages = "../../../docs/policies"

// TestReferenceGolden: the reference pages say what the shapes say, each with a case that runs as its example.
func TestReferenceGolden(t *testing.T) {
	t.Parallel()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	c, err := engine.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string][]byte{"README.md": index(c)}
	for _, e := range c.Elements {
		wanted[e.Name+".md"] = page(t, engine, e)
	}
	if *update {
		if err := os.RemoveAll(pages); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(pages, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range wanted {
		file := filepath.Join(pages, name)
		if *update {
			if err := os.WriteFile(file, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, text) {
			t.Errorf("docs/policies/%s is not what the shape says: make golden rewrites it (%v)", name, err)
		}
	}
	there, _ := filepath.Glob(pages + "/*.md")
	if len(there) != len(wanted) {
		t.Errorf("docs/policies has %d pages, there are %d policies and an index", len(there), len(wanted)-1)
	}
}

func index(c *policy.Catalogue) []byte {
	var b bytes.Buffer
	b.WriteString("# Policies\n\nWritten by `make golden` from the shapes that check documents; each page ends with a case that runs in the tests.\n\n| policy | what it does | sections | scopes |\n|---|---|---|---|\n")
	for _, e := range c.Elements {
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s | %s |\n", e.Name, e.Name, cell(e.Doc), strings.Join(e.Sections, ", "), scopeWords(e.Scopes, c.Scopes))
	}
	return b.Bytes()
}

func scopeWords(scopes, all []string) string {
	if len(scopes) == len(all) {
		return "all"
	}
	return strings.Join(scopes, ", ")
}

func page(t *testing.T, engine *policy.Engine, e policy.ElementDoc) []byte {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\n%s\n", e.Name, e.Doc)
	if len(e.Sections) > 0 { // of policies of resolvers their own words say where they stand
		fmt.Fprintf(&b, "\nSections: %s. Scopes: %s.", strings.Join(e.Sections, ", "), strings.Join(e.Scopes, ", "))
	}
	if e.Once != "" {
		fmt.Fprintf(&b, " Once in a %s.", e.Once)
	}
	if len(e.Sections) > 0 {
		b.WriteString("\n")
	}
	element(&b, e)
	for _, child := range e.Children {
		children(&b, child, "")
	}
	example(t, &b, engine, e.Name)
	return b.Bytes()
}

func children(b *bytes.Buffer, e policy.ElementDoc, path string) {
	path += "<" + e.Name + ">"
	fmt.Fprintf(b, "\n## `%s`\n\n", path)
	if e.Doc != "" {
		fmt.Fprintf(b, "%s ", e.Doc)
	}
	fmt.Fprintf(b, "%s.\n", howMany(e))
	element(b, e)
	for _, child := range e.Children {
		children(b, child, path)
	}
}

func howMany(e policy.ElementDoc) string {
	switch {
	case e.Min > 0 && e.Max == 1:
		return "Required"
	case e.Min > 0:
		return "One or more"
	case e.Max == 1:
		return "Optional"
	}
	return "Any number"
}

func element(b *bytes.Buffer, e policy.ElementDoc) {
	if len(e.Attrs) > 0 {
		b.WriteString("\n| attribute | | value | default | |\n|---|---|---|---|---|\n")
	}
	for _, a := range e.Attrs {
		required := ""
		if a.Required {
			required = "required"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", a.Name, required, value(a.ValueDoc), code(a.Default), cell(a.Doc))
	}
	switch {
	case e.Text != nil && e.Text.Markup:
		b.WriteString("\nHolds text or markup" + expression(*e.Text) + ".\n")
	case e.Text != nil:
		b.WriteString("\nHolds " + value(*e.Text) + ".\n")
	case e.Policies:
		b.WriteString("\nHolds policies that its section allows.\n")
	}
	if len(e.Uses) > 0 {
		links := make([]string, len(e.Uses))
		for i, name := range e.Uses {
			links[i] = fmt.Sprintf("[%s](%s.md)", name, name)
		}
		fmt.Fprintf(b, "\nTakes %s.\n", strings.Join(links, ", "))
	}
}

func value(v policy.ValueDoc) string {
	words := cell(v.Type)
	if len(v.Values) > 0 {
		quoted := make([]string, len(v.Values))
		for i, one := range v.Values {
			quoted[i] = code(one)
		}
		words = strings.Join(quoted, ", ")
	}
	return words + expression(v)
}

func expression(v policy.ValueDoc) string {
	if v.Expression {
		return ", or an expression"
	}
	return ""
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + cell(s) + "`"
}

func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

// example shows the case that is named for it, or the first that is about a document that may be saved.
func example(t *testing.T, b *bytes.Buffer, engine *policy.Engine, name string) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("testdata", name, "*.txtar"))
	if named := filepath.Join("testdata", name, "example.txtar"); len(files) > 0 {
		if _, err := os.Stat(named); err == nil {
			files = []string{named}
		}
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		words, script, _ := strings.Cut(string(archive.Comment), "\n")
		if strings.Contains(script, "problem ") {
			continue
		}
		fmt.Fprintf(b, "\n## Example\n\n%s:\n", strings.TrimPrefix(words, "# "))
		for _, f := range archive.Files {
			text, language := string(f.Data), ""
			if strings.HasSuffix(f.Name, ".xml") {
				language = "xml"
				if tidy, err := engine.Indent(text); err == nil {
					text = tidy
				}
			}
			fmt.Fprintf(b, "\n`%s`\n\n```%s\n%s\n```\n", f.Name, language, strings.TrimRight(text, "\n"))
		}
		fmt.Fprintf(b, "\nThe case that shows it ([internal/policy/policies/%s](../../internal/policy/policies/%s)):\n\n```\n%s\n```\n", file, file, strings.TrimSpace(script))
		return
	}
	t.Errorf("policy %s has no archive that can be its example", name)
}
