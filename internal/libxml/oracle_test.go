package libxml_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/libxml"
)

// oracles are the same libraries as Debian builds them for this machine, by the programs that come with them. They are installed when they are
// not there: what the sandbox gives is compared with them, byte for byte.
var oracles = sync.OnceValue(func() error {
	for program, pkg := range map[string]string{"xsltproc": "xsltproc", "xmllint": "libxml2-utils"} {
		if _, err := exec.LookPath(program); err == nil {
			continue
		}
		if out, err := exec.Command("../../tools/need", pkg).CombinedOutput(); err != nil {
			return errors.New("install " + pkg + ": " + string(out) + err.Error())
		}
	}
	return nil
})

// unpack writes an archive's files to a directory of the test.
func unpack(t *testing.T, path string) (*txtar.Archive, string) {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		name := filepath.Join(dir, f.Name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, f.Data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return a, dir
}

func archives(t *testing.T, pattern string, least int) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) < least {
		t.Fatalf("%d archives %s: %v", len(paths), pattern, err)
	}
	return paths
}

// Each archive is a feature of XSLT 1.0; its first lines say which, and may give parameters.
func TestTransformationsAreThoseOfXsltproc(t *testing.T) {
	t.Parallel()
	if err := oracles(); err != nil {
		t.Fatal(err)
	}
	for _, path := range archives(t, "testdata/xslt/*.txtar", 30) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, dir := unpack(t, path)
			args := []string{"--nonet"}
			var params []libxml.Param
			for line := range strings.Lines(string(a.Comment)) {
				if f := strings.Fields(line); len(f) == 3 && f[0] == "param" {
					args = append(args, "--stringparam", f[1], f[2])
					params = append(params, libxml.Param{Name: f[1], Value: f[2]})
				}
			}
			oracle := exec.CommandContext(t.Context(), "xsltproc", append(args, filepath.Join(dir, "stylesheet.xsl"), filepath.Join(dir, "document.xml"))...)
			var complaints bytes.Buffer
			oracle.Stderr = &complaints
			want, err := oracle.Output()
			if err != nil {
				t.Fatalf("xsltproc: %v: %s", err, &complaints)
			}
			s, err := libxml.Shared().Stylesheet(t.Context(), a.Files[0].Data)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Transform(t.Context(), a.Files[1].Data, params...)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Body, want) {
				t.Errorf("the result is\n%s\nxsltproc gives\n%s", got.Body, want)
			}
		})
	}
}

// complaint is a line of xmllint about a document: file, line and message.
var complaint = regexp.MustCompile(`^[^:]*:(\d+):(?: element [^:]*:)? Schemas validity error : (.*?)\s*$`)

// Each archive is schemas, the first of them the main one, and documents whose names say whether they are valid.
func TestVerdictsAreThoseOfXmllint(t *testing.T) {
	t.Parallel()
	if err := oracles(); err != nil {
		t.Fatal(err)
	}
	for _, path := range archives(t, "testdata/xsd/*.txtar", 10) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, dir := unpack(t, path)
			var set []libxml.Document
			for _, f := range a.Files {
				if strings.HasSuffix(f.Name, ".xsd") {
					set = append(set, libxml.Document{Name: f.Name, Text: f.Data})
				}
			}
			s, err := libxml.Shared().Schema(t.Context(), set...)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range a.Files[len(set):] {
				oracle := exec.CommandContext(t.Context(), "xmllint", "--nonet", "--noout", "--schema", filepath.Join(dir, a.Files[0].Name), filepath.Join(dir, f.Name))
				out, failed := oracle.CombinedOutput()
				var want []string
				for line := range strings.Lines(string(out)) {
					if m := complaint.FindStringSubmatch(line); m != nil {
						want = append(want, m[2])
					}
				}
				if valid := strings.HasPrefix(f.Name, "valid"); valid != (failed == nil) || valid != (want == nil) {
					t.Fatalf("%s: xmllint says %v: %s", f.Name, failed, out)
				}
				err := s.ValidateXML(t.Context(), f.Data)
				var got []string
				var problems libxml.Problems
				if errors.As(err, &problems) {
					for _, p := range problems {
						got = append(got, p.Message)
					}
				} else if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: got\n%s\nwant\n%s", f.Name, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		})
	}
}
