// Command corpus measures the loader on policy documents and expressions that people published: how many load, and why the others don't. It reads
// a folder with manifest.jsonl (id, repo, kind of each document), the documents at REPO/KIND/ID.xml ("owner+name" for the repository), and
// expressions.jsonl (text of each expression).
//
//	go run ./test/corpus [-list] DIR
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

func main() {
	list := flag.Bool("list", false, "name each document and expression that is refused")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: corpus [-list] DIR")
		os.Exit(1)
	}
	if err := measure(flag.Arg(0), *list); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

func measure(dir string, list bool) error {
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		return err
	}
	documents := tally{what: "documents"}
	err = eachLine(filepath.Join(dir, "manifest.jsonl"), func(d document) error {
		text, err := os.ReadFile(filepath.Join(dir, strings.ReplaceAll(d.Repo, "/", "+"), d.Kind, d.ID+".xml"))
		if err != nil {
			return err
		}
		documents.add(d.ID+" "+d.Repo+"/"+d.Path, load(engine, d.Kind, rendered(d, string(text))))
		return nil
	})
	if err != nil {
		return err
	}
	expressions := tally{what: "distinct expressions"}
	seen, open := map[string]bool{}, 0
	err = eachLine(filepath.Join(dir, "expressions.jsonl"), func(e expression) error {
		if seen[e.Text] {
			return nil
		}
		seen[e.Text] = true
		why := ""
		if _, err := policy.CompileExpression(e.Text); err != nil {
			why = err.Error()
		}
		if why != "" && namedValue.MatchString(filledIn.ReplaceAllString(e.Text, "{{template}}")) {
			open++ // the text that stands there isn't known
			return nil
		}
		expressions.add(e.ID+" "+e.Repo, why)
		return nil
	})
	if err != nil {
		return err
	}
	documents.print(list)
	expressions.print(list)
	fmt.Printf("%d expressions more hold a named value where only its text can tell whether they compile\n", open)
	return nil
}

type document struct {
	ID, Repo, Kind, Path string
	Flags                []string // what the document holds, "template-interpolation" for one
}

var (
	namedValue = regexp.MustCompile(`\{\{[\w.-]+\}\}`)
	filledIn   = regexp.MustCompile(`\$\{[^{}"]*\}`)
	// An attribute that is nothing else: what looks alike within an expression may be an interpolated string.
	wholeFilledIn = regexp.MustCompile(`="\$\{[^{}"]*\}"`)
	directive     = regexp.MustCompile(`%\{[^{}]*\}`)
)

// rendered puts something that isn't known in place of what a template of Terraform fills in: the service never sees the template.
func rendered(d document, text string) string {
	if slices.ContainsFunc(d.Flags, func(f string) bool { return strings.HasPrefix(f, "template-") }) {
		return filledIn.ReplaceAllString(directive.ReplaceAllString(text, ""), "{{template}}")
	}
	return wholeFilledIn.ReplaceAllString(text, `="{{template}}"`)
}

type expression struct{ ID, Repo, Text string }

func eachLine[T any](path string, f func(T) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := f(v); err != nil {
			return err
		}
	}
	return lines.Err()
}

// load tells why a document is refused, "" when it would be saved. A piece of a document is put where its kind belongs; a snippet may stand in
// any section.
func load(engine *policy.Engine, kind, text string) string {
	wrapped := []string{text}
	switch kind {
	case "section":
		wrapped = []string{"<policies>" + text + "</policies>"}
	case "snippet":
		wrapped = []string{text} // a resolver's document
		for _, s := range []string{"inbound", "outbound", "backend", "on-error"} {
			wrapped = append(wrapped, "<policies><"+s+">"+text+"</"+s+"></policies>")
		}
	}
	best, fewest := "", -1
	for _, w := range wrapped {
		errors := slices.DeleteFunc(engine.Lint(w), func(p policy.Problem) bool { return p.Severity != policy.SeverityError })
		if len(errors) == 0 {
			return ""
		}
		if fewest < 0 || len(errors) < fewest {
			fewest, best = len(errors), fmt.Sprintf("%d:%d: <%s> %s", errors[0].Line, errors[0].Column, errors[0].Element, errors[0].Message)
		}
	}
	return best
}

// tally counts what loads, and reasons of what doesn't.
type tally struct {
	what    string
	all     int
	refused []refusal
}

type refusal struct{ name, why string }

func (t *tally) add(name, why string) {
	t.all++
	if why != "" {
		t.refused = append(t.refused, refusal{name, why})
	}
}

// particular is what differs between refusals of one sort.
var particular = regexp.MustCompile(`^[0-9:]+ |'[^']*'|"[^"]*"|\d+|\n[\s\S]*`)

func (t *tally) print(list bool) {
	fmt.Printf("%s: %d of %d load (%.1f %%)\n", t.what, t.all-len(t.refused), t.all, 100*float64(t.all-len(t.refused))/float64(max(t.all, 1)))
	counts := map[string]int{}
	for _, r := range t.refused {
		counts[particular.ReplaceAllString(r.why, "…")]++
		if list {
			fmt.Printf("  %s\n    %s\n", r.name, strings.ReplaceAll(r.why, "\n", "\n    "))
		}
	}
	reasons := make([]string, 0, len(counts))
	for why := range counts {
		reasons = append(reasons, why)
	}
	slices.SortFunc(reasons, func(a, b string) int {
		if d := counts[b] - counts[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for _, why := range reasons {
		fmt.Printf("%6d  %s\n", counts[why], why)
	}
}
