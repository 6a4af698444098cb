package policytest

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the words in docs/testing-policies.md")

const (
	guide     = "../../../docs/testing-policies.md"
	beginning = "<!-- words: written by `make golden` -->\n"
	ending    = "<!-- end of words -->\n"
)

// The guide lists every word with its arguments.
func TestTheGuideListsTheWords(t *testing.T) {
	t.Parallel()
	text := readGuide(t)
	before, rest, ok := strings.Cut(text, beginning)
	_, after, ends := strings.Cut(rest, ending)
	if !ok || !ends {
		t.Fatal("the guide has no place for the words")
	}
	want := before + beginning + tables() + ending + after
	if *update {
		if err := os.WriteFile(guide, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text != want {
		t.Error("docs/testing-policies.md is behind the words; run make golden")
	}
}

// The case that the guide shows passes as it stands, and fails when what it says isn't so.
func TestTheGuidesCaseRuns(t *testing.T) {
	t.Parallel()
	_, rest, _ := strings.Cut(readGuide(t), "```txtar\n")
	shown, _, ok := strings.Cut(rest, "```\n")
	if !ok {
		t.Fatal("the guide shows no case")
	}
	if err := Run(txtar.Parse([]byte(shown))); err != nil {
		t.Error(err)
	}
	if err := Run(txtar.Parse([]byte(strings.Replace(shown, "reply 429", "reply 200", 1)))); err == nil {
		t.Error("it passes with another status, too")
	}
}

// A word that declares no function is done by tokens or services, and what these do is declared.
func TestEveryWordIsDone(t *testing.T) {
	t.Parallel()
	shared := NewTokens(nil).Words()
	for name := range new(Services).Words(nil) {
		shared[name] = nil
	}
	for name, w := range words {
		if _, is := shared[name]; is == (w.do != nil) {
			t.Errorf("%s is done twice, or by nobody", name)
		}
		delete(shared, name)
		if w.doc == "" {
			t.Errorf("%s says nothing of itself", name)
		}
	}
	for name := range shared {
		t.Errorf("%s is not in the table", name)
	}
}

func TestWordsNeedTheirArguments(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]int{
		"": 0, "FILE": 1, "SCOPE FILE [xml]": 2, "URL FILE… | - | never": 2, "'METHOD URL'": 1, "'URL [USER:PASSWORD]' | -": 1, "[LINE:COLUMN] TEXT": 1,
		"A B [C [D …]]": 2, "HOST | - [@NAME[:TYPE]=JSON …] [user=NAME]": 1,
	} {
		if got := (word{args: args}).least(); got != want {
			t.Errorf("%q needs %d, not %d", args, want, got)
		}
	}
}

func readGuide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func tables() string {
	var b strings.Builder
	for _, s := range sections {
		fmt.Fprintf(&b, "\n### %s\n\n| word | |\n|---|---|\n", s.title)
		for _, w := range s.words {
			fmt.Fprintf(&b, "| `%s` | %s |\n", strings.ReplaceAll(w.usage(), "|", "\\|"), strings.ReplaceAll(w.doc, "|", "\\|"))
		}
	}
	return b.String() + "\n"
}
