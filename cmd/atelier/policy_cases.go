package main

import (
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/spf13/cobra"

	"github.com/atelier-apim/atelier/internal/policy/policytest"
)

// policyTests is one use of `policy test`.
type policyTests struct {
	paths           []string
	coverage, watch bool
	junit           string
}

func policyTestCommand() *cobra.Command {
	t := &policyTests{}
	cmd := &cobra.Command{
		Use: "test PATH…", Short: "Run policy test archives (*.txtar), in files or below folders", Args: cobra.MinimumNArgs(1),
		Long: "A script names documents that its archive holds, or files beside the archive.",
		RunE: func(cmd *cobra.Command, args []string) error {
			t.paths = args
			if t.watch {
				return t.repeat(cmd.Context(), cmd.OutOrStdout())
			}
			fine, err := t.run(cmd.OutOrStdout())
			if err == nil && !fine {
				return &exitError{code: 2}
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&t.coverage, "coverage", false, "say which policies, branches and expressions no case has run")
	cmd.Flags().BoolVar(&t.watch, "watch", false, "run again whenever a file changes, until interrupted")
	cmd.Flags().StringVar(&t.junit, "junit", "", "file that takes the results in JUnit's form")
	return cmd
}

// outcome is a case that was run.
type outcome struct {
	path  string
	words string // first line of the archive
	took  time.Duration
	err   error
}

// run runs every archive once and says whether all passed.
func (t *policyTests) run(w io.Writer) (fine bool, err error) {
	var tally *policytest.Tally
	if t.coverage {
		tally = &policytest.Tally{}
	}
	var all []outcome
	failed := 0
	err = eachArchive(t.paths, func(path string) error {
		a, err := txtar.ParseFile(path)
		if err != nil {
			return err
		}
		words, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(string(a.Comment), "#")), "\n")
		began := time.Now()
		o := outcome{path: path, words: words, err: policytest.RunWith(a, policytest.Options{Name: path, Dir: filepath.Dir(path), Tally: tally})}
		o.took = time.Since(began)
		if o.err != nil {
			failed++
			fmt.Fprintf(w, "FAIL %s\n  %s\n", path, strings.ReplaceAll(o.err.Error(), "\n", "\n  "))
		}
		all = append(all, o)
		return nil
	})
	if err != nil {
		return false, err
	}
	if tally != nil {
		tally.Print(w)
	}
	fmt.Fprintf(w, "%d passed, %d failed\n", len(all)-failed, failed)
	if t.junit != "" {
		if err := writeJUnit(t.junit, all); err != nil {
			return false, err
		}
	}
	return failed == 0 && len(all) > 0, nil
}

// eachArchive calls f for the files named and for every archive below the folders named.
func eachArchive(paths []string, f func(path string) error) error {
	for _, p := range paths {
		err := filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path != p && !strings.HasSuffix(path, ".txtar") {
				return err
			}
			return f(path)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lookAgain is how often a watch looks for changed files.
const lookAgain = 300 * time.Millisecond

// repeat runs the cases now and after each change below the folders of the paths, until the context ends.
func (t *policyTests) repeat(ctx context.Context, w io.Writer) error {
	for {
		seen := t.fingerprint()
		if _, err := t.run(w); err != nil {
			fmt.Fprintln(w, err) // a file that is half written: the next look may find it whole
		}
		for seen == t.fingerprint() {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(lookAgain):
			}
		}
	}
}

// fingerprint tells whether a file has changed: archives, and what lies beside them.
func (t *policyTests) fingerprint() string {
	var b strings.Builder
	for _, p := range t.paths {
		if info, err := os.Stat(p); err == nil && !info.IsDir() {
			p = filepath.Dir(p)
		}
		_ = filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil // what can't be read now is looked at again
			}
			if info, err := d.Info(); err == nil && !d.IsDir() {
				fmt.Fprintln(&b, path, info.Size(), info.ModTime().UnixNano())
			}
			return nil
		})
	}
	return b.String()
}

// suite is a run in JUnit's form.
type suite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []suiteCase `xml:"testcase"`
}

type suiteCase struct {
	Class   string        `xml:"classname,attr"` // the archive
	Name    string        `xml:"name,attr"`      // what it promises
	Time    string        `xml:"time,attr"`
	Failure *suiteFailure `xml:"failure,omitempty"`
}

type suiteFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func writeJUnit(file string, all []outcome) error {
	s := suite{Name: "atelier policy test", Tests: len(all)}
	var took time.Duration
	for _, o := range all {
		took += o.took
		c := suiteCase{Class: o.path, Name: cmp.Or(o.words, o.path), Time: seconds(o.took)}
		if o.err != nil {
			s.Failures++
			first, _, _ := strings.Cut(o.err.Error(), "\n")
			c.Failure = &suiteFailure{Message: first, Text: o.err.Error()}
		}
		s.Cases = append(s.Cases, c)
	}
	s.Time = seconds(took)
	out, err := xml.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append([]byte(xml.Header), append(out, '\n')...), 0o666)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
