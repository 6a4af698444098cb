package oas

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite what testdata/*.txtar expect; commit only what you can explain")

// TestArchives imports the first file of each testdata/*.txtar and compares the model, written out, with the file want. The comment says in
// words what the case shows; a line "required-query query" chooses that option.
func TestArchives(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var opt Options
			if strings.Contains(string(archive.Comment), "\nrequired-query query\n") {
				opt.RequiredQuery = InQuery
			}
			got := describe(Import(archive.Files[0].Data, opt))
			if *update {
				archive.Files = append(archive.Files[:1], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(archive.Files) != 2 {
				t.Fatalf("the archive has %d files, want a document and want", len(archive.Files))
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Errorf("model (-want +got):\n%s", diff)
			}
		})
	}
}

// describe writes a model as text, one fact a line, so that a reader of the archive sees all of it.
func describe(a *API, err error) string {
	var w strings.Builder
	if err != nil {
		var fault *Error
		if !errors.As(err, &fault) {
			return "an error of the wrong type: " + err.Error() + "\n"
		}
		return "error: " + err.Error() + "\n"
	}
	fmt.Fprintf(&w, "%s %q version %q\n", a.Version, a.Title, a.APIVersion)
	optional(&w, "description", a.Description)
	optional(&w, "contact", strings.TrimSpace(a.Contact.Name+" "+a.Contact.URL+" "+a.Contact.Email))
	optional(&w, "license", strings.TrimSpace(a.License.Name+" "+a.License.URL))
	for _, s := range a.Servers {
		fmt.Fprintf(&w, "server %s\n", s)
	}
	for _, t := range a.Tags {
		fmt.Fprintf(&w, "tag %s %q\n", t.Name, t.Description)
	}
	for _, o := range a.Operations {
		fmt.Fprintf(&w, "\n%s %s\n  id %s\n  name %q\n", o.Method, o.URLTemplate, o.ID, o.DisplayName)
		optional(&w, "  description", o.Description)
		if o.Deprecated {
			w.WriteString("  deprecated\n")
		}
		optional(&w, "  tags", strings.Join(o.Tags, ", "))
		parameters(&w, "  template", o.TemplateParameters)
		parameters(&w, "  query", o.Request.QueryParameters)
		parameters(&w, "  header", o.Request.Headers)
		optional(&w, "  request", o.Request.Description)
		representations(&w, "  takes", o.Request.Representations)
		for _, r := range o.Responses {
			fmt.Fprintf(&w, "  %d %q\n", r.StatusCode, r.Description)
			parameters(&w, "    header", r.Headers)
			representations(&w, "    gives", r.Representations)
		}
	}
	for _, s := range a.Schemas {
		fmt.Fprintf(&w, "\nschema %s %s\n", s.Name, s.JSON)
	}
	for _, s := range a.Warnings {
		fmt.Fprintf(&w, "\nwarning: %s\n", s)
	}
	return w.String()
}

func optional(w *strings.Builder, name, value string) {
	if value != "" {
		fmt.Fprintf(w, "%s %q\n", name, value)
	}
}

func parameters(w *strings.Builder, name string, all []Parameter) {
	for _, p := range all {
		fmt.Fprintf(w, "%s %s %s", name, p.Name, p.Type)
		if p.Required {
			w.WriteString(" required")
		}
		if p.Default != "" {
			fmt.Fprintf(w, " default %q", p.Default)
		}
		if p.Values != nil {
			fmt.Fprintf(w, " of %q", p.Values)
		}
		if p.Description != "" {
			fmt.Fprintf(w, " %q", p.Description)
		}
		w.WriteByte('\n')
		examples(w, strings.Repeat(" ", len(name)-len(strings.TrimLeft(name, " ")))+"  ", p.Examples)
	}
}

func representations(w *strings.Builder, name string, all []Representation) {
	indent := strings.Repeat(" ", len(name)-len(strings.TrimLeft(name, " "))) + "  "
	for _, r := range all {
		fmt.Fprintf(w, "%s %s %s\n", name, r.ContentType, r.TypeName)
		parameters(w, indent+"field", r.FormParameters)
		examples(w, indent, r.Examples)
	}
}

func examples(w *strings.Builder, indent string, all []Example) {
	for _, e := range all {
		fmt.Fprintf(w, "%sexample %s", indent, e.Name)
		if e.Generated {
			w.WriteString(" (generated)")
		}
		if e.Summary != "" || e.Description != "" || e.External != "" {
			fmt.Fprintf(w, " %q %q %q", e.Summary, e.Description, e.External)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(string(e.Value), "\n"), "\n") {
			fmt.Fprintf(w, "\n%s  %s", indent, line)
		}
		w.WriteByte('\n')
	}
}
