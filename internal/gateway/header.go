package gateway

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// sortHeader puts lines that came out of a map into an order that is the same every time; lines of one name keep theirs.
func sortHeader(h policy.Header) {
	slices.SortStableFunc(h, func(a, b policy.Field) int { return strings.Compare(a.Name, b.Name) })
}

// connectionTokens are the header lines that a backend's Connection takes off.
func connectionTokens(h http.Header) []string {
	var names []string
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.Trim(name, " \t"); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// lines fills a header whose values stand in one piece of memory.
type lines struct {
	header http.Header
	values []string
}

func newLines(h http.Header, n int) *lines { return &lines{h, make([]string, 0, n)} }

// add appends a line; name is canonical.
func (l *lines) add(name, value string) {
	if old := l.header[name]; old != nil {
		l.header[name] = append(old, value)
		return
	}
	l.values = append(l.values, value)
	n := len(l.values)
	l.header[name] = l.values[n-1 : n : n]
}
