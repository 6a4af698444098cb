package publish

import (
	"slices"
	"strings"
)

// words gives texts that are few, and said by very many resources, one piece of memory each.
type words struct {
	texts map[string]string
	lists map[string][]string
}

// mostWords bounds each kind: what comes after so many different ones keeps its own memory.
const mostWords = 4096

func newWords() words { return words{texts: map[string]string{}, lists: map[string][]string{}} }

func (w words) of(text string) string {
	known, ok := w.texts[text]
	if !ok && len(w.texts) < mostWords {
		w.texts[text] = text
	}
	if ok {
		return known
	}
	return text
}

// list is of for lists, which nobody may change afterwards.
func (w words) list(texts []string) []string {
	key := strings.Join(texts, " ")
	known, ok := w.lists[key]
	if ok && slices.Equal(known, texts) {
		return known
	}
	if !ok && len(w.lists) < mostWords {
		w.lists[key] = texts
	}
	return texts
}

// pack gives texts that belong together one piece of memory instead of one each.
func pack(texts ...*string) {
	size := 0
	for _, t := range texts {
		size += len(*t)
	}
	var all strings.Builder
	all.Grow(size)
	for _, t := range texts {
		all.WriteString(*t)
	}
	rest := all.String()
	for _, t := range texts {
		*t, rest = rest[:len(*t)], rest[len(*t):]
	}
}
