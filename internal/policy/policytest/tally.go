package policytest

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Tally adds up what ran of documents over many archives. Documents within an archive are their own; a file beside archives is one document,
// whichever of them run it.
type Tally struct {
	mu        sync.Mutex
	documents map[string]map[place]uint64
}

type place struct {
	line, column int
	what         policy.CoverKind
	name         string
}

func (t *Tally) add(archive string, c *Case) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for doc, file := range c.names {
		name := archive + ":" + file
		if _, inside := c.files[file]; !inside {
			name = filepath.Join(c.dir, file)
		}
		for _, m := range c.coverage.Marks(doc) {
			if t.documents == nil {
				t.documents = map[string]map[place]uint64{}
			}
			if t.documents[name] == nil {
				t.documents[name] = map[place]uint64{}
			}
			t.documents[name][place{m.Line, m.Column, m.What, m.Name}] += m.Runs()
		}
	}
}

// Print writes how much of each document ran, and what didn't.
func (t *Tally) Print(w io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(t.documents)) {
		marks := t.documents[name]
		fmt.Fprintf(w, "%s: %s\n", name, strings.Join([]string{
			share(marks, policy.CoverPolicy, "policies"), share(marks, policy.CoverBranch, "branches"), share(marks, policy.CoverExpression, "expressions"),
		}, ", "))
		places := slices.SortedFunc(maps.Keys(marks), func(a, b place) int {
			return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column), cmp.Compare(a.what, b.what))
		})
		for _, p := range places {
			if marks[p] == 0 {
				fmt.Fprintf(w, "  %d:%d: %s %s did not run\n", p.line, p.column, p.what, brief(p.name))
			}
		}
	}
}

// share is how many marks of a kind have run, "7 of 9 policies".
func share(marks map[place]uint64, what policy.CoverKind, words string) string {
	all, ran := 0, 0
	for p, runs := range marks {
		if p.what != what {
			continue
		}
		all++
		if runs > 0 {
			ran++
		}
	}
	return fmt.Sprintf("%d of %d %s", ran, all, words)
}

// brief is the first line of a text, cut to a length that leaves room beside it.
func brief(s string) string {
	s, _, more := strings.Cut(strings.TrimSpace(s), "\n")
	if runes := []rune(s); len(runes) > 60 {
		s, more = string(runes[:60]), true
	}
	if more {
		s += "…"
	}
	return s
}
